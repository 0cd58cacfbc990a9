/**
 * An EventTarget with named events, each with an object as its detail.
 * @template {object} Events
 */
export class Emitter extends EventTarget {
  /** @type {Map<string, Map<Function, (event: Event) => void>>} */
  #listeners = new Map();

  /**
   * @template {keyof Events & string} K
   * @param {K} type
   * @param {(detail: Events[K]) => void} listener
   * @returns {this}
   */
  on(type, listener) {
    const ofType = this.#listeners.get(type) ?? new Map();
    this.#listeners.set(type, ofType);
    if (ofType.has(listener)) return this;
    const wrapped = (/** @type {Event} */ event) => listener(/** @type {CustomEvent<Events[K]>} */ (event).detail);
    ofType.set(listener, wrapped);
    this.addEventListener(type, wrapped);
    return this;
  }

  /**
   * @template {keyof Events & string} K
   * @param {K} type
   * @param {(detail: Events[K]) => void} listener
   * @returns {this}
   */
  off(type, listener) {
    const wrapped = this.#listeners.get(type)?.get(listener);
    if (wrapped) {
      this.#listeners.get(type)?.delete(listener);
      this.removeEventListener(type, wrapped);
    }
    return this;
  }

  /**
   * @template {keyof Events & string} K
   * @param {K} type
   * @param {Events[K]} detail
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
