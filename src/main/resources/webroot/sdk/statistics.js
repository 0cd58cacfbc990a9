/** @import { Source, TrackStatistics } from './weir.js' */

/** @typedef {{trackId: string | null, participantId: string | null, source: Source | null}} Owner */

/** Turns a browser's report into one flat entry per stream, and totals into rates since the last call. */
export class Statistics {
  #at = performance.now();
  #sent = 0;
  #received = 0;

  /**
   * @param {RTCStatsReport} report
   * @param {(mid: string | null) => Owner} ownerOf whose media an m-line carries now
   * @param {(trackIdentifier: string) => string | null} midOf for browsers that name no mid in a stream's entry
   */
  read(report, ownerOf, midOf) {
    /** @type {TrackStatistics[]} */
    const tracks = [];
    let sent = 0;
    let received = 0;
    let rttMs = null;
    for (const entry of report.values()) {
      if (entry.type === 'inbound-rtp' || entry.type === 'outbound-rtp') tracks.push(trackStatistics(entry, report, ownerOf, midOf));
      if (entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded') {
        sent += entry.bytesSent ?? 0;
        received += entry.bytesReceived ?? 0;
        if (typeof entry.currentRoundTripTime === 'number') rttMs = entry.currentRoundTripTime * 1000;
      }
    }
    const now = performance.now();
    const rate = (/** @type {number} */ bytes) => Math.max(0, bytes * 8) / Math.max(1, now - this.#at) / 1000;
    const rates = { egressMbps: rate(sent - this.#sent), ingressMbps: rate(received - this.#received) };
    this.#at = now;
    this.#sent = sent;
    this.#received = received;
    return { ...rates, rttMs, tracks };
  }
}

/**
 * @param {any} entry
 * @param {RTCStatsReport} report
 * @param {(mid: string | null) => Owner} ownerOf
 * @param {(trackIdentifier: string) => string | null} midOf
 * @returns {TrackStatistics}
 */
function trackStatistics(entry, report, ownerOf, midOf) {
  const receives = entry.type === 'inbound-rtp';
  const identifier = receives ? entry.trackIdentifier : report.get(entry.mediaSourceId)?.trackIdentifier;
  const mid = entry.mid ?? (identifier ? midOf(identifier) : null);
  const remote = receives ? undefined : report.get(entry.remoteId);
  const source = receives ? undefined : report.get(entry.mediaSourceId);
  const mimeType = report.get(entry.codecId)?.mimeType;
  return {
    ...ownerOf(mid),
    mid,
    kind: entry.kind,
    direction: receives ? 'receive' : 'send',
    rid: entry.rid ?? null,
    codec: mimeType ? mimeType.split('/')[1] : null,
    bytes: entry.bytesReceived ?? entry.bytesSent ?? 0,
    packets: entry.packetsReceived ?? entry.packetsSent ?? 0,
    packetsLost: entry.packetsLost ?? remote?.packetsLost ?? 0,
    jitterMs: (entry.jitter ?? remote?.jitter ?? 0) * 1000,
    nackCount: entry.nackCount ?? 0,
    pliCount: entry.pliCount ?? 0,
    framesEncoded: entry.framesEncoded ?? 0,
    framesReceived: entry.framesReceived ?? 0,
    framesDecoded: entry.framesDecoded ?? 0,
    framesDropped: entry.framesDropped ?? 0,
    framesPerSecond: entry.framesPerSecond ?? 0,
    frameWidth: entry.frameWidth ?? 0,
    frameHeight: entry.frameHeight ?? 0,
    freezeCount: entry.freezeCount ?? 0,
    audioLevel: entry.audioLevel ?? source?.audioLevel ?? 0,
    totalAudioEnergy: entry.totalAudioEnergy ?? source?.totalAudioEnergy ?? 0,
    concealedSamples: entry.concealedSamples ?? 0,
  };
}
