/** @import { Connection, SlotLine } from './connection.js' */

/** @typedef {{mid: string, trackId: string | null, participantId?: string | null, layer?: string | null, paused?: boolean}} Slot */

/** Which slot shows which track, as the server says, and the stream to play a slot's media by. */
export class Slots {
  /** @type {Map<string, Slot>} */ #byMid = new Map();
  /** @type {Map<string, MediaStream>} */ #streams = new Map();
  #connection;

  /** @param {Connection} connection */
  constructor(connection) {
    this.#connection = connection;
  }

  /** @param {Slot} slot */
  update(slot) {
    this.#byMid.set(slot.mid, slot);
  }

  /** A track that ended leaves its slot at once, whatever the server says next. @param {string} trackId */
  clear(trackId) {
    for (const slot of this.#byMid.values()) if (slot.trackId === trackId) this.#byMid.set(slot.mid, { mid: slot.mid, trackId: null });
  }

  /** @param {string} mid */
  trackIn(mid) {
    return this.#byMid.get(mid)?.trackId ?? null;
  }

  /** @param {string} trackId @returns {MediaStream | null} */
  streamOf(trackId) {
    for (const slot of this.#byMid.values()) {
      if (slot.trackId === trackId) return this.#stream(slot.mid);
    }
    return null;
  }

  /** Every audio slot's stream, to be played whether or not somebody speaks in it now. */
  get audioStreams() {
    return this.#connection.slotLines.filter(line => line.kind === 'audio').map(line => this.#streamOn(line));
  }

  /** @param {string} mid */
  #stream(mid) {
    const line = this.#connection.slotLines.find(each => each.mid === mid);
    return line ? this.#streamOn(line) : null;
  }

  /** @param {SlotLine} line */
  #streamOn({ mid, receiver }) {
    const stream = this.#streams.get(mid) ?? new MediaStream([receiver.track]);
    this.#streams.set(mid, stream);
    return stream;
  }
}
