// Which codecs an m-line offers, in which form, and which of them this browser sends and receives.

/** @typedef {'audio' | 'video'} Kind */

/** The one form of each video codec that the server takes. @type {Record<string, (fmtp: string) => boolean>} */
const VIDEO = {
  VP8: () => true,
  H264: fmtp => /profile-level-id=42e01f/i.test(fmtp) && /packetization-mode=1/.test(fmtp),
  VP9: fmtp => !/profile-id=[1-9]/.test(fmtp),
  AV1: fmtp => !/profile=[1-9]/.test(fmtp),
};

/** Tells receivers and the server which frames need which. Chromium 156 decodes AV1 in several spatial layers only where the slot has it. */
const DEPENDENCY_DESCRIPTOR = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';

/** @param {RTCRtpCodec} codec */
export function nameOf(codec) {
  return codec.mimeType.split('/')[1].toUpperCase();
}

/** @param {RTCRtpCodec[]} codecs @param {string} name @returns {RTCRtpCodec | undefined} */
function find(codecs, name) {
  return codecs.find(codec => nameOf(codec) === name && (VIDEO[name]?.(codec.sdpFmtpLine ?? '') ?? true));
}

/** @param {Kind} kind @returns {RTCRtpCodec[]} */
function sendable(kind) {
  return globalThis.RTCRtpSender?.getCapabilities?.(kind)?.codecs ?? [];
}

/** @param {Kind} kind @returns {RTCRtpCodec[]} */
function receivable(kind) {
  return globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
}

/** The video codecs that this browser can receive. */
export function receivableCodecs() {
  return Object.keys(VIDEO).filter(name => find(receivable('video'), name));
}

/** A video codec as this browser sends it. @param {string} name */
export function sendableCodec(name) {
  return find(sendable('video'), name);
}

/**
 * What to send a picture in: the codec asked for, or the first of the room's that this browser can send.
 * @param {string[]} roomCodecs
 * @param {string} [wanted]
 * @returns {string | null} nothing where there is none
 */
export function chooseCodec(roomCodecs, wanted) {
  return roomCodecs.map(name => name.toUpperCase()).find(name => (!wanted || name === wanted.toUpperCase()) && sendableCodec(name)) ?? null;
}

/**
 * Restricts an m-line to these codecs, in their order. A browser that refuses keeps its full list, which works too.
 * An untrimmed slot costs 5 kB of SDP in Chromium, a trimmed one a fraction.
 * @param {RTCRtpTransceiver} transceiver
 * @param {Kind} kind
 * @param {string[]} videoCodecs
 */
export function trimCodecs(transceiver, kind, videoCodecs) {
  let codecs = receivable(kind);
  if (transceiver.direction === 'sendonly') codecs = codecs.filter(codec => sendable(kind).some(other => sameCodec(codec, other)));
  const names = kind === 'audio' ? ['OPUS', 'RED'] : videoCodecs.map(name => name.toUpperCase());
  const chosen = names.flatMap(name => find(codecs, name) ?? []);
  if (chosen.length === 0) return;
  if (kind === 'video') chosen.push(...codecs.filter(codec => nameOf(codec) === 'RTX'));
  try {
    transceiver.setCodecPreferences(chosen);
  } catch {
    // The capabilities of sender and receiver differ in some way this browser minds; untrimmed is only larger.
  }
}

/**
 * Offers the dependency descriptor on a video m-line, where the browser does not by itself but lets itself be told.
 * @param {RTCRtpTransceiver & {getHeaderExtensionsToNegotiate?: () => {uri: string, direction: string}[], setHeaderExtensionsToNegotiate?: (extensions: {uri: string, direction: string}[]) => void}} transceiver
 */
export function describeDependencies(transceiver) {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.();
  const descriptor = extensions?.find(({ uri }) => uri === DEPENDENCY_DESCRIPTOR);
  if (!extensions || !descriptor) return;
  descriptor.direction = 'sendrecv';
  transceiver.setHeaderExtensionsToNegotiate?.(extensions);
}

/**
 * @param {RTCRtpCodec} a
 * @param {RTCRtpCodec} b
 */
function sameCodec(a, b) {
  return a.mimeType.toLowerCase() === b.mimeType.toLowerCase() && (a.sdpFmtpLine ?? '') === (b.sdpFmtpLine ?? '');
}
