import { apiUrl } from './address.js';
import { receivableCodecs } from './codecs.js';
import { WeirError } from './errors.js';
import { Room } from './room.js';
import { Signaling } from './signaling.js';
import { version } from './version.js';

/** @import { ConnectOptions, RoomOptions } from './weir.js' */

/** Nine tiles: a grid of three by three. */
const VIDEO_SLOTS = 9;
/** The loudest three and a screen's sound. */
const AUDIO_SLOTS = 4;

/**
 * @param {string} url
 * @param {ConnectOptions} options
 * @returns {Promise<Room>}
 */
export async function connect(url, { room, token, name = '', videoSlots = VIDEO_SLOTS, codecs, maxDecode, waiting, signal }) {
  if (!globalThis.RTCPeerConnection) throw new WeirError('unsupported', 'this browser has no WebRTC');
  const receives = receivableCodecs().filter(codec => !codecs || codecs.some(name => name === codec));
  const signaling = new Signaling({ url, room, token }, {
    protocol: 1,
    ...(name ? { name } : {}),
    capabilities: { codecs: receives, slots: { audio: AUDIO_SLOTS, video: videoSlots }, ...(maxDecode ? { maxDecode } : {}), sdk: `weir-js/${version}` },
  });
  const joined = await signaling.open(waiting, signal);
  const entered = new Room(signaling, joined, { name, videoSlots, receives });
  try {
    await entered.start();
  } catch (error) {
    await entered.leave();
    throw error;
  }
  return entered;
}

/**
 * @param {string} url
 * @param {RoomOptions} room
 * @param {Omit<ConnectOptions, 'room'>} [options]
 * @returns {Promise<Room>}
 */
export async function createRoom(url, room, options = {}) {
  const response = await fetch(apiUrl(url, '/rooms'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}) },
    body: JSON.stringify(room),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new WeirError(body.code ?? 'unavailable', body.detail ?? body.title ?? `the server answered ${response.status}`);
  return connect(url, { ...options, room: body.name ?? room.name });
}
