/** @import { Capture, PublishOptions, ScreenOptions } from './weir.js' */
/** @import { Captured } from './publisher.js' */

/** Sizes that the room's largest layer can use; a device that has less gives less. */
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * Microphone and camera in one request, so that the browser asks its user once.
 * @param {PublishOptions} what
 * @returns {Promise<Captured[]>}
 */
export async function captureDevices({ audio = false, video = false, codec, scalabilityMode }) {
  const encoding = { codec, scalabilityMode };
  /** @type {Captured[]} */
  const captured = [];
  if (audio instanceof MediaStreamTrack) captured.push({ source: 'microphone', media: audio, owned: false, constraints: true });
  if (video instanceof MediaStreamTrack) captured.push({ source: 'camera', media: video, owned: false, constraints: true, ...encoding });
  const wantAudio = constraintsOf(audio, MICROPHONE);
  const wantVideo = constraintsOf(video, CAMERA);
  if (!wantAudio && !wantVideo) return captured;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: wantAudio, video: wantVideo });
  for (const media of stream.getTracks()) {
    captured.push(media.kind === 'audio'
      ? { source: 'microphone', media, owned: true, constraints: wantAudio }
      : { source: 'camera', media, owned: true, constraints: wantVideo, ...encoding });
  }
  return captured;
}

/**
 * @param {ScreenOptions} [options]
 * @returns {Promise<Captured[]>}
 */
export async function captureScreen({ contentHint = 'detail', codec, scalabilityMode, ...capture } = {}) {
  const frameRate = { max: contentHint === 'motion' ? 30 : 15 };
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate }, audio: true, ...capture });
  return stream.getTracks().map(media => {
    if (media.kind === 'audio') return { source: 'screenAudio', media, owned: true, constraints: true };
    media.contentHint = contentHint;
    return { source: 'screen', media, owned: true, constraints: true, codec, scalabilityMode };
  });
}

/**
 * @param {Capture} capture
 * @param {MediaTrackConstraints} defaults
 * @returns {MediaTrackConstraints | false}
 */
function constraintsOf(capture, defaults) {
  if (!capture || capture instanceof MediaStreamTrack) return false;
  return capture === true ? defaults : { ...defaults, ...capture };
}
