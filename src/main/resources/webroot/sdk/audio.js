import { Emitter } from './events.js';

/**
 * Plays the audio slots. A browser that allows no sound before a click says so here once, and `start` is to be called from that click.
 * @extends {Emitter<{blocked: {blocked: boolean}}>}
 */
export class AudioPlayback extends Emitter {
  /** @type {Map<MediaStream, HTMLAudioElement>} */ #elements = new Map();
  #outputId = '';
  blocked = false;

  /** Plays exactly these. @param {MediaStream[]} streams */
  play(streams) {
    for (const [stream, element] of this.#elements) {
      if (streams.includes(stream)) continue;
      element.srcObject = null;
      this.#elements.delete(stream);
    }
    for (const stream of streams) {
      if (this.#elements.has(stream)) continue;
      const element = new Audio();
      element.srcObject = stream;
      this.#elements.set(stream, element);
      if (this.#outputId) element.setSinkId?.(this.#outputId).catch(() => {}); // It then plays by the default device.
      void this.#start(element);
    }
  }

  async start() {
    await Promise.all([...this.#elements.values()].map(element => this.#start(element)));
  }

  /** @param {string} deviceId */
  async setOutput(deviceId) {
    this.#outputId = deviceId;
    await Promise.all([...this.#elements.values()].map(element => element.setSinkId?.(deviceId)));
  }

  close() {
    this.play([]);
  }

  /** @param {HTMLAudioElement} element */
  async #start(element) {
    try {
      await element.play();
      this.#setBlocked(false);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#setBlocked(true);
    }
  }

  /** @param {boolean} blocked */
  #setBlocked(blocked) {
    if (this.blocked === blocked) return;
    this.blocked = blocked;
    this.emit('blocked', { blocked });
  }
}
