/** @import { BreakoutPlan, Hosting as PublicHosting, Kind, Role } from './weir.js' */
/** @import { Signaling } from './signaling.js' */

/**
 * What hosts and co-hosts do; the server refuses the others with `forbidden`.
 * @implements {PublicHosting}
 */
export class Hosting {
  #signaling;

  /** @param {Signaling} signaling */
  constructor(signaling) {
    this.#signaling = signaling;
  }

  /** @param {string} [participantId] */
  async admit(participantId) {
    await this.#signaling.request('host:admit', participantId ? { participantId } : { all: true });
  }

  /** @param {string} participantId */
  async deny(participantId) {
    await this.#signaling.request('host:deny', { participantId });
  }

  /** @param {string} participantId */
  async remove(participantId) {
    await this.#signaling.request('host:remove', { participantId });
  }

  /**
   * @param {string} participantId
   * @param {Role} role
   */
  async promote(participantId, role) {
    await this.#signaling.request('host:promote', { participantId, role });
  }

  /**
   * @param {string} participantId
   * @param {Kind} kind
   */
  async mute(participantId, kind) {
    await this.#signaling.request('host:mute', { participantId, kind, muted: true });
  }

  /** @param {Kind} kind */
  async muteAll(kind) {
    await this.#signaling.request('host:mute', { all: true, kind, muted: true });
  }

  /**
   * @param {string} participantId
   * @param {Kind} kind
   */
  async askToUnmute(participantId, kind) {
    await this.#signaling.request('host:mute', { participantId, kind, muted: false });
  }

  /** @param {boolean} locked */
  async lock(locked) {
    await this.#signaling.request('host:lock', { locked });
  }

  async end() {
    await this.#signaling.request('host:end', {});
  }

  /**
   * @param {BreakoutPlan[]} rooms
   * @param {{durationMs?: number}} [options]
   */
  async openBreakouts(rooms, { durationMs } = {}) {
    await this.#signaling.request('breakout:open', { rooms, ...(durationMs ? { durationMs } : {}) });
  }

  /**
   * @param {string} participantId
   * @param {string | null} room
   */
  async moveToBreakout(participantId, room) {
    await this.#signaling.request('breakout:move', { participantId, room });
  }

  /** @param {string} text */
  async broadcast(text) {
    await this.#signaling.request('breakout:broadcast', { text });
  }

  /** @param {{countdownMs?: number}} [options] */
  async closeBreakouts({ countdownMs } = {}) {
    await this.#signaling.request('breakout:close', countdownMs ? { countdownMs } : {});
  }
}
