/** @import { Quality } from './weir.js' */

const EVERY_MS = 5000;
/** One decoder that works longer than this share of the time is about to fall behind. */
const BUSY_DECODER = 0.8;
/** More than this share of the frames that came were not shown: the machine does not keep up. */
const DROPPED_SHARE = 0.15;
/** A share of fewer frames than these says nothing. */
const LEAST_FRAMES = 20;
/** So many readings in a row begin or end the state of being limited: one is chance. */
const READINGS = 2;

/** @typedef {ReadonlyMap<string, any>} Report an RTCStatsReport, or what a test has for one */

/** Looks every few seconds how this browser fares, and tells the server, which then sends it less if it does not keep up. */
export class QualityWatch {
  /** @type {ReturnType<typeof setInterval>} */ #timer;
  /** @type {{report: Report, at: number} | null} */ #before = null;
  #limited = false;
  #against = 0;
  #read;
  #tell;

  /**
   * @param {() => Promise<Report>} read
   * @param {(quality: Quality) => Promise<unknown>} tell
   */
  constructor(read, tell) {
    this.#read = read;
    this.#tell = tell;
    this.#timer = setInterval(() => this.#look().catch(() => {}), EVERY_MS); // What a lost socket takes with it is measured again.
  }

  close() {
    clearInterval(this.#timer);
  }

  async #look() {
    const now = { report: await this.#read(), at: performance.now() };
    const before = this.#before;
    this.#before = now;
    if (!before) return;
    const measured = measure(before.report, now.report, (now.at - before.at) / 1000);
    this.#against = measured.cpuLimited === this.#limited ? 0 : this.#against + 1;
    if (this.#against >= READINGS) {
      this.#limited = measured.cpuLimited;
      this.#against = 0;
    }
    await this.#tell({ ...measured, cpuLimited: this.#limited });
  }
}

/**
 * What happened between two reports.
 * @param {Report} before
 * @param {Report} after
 * @param {number} seconds
 * @returns {Quality}
 */
export function measure(before, after, seconds) {
  const sums = { dropped: 0, frames: 0, lost: 0, packets: 0, decodeLoad: 0 };
  let cpuLimited = false;
  let rttMs = 0;
  let jitterMs = 0;
  for (const [id, entry] of after) {
    if (entry.type === 'candidate-pair' && entry.nominated && typeof entry.currentRoundTripTime === 'number') rttMs = Math.round(entry.currentRoundTripTime * 1000);
    if (entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.active !== false) cpuLimited ||= entry.qualityLimitationReason === 'cpu';
    if (entry.type !== 'inbound-rtp') continue;
    const old = before.get(id);
    const grown = (/** @type {string} */ name) => Math.max(0, (entry[name] ?? 0) - (old?.[name] ?? 0));
    const packets = grown('packetsReceived');
    sums.lost += grown('packetsLost');
    sums.packets += packets;
    if (packets > 0) jitterMs = Math.max(jitterMs, Math.round((entry.jitter ?? 0) * 1000));
    if (entry.kind !== 'video' || !old) continue;
    const [frames, dropped, load] = [grown('framesReceived'), grown('framesDropped'), grown('totalDecodeTime') / seconds];
    sums.frames += frames;
    sums.dropped += Math.min(dropped, frames);
    sums.decodeLoad += load;
    cpuLimited ||= load > BUSY_DECODER || (frames >= LEAST_FRAMES && dropped > DROPPED_SHARE * frames);
  }
  return {
    cpuLimited, rttMs, jitterMs,
    lossIn: share(sums.lost, sums.lost + sums.packets),
    framesDropped: share(sums.dropped, sums.frames),
    decodeLoad: Math.round(sums.decodeLoad * 1000) / 1000,
  };
}

/** @param {number} part @param {number} whole */
function share(part, whole) {
  return whole > 0 ? Math.round(1000 * part / whole) / 1000 : 0;
}
