// Which codecs an m-line offers. An untrimmed slot costs 5 kB of SDP in Chromium, a trimmed one a fraction.

/** The one form of each video codec that the server takes. @type {Record<string, (fmtp: string) => boolean>} */
const VIDEO = {
  VP8: () => true,
  H264: fmtp => /profile-level-id=42e01f/i.test(fmtp) && /packetization-mode=1/.test(fmtp),
  VP9: fmtp => !/profile-id=[1-9]/.test(fmtp),
  AV1: fmtp => !/profile=[1-9]/.test(fmtp),
};

/** @param {RTCRtpCodec} codec */
function nameOf(codec) {
  return codec.mimeType.split('/')[1].toUpperCase();
}

/** The video codecs that this browser can receive. */
export function receivableCodecs() {
  const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? [];
  return Object.keys(VIDEO).filter(name => codecs.some(codec => nameOf(codec) === name && VIDEO[name](codec.sdpFmtpLine ?? '')));
}

/**
 * Restricts an m-line to what the room uses, in the room's order. A browser that refuses keeps its full list, which works too.
 * @param {RTCRtpTransceiver} transceiver
 * @param {'audio' | 'video'} kind
 * @param {string[]} roomCodecs
 */
export function trimCodecs(transceiver, kind, roomCodecs) {
  let codecs = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  if (transceiver.direction === 'sendonly') {
    const sendable = RTCRtpSender.getCapabilities?.(kind)?.codecs ?? [];
    codecs = codecs.filter(codec => sendable.some(other => sameCodec(codec, other)));
  }
  const chosen = kind === 'audio'
    ? pick(codecs, ['OPUS', 'RED'])
    : [...pick(codecs, roomCodecs.map(name => name.toUpperCase())), ...codecs.filter(codec => nameOf(codec) === 'RTX')];
  if (chosen.every(codec => nameOf(codec) === 'RTX')) return;
  try {
    transceiver.setCodecPreferences(chosen);
  } catch {
    // The capabilities of sender and receiver differ in some way this browser minds; untrimmed is only larger.
  }
}

/**
 * @param {RTCRtpCodec[]} codecs
 * @param {string[]} names
 */
function pick(codecs, names) {
  return names.flatMap(name => codecs.filter(codec => nameOf(codec) === name && (VIDEO[name]?.(codec.sdpFmtpLine ?? '') ?? true)).slice(0, 1));
}

/**
 * @param {RTCRtpCodec} a
 * @param {RTCRtpCodec} b
 */
function sameCodec(a, b) {
  return a.mimeType.toLowerCase() === b.mimeType.toLowerCase() && (a.sdpFmtpLine ?? '') === (b.sdpFmtpLine ?? '');
}
