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
 * upright phone counts as its landscape self. VP9 and AV1 have their layers inside the first encoding where the browser can (`svc`), and the others rest until another
 * codec needs them; where not, they are simulcast like the others.
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
  if (svc && codec && SVC_CODECS.has(codec)) {
    if (fitting.length === 1) return [form(largest, SVC_MODE)];
    // Chromium 156 makes layers of size inside the first of several rids only.
    return fitting.map((layer, i) => i === 0 ? form({ ...largest, rid: layer.rid }, SVC_MODE) : form({ ...encoding(layer, side), active: false }, TEMPORAL_MODE));
  }
  return fitting.map(layer => form(encoding(layer, side), TEMPORAL_MODE));
}

/**
 * The encodings of a sender as the server wants them. Layers inside the first are named by index, lowest first: those on top that nobody takes are not made, by a
 * smaller picture in fewer layers. Wishes by names that do not hold (the codec has just changed) only say whether anything is wanted.
 * @param {Encoding[]} present
 * @param {LayerWish[]} wishes
 * @param {Encoding[]} whole the encodings as they were published
 * @returns {Encoding[]}
 */
export function asWanted(present, wishes, whole) {
  if (wishes.every(({ active }) => !active)) return present.map(encoding => ({ ...encoding, active: false }));
  const byIndex = wishes.every(({ rid }, i) => rid === String(i));
  if (present.length === 1 || layersInside(whole)) {
    const [first, ...others] = present;
    const only = wishes.length === 1 && !byIndex ? wishes[0].maxBitrate : undefined; // A browser drops the rid of a single encoding.
    return [byIndex ? withTopLayers(first, wishes, whole[0] ?? {}) : { ...first, active: true, ...(only ? { maxBitrate: only } : {}) }, ...others];
  }
  if (byIndex) return present.map((encoding, i) => i === 0 ? { ...encoding, active: true } : encoding);
  return present.map(encoding => {
    const wish = wishes.find(({ rid }) => rid === encoding.rid);
    return wish ? { ...encoding, active: wish.active, ...(wish.maxBitrate ? { maxBitrate: wish.maxBitrate } : {}) } : encoding;
  });
}

/** Whether the first encoding has layers of size inside. @param {Encoding[]} encodings */
function layersInside([first]) {
  return /^L[23]/.test(first?.scalabilityMode ?? '');
}

/**
 * @param {Encoding} encoding
 * @param {LayerWish[]} wishes
 * @param {Encoding} whole
 * @returns {Encoding}
 */
function withTopLayers(encoding, wishes, whole) {
  const count = wishes.findLastIndex(({ active }) => active) + 1;
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

/**
 * A sender's encodings in another codec. Their number stays as it was negotiated.
 * @param {Encoding[]} present
 * @param {Encoding[]} wanted as they would be published now
 * @returns {Encoding[]}
 */
export function inCodec(present, wanted) {
  if (present.length !== wanted.length) return present.map(encoding => ({ ...encoding, codec: wanted[0]?.codec }));
  return present.map(({ scalabilityMode: _mode, ...encoding }, i) => ({ ...encoding, ...wanted[i], ...(encoding.rid === undefined ? {} : { rid: encoding.rid }) }));
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
