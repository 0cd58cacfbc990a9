/** @typedef {{width: number, height: number}} Size in device pixels */

/** Watches which elements can be seen and how large they are. A hidden page shows nothing. */
export class Visibility {
  #changed;
  /** @type {Map<Element, {visible: boolean, width: number, height: number}>} */ #watched = new Map();
  #intersections = new IntersectionObserver(entries => this.#onIntersections(entries));
  #sizes = new ResizeObserver(entries => this.#onSizes(entries));
  #onPage = () => this.#changed();

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = changed;
    document.addEventListener('visibilitychange', this.#onPage);
  }

  /** @param {Element} element */
  watch(element) {
    if (this.#watched.has(element)) return;
    this.#watched.set(element, { visible: false, width: 0, height: 0 });
    this.#intersections.observe(element);
    this.#sizes.observe(element);
  }

  /** @param {Element} element */
  unwatch(element) {
    this.#watched.delete(element);
    this.#intersections.unobserve(element);
    this.#sizes.unobserve(element);
  }

  /** How large the element is on screen, or null if it cannot be seen. @param {Element} element @returns {Size | null} */
  sizeOf(element) {
    const seen = this.#watched.get(element);
    if (!seen || !seen.visible || document.visibilityState === 'hidden' || seen.width * seen.height === 0) return null;
    const scale = globalThis.devicePixelRatio || 1;
    return { width: Math.round(seen.width * scale), height: Math.round(seen.height * scale) };
  }

  close() {
    document.removeEventListener('visibilitychange', this.#onPage);
    this.#intersections.disconnect();
    this.#sizes.disconnect();
    this.#watched.clear();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #onIntersections(entries) {
    for (const { target, isIntersecting } of entries) {
      const seen = this.#watched.get(target);
      if (seen) seen.visible = isIntersecting;
    }
    this.#changed();
  }

  /** @param {ResizeObserverEntry[]} entries */
  #onSizes(entries) {
    for (const { target, contentRect } of entries) {
      const seen = this.#watched.get(target);
      if (seen) Object.assign(seen, { width: contentRect.width, height: contentRect.height });
    }
    this.#changed();
  }
}
