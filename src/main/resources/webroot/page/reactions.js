import { button, byId, make } from './elements.js';

const bar = byId('reactions', HTMLElement);
const opener = byId('react', HTMLButtonElement);
const SHOWN_MS = 3500;

/** @type {Record<string, string>} */
const EMOJIS = { '👍': 'Thumbs up', '👏': 'Applause', '❤️': 'Heart', '😂': 'Laughing', '😮': 'Surprised', '🎉': 'Celebration' };

/** A row of emojis to send. */
export class Reactions {
  /**
   * @param {(emoji: string) => void} send
   * @param {AbortSignal} signal
   */
  constructor(send, signal) {
    bar.replaceChildren(...Object.entries(EMOJIS).map(([emoji, word]) => button('bare emoji', word, () => send(emoji), [emoji])));
    opener.addEventListener('click', () => this.#set(bar.hidden === true), { signal });
    bar.addEventListener('keydown', event => {
      const all = [...bar.querySelectorAll('button')];
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) all[(all.findIndex(each => each === document.activeElement) + step + all.length) % all.length].focus();
      if (event.key === 'Escape') this.#set(false);
    }, { signal });
    document.addEventListener('pointerdown', event => {
      if (!bar.hidden && event.target instanceof Node && !bar.contains(event.target) && !opener.contains(event.target)) this.#set(false, false);
    }, { signal });
    this.#set(false, false);
  }

  /**
   * @param {boolean} open
   * @param {boolean} [focus]
   */
  #set(open, focus = true) {
    bar.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (focus) (open ? bar.querySelector('button') : opener)?.focus();
  }
}

/**
 * Lets an emoji rise over a tile.
 * @param {HTMLElement} tile
 * @param {string} emoji
 */
export function rise(tile, emoji) {
  const flying = make('span', 'rising', emoji);
  flying.role = 'img';
  flying.ariaLabel = EMOJIS[emoji] ?? emoji;
  flying.style.setProperty('--aside', `${Math.round(Math.random() * 50 - 25)}%`);
  tile.append(flying);
  setTimeout(() => flying.remove(), SHOWN_MS);
}
