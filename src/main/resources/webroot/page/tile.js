import { icon, make } from './elements.js';
import { rise } from './reactions.js';

/** One picture of a person or a screen, with its name and what there is to know about it. */
export class Tile {
  element;
  video = document.createElement('video');
  #name = make('span', 'tile-name');
  #note = make('span', 'tile-note');
  #muted = make('span', 'tile-muted', icon('microphone-off'));
  #handPlace = make('span', '');
  #hand = make('span', 'tile-hand', icon('hand'), this.#handPlace);
  /** @type {HTMLButtonElement} */ #pin;

  /**
   * @param {string} key
   * @param {{name: string, own: boolean, screen: boolean, pin: () => void}} what
   */
  constructor(key, { name, own, screen, pin }) {
    this.key = key;
    this.screen = screen;
    this.element = make('div', `tile${own && !screen ? ' own' : ''}${screen ? ' screen' : ''}`);
    this.element.setAttribute('role', 'listitem');
    this.element.dataset['key'] = key;
    const avatar = make('div', 'avatar', initials(name));
    avatar.style.setProperty('--hue', String(hueOf(name)));
    avatar.setAttribute('aria-hidden', 'true');
    this.#muted.title = 'Microphone off';
    this.#muted.setAttribute('role', 'img');
    this.#muted.setAttribute('aria-label', 'Microphone off');
    this.#muted.hidden = true;
    this.#hand.role = 'img';
    this.#hand.hidden = true;
    this.#note.hidden = true;
    this.#pin = /** @type {HTMLButtonElement} */ (make('button', 'tile-pin', icon('pin')));
    this.#pin.type = 'button';
    this.#pin.addEventListener('click', pin);
    this.#pin.hidden = own;
    this.element.append(avatar, this.video, make('div', 'tile-bar', this.#hand, this.#muted, this.#name), this.#note, this.#pin);
    this.setName(own ? `${name} (you)` : name);
    this.setPinned(false);
    this.video.addEventListener('loadeddata', () => this.setShowing(true));
    this.video.addEventListener('emptied', () => this.setShowing(false));
  }

  /** @param {string} name */
  setName(name) {
    const text = this.screen ? `${name}: screen` : name;
    this.#name.textContent = text;
    this.element.setAttribute('aria-label', text);
  }

  /** Whether there is a picture, or the avatar instead; the video keeps its place, by which the SDK sees that it is visible. @param {boolean} showing */
  setShowing(showing) {
    this.element.classList.toggle('showing', showing && !this.element.classList.contains('camera-muted'));
  }

  /** @param {boolean} muted */
  setCameraMuted(muted) {
    this.element.classList.toggle('camera-muted', muted);
    this.setShowing(this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
  }

  /** @param {boolean} muted */
  setMicrophoneMuted(muted) {
    this.#muted.hidden = !muted || this.screen;
  }

  /** @param {number} place among those who raised a hand, from 1; 0: he did not */
  setHand(place) {
    this.#hand.hidden = place === 0 || this.screen;
    this.#handPlace.textContent = String(place);
    this.#hand.ariaLabel = `Hand raised, number ${place}`;
  }

  /** @param {string} emoji */
  react(emoji) {
    rise(this.element, emoji);
  }

  /** @param {boolean} speaking */
  setSpeaking(speaking) {
    this.element.classList.toggle('speaking', speaking && !this.screen);
  }

  /** @param {boolean} pinned */
  setPinned(pinned) {
    this.#pin.setAttribute('aria-pressed', String(pinned));
    this.#pin.setAttribute('aria-label', `${pinned ? 'Unpin' : 'Pin'} ${this.#name.textContent}`);
    this.#pin.title = pinned ? 'Unpin' : 'Pin';
  }

  /** @param {string} text empty for none */
  setNote(text) {
    this.#note.textContent = text;
    this.#note.hidden = text === '';
  }
}

/** @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ''].map(word => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}

/** @param {string} name */
function hueOf(name) {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}
