import { byId } from './elements.js';

const panel = byId('panel', HTMLElement);

/** @typedef {'chat' | 'people' | 'rooms'} Tab */
/** @typedef {{draw: () => void, opened?: () => void}} Content of a tab: drawn only while it is seen */

const TABS = /** @type {const} */ (['chat', 'people', 'rooms']);
const openers = { chat: byId('open-chat', HTMLButtonElement), people: byId('open-people', HTMLButtonElement) };
const titles = { chat: byId('tab-chat', HTMLButtonElement), people: byId('tab-people', HTMLButtonElement), rooms: byId('tab-rooms', HTMLButtonElement) };
const bodies = { chat: byId('chat-panel', HTMLElement), people: byId('people-panel', HTMLElement), rooms: byId('rooms-panel', HTMLElement) };

/** The panel beside the pictures: chat, people and breakout rooms, one at a time. */
export class Panel {
  /** @type {Tab | null} */ #shown = null;
  /** @type {Tab | null} */ #due = null;
  #contents;

  /**
   * @param {Record<Tab, Content>} contents
   * @param {AbortSignal} signal
   */
  constructor(contents, signal) {
    this.#contents = contents;
    for (const tab of TABS) titles[tab].addEventListener('click', () => this.open(tab), { signal });
    for (const tab of /** @type {const} */ (['chat', 'people'])) openers[tab].addEventListener('click', () => this.toggle(tab), { signal });
    byId('panel-close', HTMLButtonElement).addEventListener('click', () => this.close(), { signal });
    panel.addEventListener('keydown', event => this.#onKey(event), { signal });
    this.#draw();
  }

  /** @param {Tab} tab */
  isShown(tab) {
    return this.#shown === tab;
  }

  /** @param {Tab} tab */
  toggle(tab) {
    if (this.#shown === tab) this.close();
    else this.open(tab);
  }

  /** @param {Tab} tab */
  open(tab) {
    this.#shown = tab;
    this.#draw();
    this.#contents[tab].draw();
    this.#contents[tab].opened?.();
    if (!this.#contents[tab].opened) titles[tab].focus({ preventScroll: true });
  }

  close() {
    const opener = this.#shown === 'chat' ? openers.chat : openers.people;
    const hadFocus = panel.contains(document.activeElement);
    this.#shown = null;
    this.#draw();
    if (hadFocus) opener.focus();
  }

  /** What a tab shows has changed: several changes at once are drawn once. @param {Tab} tab */
  changed(tab) {
    if (this.#shown !== tab || this.#due === tab) return;
    this.#due = tab;
    setTimeout(() => {
      this.#due = null;
      if (this.#shown === tab) this.#contents[tab].draw();
    });
  }

  /**
   * @param {Tab} tab
   * @param {boolean} offered
   */
  offer(tab, offered) {
    titles[tab].hidden = !offered;
    if (!offered && this.#shown === tab) this.open('people');
  }

  /**
   * A number on a control: of messages not read, of people who want something.
   * @param {'chat' | 'people'} tab
   * @param {number} count
   * @param {string} words
   */
  badge(tab, count, words) {
    const badge = /** @type {HTMLElement} */ (openers[tab].querySelector('.badge'));
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    badge.ariaLabel = words;
  }

  #draw() {
    panel.hidden = this.#shown === null;
    panel.parentElement?.classList.toggle('has-panel', this.#shown !== null);
    for (const tab of TABS) {
      bodies[tab].hidden = tab !== this.#shown;
      titles[tab].setAttribute('aria-selected', String(tab === this.#shown));
      titles[tab].tabIndex = tab === this.#shown ? 0 : -1;
    }
    openers.chat.setAttribute('aria-expanded', String(this.#shown === 'chat'));
    openers.people.setAttribute('aria-expanded', String(this.#shown === 'people' || this.#shown === 'rooms'));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === 'Escape') return this.close();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const offered = TABS.filter(tab => !titles[tab].hidden);
    const at = offered.findIndex(tab => titles[tab] === event.target);
    if (!step || at < 0) return;
    const next = offered[(at + step + offered.length) % offered.length];
    this.open(next);
    titles[next].focus();
  }
}
