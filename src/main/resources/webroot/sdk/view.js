import { Visibility } from './visibility.js';

/** @import { Source, Track } from './weir.js' */
/** @import { View } from './messages.js' */

const SEND_EVERY_MS = 100;

/** @typedef {{participantId: string, source: 'camera' | 'screen'}} Subject */

/**
 * What this viewer shows: elements attached to participants, their order, pins and sizes, told to the server as they change, at most every 100 ms.
 */
export class Viewer {
  /** In order of attaching. @type {Map<HTMLVideoElement, Subject>} */ #attached = new Map();
  /** @type {Set<string>} */ #pinned = new Set();
  /** @type {Set<string>} */ #silenced = new Set();
  #audioOnly = false;
  #visibility = new Visibility(() => this.update());
  #trackOf;
  #streamOf;
  #send;
  #sent = '';
  /** @type {ReturnType<typeof setTimeout> | null} */ #timer = null;
  #sentAt = -SEND_EVERY_MS;
  #closed = false;

  /**
   * @param {(subject: Subject) => Track | null} trackOf what a remote participant publishes
   * @param {(subject: Subject) => MediaStream | null} streamOf what to play
   * @param {(view: View) => Promise<unknown>} send
   */
  constructor(trackOf, streamOf, send) {
    this.#trackOf = trackOf;
    this.#streamOf = streamOf;
    this.#send = send;
  }

  /**
   * @param {HTMLVideoElement} element
   * @param {Subject} subject
   */
  attach(element, subject) {
    this.#attached.delete(element);
    this.#attached.set(element, subject);
    element.autoplay = true;
    element.playsInline = true;
    element.muted = true; // Sound comes from the audio slots; a muted video may play without a click.
    this.#visibility.watch(element);
    this.refresh();
  }

  /** @param {HTMLVideoElement} element */
  detach(element) {
    if (!this.#attached.delete(element)) return;
    this.#visibility.unwatch(element);
    element.srcObject = null;
    this.update();
  }

  /**
   * @param {Subject} subject
   * @param {boolean} pinned
   */
  pin(subject, pinned) {
    if (pinned) this.#pinned.add(keyOf(subject));
    else this.#pinned.delete(keyOf(subject));
    this.update();
  }

  /** @param {boolean} audioOnly */
  setAudioOnly(audioOnly) {
    this.#audioOnly = audioOnly;
    this.refresh();
  }

  /**
   * @param {string} participantId
   * @param {boolean} silenced
   */
  setSilenced(participantId, silenced) {
    if (silenced) this.#silenced.add(participantId);
    else this.#silenced.delete(participantId);
    this.update();
  }

  /** Slots or tracks changed: shows in each element what belongs there, and tells the server. */
  refresh() {
    for (const [element, subject] of this.#attached) {
      const stream = this.#streamOf(subject);
      if (element.srcObject === stream) continue;
      element.srcObject = stream;
      if (stream) element.play().catch(() => {}); // It is interrupted by the next assignment, or starts by `autoplay`.
    }
    this.update();
  }

  /** Sends the view soon, if it differs from the one sent last; at once when none was sent lately. */
  update() {
    if (this.#timer !== null || this.#closed) return;
    const wait = Math.max(0, this.#sentAt + SEND_EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  /** A server that does not know us from before knows no view. */
  repeat() {
    this.#sent = '';
    this.update();
  }

  close() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#closed = true;
    for (const element of this.#attached.keys()) element.srcObject = null;
    this.#attached.clear();
    this.#visibility.close();
  }

  #flush() {
    this.#timer = null;
    const view = this.#view();
    const text = JSON.stringify(view);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#sentAt = performance.now();
    this.#send(view).catch(() => {
      if (this.#sent === text) this.#sent = ''; // The next change, or the next connection, sends it again.
    });
  }

  /** @returns {View} */
  #view() {
    const shown = [];
    for (const [element, subject] of this.#attached) {
      const size = this.#visibility.sizeOf(element);
      const track = this.#trackOf(subject);
      if (size && track) shown.push({ track, size, pinned: this.#pinned.has(keyOf(subject)) });
    }
    return { tiles: order(shown), audioOnly: this.#audioOnly, mutedAudio: [...this.#silenced] };
  }
}

/**
 * Pinned ones first, muted cameras last, so that they hold no slot that another could use; else as attached.
 * @param {{track: Track, size: {width: number, height: number}, pinned: boolean}[]} shown
 */
export function order(shown) {
  const rank = (/** @type {{track: Track, pinned: boolean}} */ { track, pinned }) => (pinned ? 0 : 1) + (track.muted ? 2 : 0);
  return shown
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ track, size, pinned }) => ({ trackId: track.trackId, ...size, ...(pinned ? { pinned } : {}) }));
}

/** @param {{participantId: string, source: Source}} subject */
function keyOf({ participantId, source }) {
  return `${source} ${participantId}`;
}
