// What the address bar says: the room in the path, the rest in the query.
//   name, token          who joins
//   auto=1               join at once, without the lobby
//   video=0, audio=0     join without
//   width, height, fps   what to capture
//   codec                what to send it in
//   codecs               what to receive, with commas between

/** @import { VideoCodec } from '/sdk/weir.js' */

/**
 * @typedef {object} Options
 * @property {string} room empty in the lobby
 * @property {string} name
 * @property {string | undefined} token
 * @property {boolean} auto
 * @property {boolean} video
 * @property {boolean} audio
 * @property {MediaTrackConstraints} capture
 * @property {VideoCodec | undefined} codec
 * @property {VideoCodec[] | undefined} codecs
 */

/**
 * @param {URL} url
 * @returns {Options}
 */
export function readOptions(url) {
  const query = url.searchParams;
  const number = (/** @type {string} */ key) => Number(query.get(key)) || undefined;
  const [width, height, frameRate] = [number('width'), number('height'), number('fps')];
  return {
    room: roomOf(url.pathname),
    name: query.get('name') ?? '',
    token: query.get('token') ?? undefined,
    auto: query.get('auto') === '1',
    video: query.get('video') !== '0',
    audio: query.get('audio') !== '0',
    codec: codecsOf(query.get('codec'))?.[0],
    codecs: codecsOf(query.get('codecs')),
    capture: { ...(width ? { width } : {}), ...(height ? { height } : {}), ...(frameRate ? { frameRate } : {}) },
  };
}

/** @param {string | null} list */
function codecsOf(list) {
  const known = /** @type {VideoCodec[]} */ (['VP8', 'VP9', 'H264', 'AV1']);
  return list === null ? undefined : known.filter(codec => list.toUpperCase().split(',').includes(codec));
}

/** @param {string} path */
function roomOf(path) {
  const match = /^\/r\/([^/]+)\/?$/.exec(path);
  try {
    return match ? decodeURIComponent(match[1]) : '';
  } catch {
    return '';
  }
}
