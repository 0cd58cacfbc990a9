import type { Room } from '../../main/resources/webroot/sdk/weir.js';

declare global {
  interface Window {
    weirRoom?: Room;
    seenEvents?: { type: string; at: number; detail: any }[];
    openSockets?: WebSocket[];
    fakeServer?: { requests: any[]; sockets: any[]; deliver: (event: object) => void; drop: (code: number) => void; forgetful: boolean };
  }
}
