// The one module that an application imports; its types are in weir.d.ts beside it.
export { connect, createRoom } from './entry.js';
export { WeirError } from './errors.js';
export { version } from './version.js';
