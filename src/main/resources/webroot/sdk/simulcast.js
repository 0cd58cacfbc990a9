/** @import { RoomBody, SimulcastLayer, Source } from './weir.js' */

const SCREEN_BITRATE = 2_500_000;
const SCREEN_FRAMERATE = 15;

/**
 * The encodings for a source as the room wants them.
 * A camera gets every layer that its capture is large enough for, lowest first, and at least one; sides are compared short with short, so that an upright phone counts as its landscape self.
 * @param {Source} source
 * @param {RoomBody} room
 * @param {{width?: number, height?: number}} capture
 * @returns {RTCRtpEncodingParameters[]}
 */
export function encodingsFor(source, room, capture) {
  if (source === 'screen') return [{ maxBitrate: SCREEN_BITRATE, maxFramerate: SCREEN_FRAMERATE }];
  if (source !== 'camera') return [];
  const layers = [...room.simulcast.layers].sort((a, b) => a.height - b.height);
  if (layers.length === 0) return [];
  const side = shortSide(capture) || shortSide(layers[layers.length - 1]);
  const fitting = layers.filter(layer => shortSide(layer) <= side);
  if (fitting.length === 0) fitting.push(layers[0]);
  if (!room.simulcast.enabled) return [withoutRid(encoding(fitting[fitting.length - 1], side))];
  return fitting.map(layer => encoding(layer, side));
}

/**
 * @param {SimulcastLayer} layer
 * @param {number} side
 * @returns {RTCRtpEncodingParameters}
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

/** @param {RTCRtpEncodingParameters} encoding */
function withoutRid({ rid: _rid, ...rest }) {
  return rest;
}

/** @param {{width?: number, height?: number}} size */
function shortSide({ width = 0, height = 0 }) {
  return Math.min(width, height);
}
