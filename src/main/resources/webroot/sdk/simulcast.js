import { sendableCodec } from './codecs.js';

/** @import { RoomBody, SimulcastLayer, Source } from './weir.js' */

/** @typedef {RTCRtpEncodingParameters & {codec?: RTCRtpCodec, scalabilityMode?: string}} Encoding TypeScript 6.0 does not know the last two yet */
/** @typedef {{rid: string, active: boolean, maxBitrate?: number}} LayerWish as `publish:layers` has it */

const SCREEN_BITRATE = 2_500_000;
const SCREEN_FRAMERATE = 15;
const MOTION_FRAMERATE = 30;
/** Its pictures come in layers of size within one stream. */
const SVC_CODECS = new Set(['VP9', 'AV1']);
const SVC_MODE = 'L3T3_KEY';
/** Layers of time only: the server drops the upper ones where the path is short. */
const TEMPORAL_MODE = 'L1T3';

/**
 * The encodings for a source as the room wants them.
 * With simulcast a camera gets every layer that its capture is large enough for, lowest first, and at least one; sides are compared short with short, so that an
 * upright phone counts as its landscape self. VP9 and AV1 are one encoding with layers inside where the browser can (`svc`), and simulcast like the others where not.
 * @param {Source} source
 * @param {RoomBody} room
 * @param {{width?: number, height?: number}} capture
 * @param {{codec?: string | null, svc?: boolean, scalabilityMode?: string, motion?: boolean}} [how] `svc`: scalabilityMode works here; `motion`: a screen that shows films
 * @returns {Encoding[]}
 */
export function encodingsFor(source, room, capture, { codec = null, svc = false, scalabilityMode, motion = false } = {}) {
  const form = (/** @type {Encoding} */ encoding, /** @type {string} */ mode) => ({
    ...encoding,
    ...(svc ? { scalabilityMode: scalabilityMode ?? mode } : {}),
    ...(codec && sendableCodec(codec) ? { codec: sendableCodec(codec) } : {}),
  });
  if (source === 'screen') return [form({ maxBitrate: SCREEN_BITRATE, maxFramerate: motion ? MOTION_FRAMERATE : SCREEN_FRAMERATE }, TEMPORAL_MODE)];
  if (source !== 'camera') return [];
  const layers = [...room.simulcast.layers].sort((a, b) => a.height - b.height);
  if (layers.length === 0) return [form({}, TEMPORAL_MODE)];
  const side = shortSide(capture) || shortSide(layers[layers.length - 1]);
  const fitting = layers.filter(layer => shortSide(layer) <= side);
  if (fitting.length === 0) fitting.push(layers[0]);
  const largest = withoutRid(encoding(fitting[fitting.length - 1], side));
  if (!room.simulcast.enabled) return [form(largest, TEMPORAL_MODE)];
  if (svc && codec && SVC_CODECS.has(codec)) return [form(largest, SVC_MODE)];
  return fitting.map(layer => form(encoding(layer, side), TEMPORAL_MODE));
}

/**
 * The same encodings in another codec: their number stays as it was negotiated. Simulcast stays simulcast in every codec. A single encoding of a camera gets its
 * layers inside where the codec has them, and is one layer of size where not.
 * @param {Encoding[]} encodings
 * @param {string} codec
 * @param {{svc: boolean, layered: boolean}} how `svc`: scalabilityMode works here; `layered`: a single encoding may have layers of size
 * @returns {Encoding[]}
 */
export function inCodec(encodings, codec, { svc, layered }) {
  const mode = layered && encodings.length === 1 && SVC_CODECS.has(codec) ? SVC_MODE : TEMPORAL_MODE;
  return encodings.map(encoding => ({ ...encoding, codec: sendableCodec(codec), ...(svc ? { scalabilityMode: mode } : {}) }));
}

/**
 * An encoding as the server wants it. Layers inside one are named by index, lowest first: those on top that nobody takes are not made, by a smaller picture in fewer layers.
 * @param {Encoding} encoding
 * @param {LayerWish[]} wishes
 * @param {Encoding} whole the encoding as it was published
 * @returns {Encoding}
 */
export function asWanted(encoding, wishes, whole) {
  if (encoding.rid === undefined && wishes.every(({ rid }, i) => rid === String(i))) return withTopLayers(encoding, wishes, whole);
  const only = wishes.length === 1 ? wishes[0] : undefined; // A browser drops the rid of a single encoding.
  const wish = wishes.find(({ rid }) => rid === encoding.rid) ?? (encoding.rid === undefined ? only : undefined);
  if (!wish) return encoding;
  return { ...encoding, active: wish.active, ...(wish.maxBitrate ? { maxBitrate: wish.maxBitrate } : {}) };
}

/**
 * @param {Encoding} encoding
 * @param {LayerWish[]} wishes
 * @param {Encoding} whole
 * @returns {Encoding}
 */
function withTopLayers(encoding, wishes, whole) {
  const count = wishes.findLastIndex(({ active }) => active) + 1;
  if (count === 0) return { ...encoding, active: false };
  const mode = /^L[23](T\d)/.exec(whole.scalabilityMode ?? '');
  if (!mode || wishes.length === 1) return { ...encoding, active: true }; // No layers of size are inside, or no longer.
  return {
    ...encoding,
    active: true,
    scaleResolutionDownBy: (whole.scaleResolutionDownBy ?? 1) * 2 ** (wishes.length - count),
    scalabilityMode: count === wishes.length ? whole.scalabilityMode : `L${count}${mode[1]}${count > 1 ? '_KEY' : ''}`,
    maxBitrate: wishes[count - 1].maxBitrate ?? whole.maxBitrate,
  };
}

/** @type {boolean | undefined} */ let scalable;

/** Whether this browser knows `scalabilityMode`: Firefox 153 does not, and passes over it in silence. */
export function knowsScalability() {
  if (scalable === undefined) {
    const pc = new RTCPeerConnection();
    const { sender } = pc.addTransceiver('video', { sendEncodings: [/** @type {Encoding} */ ({ scalabilityMode: 'L1T1' })] });
    scalable = 'scalabilityMode' in sender.getParameters().encodings[0];
    pc.close();
  }
  return scalable;
}

/**
 * @param {SimulcastLayer} layer
 * @param {number} side
 * @returns {Encoding}
 */
function encoding(layer, side) {
  return {
    rid: layer.rid,
    active: true,
    scaleResolutionDownBy: Math.max(1, side / shortSide(layer)),
    maxBitrate: layer.maxBitrate,
    maxFramerate: layer.maxFramerate,
  };
}

/** @param {Encoding} encoding @returns {Encoding} */
function withoutRid({ rid: _rid, ...rest }) {
  return rest;
}

/** @param {{width?: number, height?: number}} size */
function shortSide({ width = 0, height = 0 }) {
  return Math.min(width, height);
}
