import { byId, make, setIcon } from './elements.js';
import { Tiles } from './tiles.js';
import { deviceProblem, stateWords } from './words.js';

/** @import { ClosedReason, Room, Source } from '/sdk/weir.js' */
/** @import { Choice } from './lobby.js' */

const call = byId('call', HTMLElement);
const banner = byId('banner', HTMLElement);
const notes = byId('notes', HTMLElement);
const state = byId('state', HTMLElement);
const count = byId('count', HTMLElement);
const buttons = {
  microphone: byId('microphone', HTMLButtonElement),
  camera: byId('camera', HTMLButtonElement),
  share: byId('share', HTMLButtonElement),
  leave: byId('leave', HTMLButtonElement),
};
const NOTE_MS = 6000;

/** The room as one is in it: tiles, controls and what happens there. */
export class Call {
  #room;
  #choice;
  #tiles;
  #listening = new AbortController();

  /**
   * @param {Room} room
   * @param {Choice} choice
   * @param {(reason: ClosedReason | undefined) => void} ended
   */
  constructor(room, choice, ended) {
    this.#room = room;
    this.#choice = choice;
    call.hidden = false;
    byId('room-name', HTMLElement).textContent = room.name;
    this.#tiles = new Tiles(room);
    this.#listen(ended);
    this.#drawCount();
    this.#drawState();
    this.#drawControls();
    banner.hidden = !room.audioBlocked;
  }

  /** Sends what was chosen; where one device fails the other is sent, and with none one is there all the same. */
  async publish() {
    const { camera, microphone, codec } = this.#choice;
    if (!camera && !microphone) return;
    try {
      await this.#room.publish({ audio: microphone, video: camera, codec });
    } catch (error) {
      if (camera && microphone) await Promise.all([this.#publish('microphone'), this.#publish('camera')]);
      else this.#say(deviceProblem(error, camera ? 'camera' : 'microphone'), true);
    }
  }

  close() {
    this.#listening.abort();
    this.#tiles.close();
    notes.replaceChildren();
    call.hidden = true;
  }

  /** @param {(reason: ClosedReason | undefined) => void} ended */
  #listen(ended) {
    const room = this.#room;
    room.on('participant:join', ({ displayName }) => this.#onPeople(`${displayName} joined.`));
    room.on('participant:leave', () => this.#drawCount());
    room.on('connection:state', ({ state: now, reason }) => now === 'closed' ? ended(reason) : this.#drawState());
    room.on('audio:blocked', ({ blocked }) => { banner.hidden = !blocked; });
    room.on('local:ended', ({ source }) => this.#say(source === 'screen' ? 'Your screen is no longer shared.' : `Your ${source} went away.`));
    room.on('local:change', ({ source, byHost }) => {
      if (byHost) this.#say(`The host turned off your ${source}.`);
      this.#drawControls();
    });
    this.#onClick(buttons.microphone, () => this.#toggle('microphone'));
    this.#onClick(buttons.camera, () => this.#toggle('camera'));
    this.#onClick(buttons.share, () => this.#toggleShare());
    this.#onClick(buttons.leave, () => room.leave());
    this.#onClick(byId('start-audio', HTMLButtonElement), () => room.startAudio());
    this.#onClick(byId('copy-link', HTMLButtonElement), () => this.#copyLink());
    document.addEventListener('keydown', event => this.#onKey(event), { signal: this.#listening.signal });
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {() => Promise<unknown>} act
   */
  #onClick(button, act) {
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        await act();
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error), true);
      } finally {
        button.disabled = false;
      }
    }, { signal: this.#listening.signal });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) return;
    const button = { m: buttons.microphone, v: buttons.camera, s: buttons.share }[event.key.toLowerCase()];
    button?.click();
  }

  /** @param {'microphone' | 'camera'} source */
  async #toggle(source) {
    const track = this.#room.localParticipant.tracks.get(source);
    try {
      if (track) await this.#room.setMuted(source, !track.muted);
      else await this.#publish(source);
    } catch (error) {
      this.#say(deviceProblem(error, source), true);
    }
  }

  /** @param {'microphone' | 'camera'} source */
  async #publish(source) {
    try {
      if (source === 'microphone') await this.#room.publish({ audio: this.#choice.microphone || true });
      else await this.#room.publish({ video: this.#choice.camera || true, codec: this.#choice.codec });
    } catch (error) {
      this.#say(deviceProblem(error, source), true);
    }
  }

  async #toggleShare() {
    if (this.#room.localParticipant.tracks.has('screen')) {
      await this.#room.unpublish('screenAudio');
      await this.#room.unpublish('screen');
      return;
    }
    try {
      await this.#room.shareScreen();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NotAllowedError')) throw error; // Whoever closes the browser's dialog has changed his mind.
    }
  }

  async #copyLink() {
    const link = new URL(`/r/${encodeURIComponent(this.#room.name)}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.#say('The link is copied.');
    } catch {
      this.#say(link);
    }
  }

  /** @param {string} text */
  #onPeople(text) {
    this.#drawCount();
    this.#say(text);
  }

  #drawCount() {
    const people = this.#room.participantCount;
    count.textContent = people === 1 ? 'Only you' : `${people} people`;
  }

  #drawState() {
    state.textContent = stateWords(this.#room.state);
    state.dataset['state'] = this.#room.state;
  }

  #drawControls() {
    const { tracks } = this.#room.localParticipant;
    const isOn = (/** @type {Source} */ source) => tracks.has(source) && !tracks.get(source)?.muted;
    for (const source of /** @type {const} */ (['microphone', 'camera'])) {
      buttons[source].setAttribute('aria-pressed', String(isOn(source)));
      setIcon(buttons[source], isOn(source) ? source : `${source}-off`);
    }
    buttons.share.setAttribute('aria-pressed', String(tracks.has('screen')));
    buttons.share.hidden = !('getDisplayMedia' in (navigator.mediaDevices ?? {}));
  }

  /**
   * @param {string} text
   * @param {boolean} [stays] until it is dismissed
   */
  #say(text, stays = false) {
    const note = make('div', stays ? 'note problem' : 'note', make('span', '', text));
    if (stays) {
      const dismiss = make('button', 'quiet', 'OK');
      dismiss.addEventListener('click', () => note.remove());
      note.append(dismiss);
    } else {
      setTimeout(() => note.remove(), NOTE_MS);
    }
    notes.append(note);
    while (notes.children.length > 3) notes.firstElementChild?.remove();
  }
}
