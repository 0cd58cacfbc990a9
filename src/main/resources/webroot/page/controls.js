import { byId, setIcon } from './elements.js';
import { deviceProblem } from './words.js';

/** @import { Room, Source } from '/sdk/weir.js' */
/** @import { Act } from './call.js' */
/** @import { Choice } from './lobby.js' */
/** @import { Notes } from './notes.js' */

const buttons = {
  microphone: byId('microphone', HTMLButtonElement),
  camera: byId('camera', HTMLButtonElement),
  share: byId('share', HTMLButtonElement),
  hand: byId('hand', HTMLButtonElement),
};

/** The buttons for what one sends oneself. */
export class Controls {
  #room;
  #choice;
  #notes;

  /**
   * @param {Room} room
   * @param {Choice} choice
   * @param {Notes} notes
   * @param {Act} act
   * @param {AbortSignal} signal
   */
  constructor(room, choice, notes, act, signal) {
    this.#room = room;
    this.#choice = choice;
    this.#notes = notes;
    buttons.microphone.addEventListener('click', () => act(() => this.toggle('microphone'), buttons.microphone), { signal });
    buttons.camera.addEventListener('click', () => act(() => this.toggle('camera'), buttons.camera), { signal });
    buttons.share.addEventListener('click', () => act(() => this.#toggleShare(), buttons.share), { signal });
    buttons.hand.addEventListener('click', () => act(() => this.#toggleHand(), buttons.hand), { signal });
    this.draw();
  }

  /** Sends what was chosen; where one device fails the other is sent, and with none one is there all the same. */
  async publish() {
    const { camera, microphone, codec } = this.#choice;
    if (this.#room.localParticipant.role === 'viewer' || (!camera && !microphone)) return;
    try {
      await this.#room.publish({ audio: microphone, video: camera, codec });
    } catch (error) {
      if (camera && microphone) await Promise.all([this.#publish('microphone'), this.#publish('camera')]);
      else this.#notes.show({ text: deviceProblem(error, camera ? 'camera' : 'microphone'), problem: true });
    }
  }

  /** @param {'microphone' | 'camera'} source */
  async toggle(source) {
    const track = this.#room.localParticipant.tracks.get(source);
    try {
      if (track) await this.#room.setMuted(source, !track.muted);
      else await this.#publish(source);
    } catch (error) {
      this.#notes.show({ text: deviceProblem(error, source), problem: true });
    }
  }

  draw() {
    const { tracks, role, handRaised } = this.#room.localParticipant;
    const isOn = (/** @type {Source} */ source) => tracks.has(source) && !tracks.get(source)?.muted;
    for (const source of /** @type {const} */ (['microphone', 'camera'])) {
      buttons[source].setAttribute('aria-pressed', String(isOn(source)));
      buttons[source].hidden = role === 'viewer';
      setIcon(buttons[source], isOn(source) ? source : `${source}-off`);
    }
    buttons.share.setAttribute('aria-pressed', String(tracks.has('screen')));
    buttons.share.hidden = role === 'viewer' || !('getDisplayMedia' in (navigator.mediaDevices ?? {}));
    buttons.hand.setAttribute('aria-pressed', String(handRaised));
    buttons.hand.title = handRaised ? 'Lower your hand (h)' : 'Raise your hand (h)';
  }

  /** @param {'microphone' | 'camera'} source */
  async #publish(source) {
    try {
      if (source === 'microphone') await this.#room.publish({ audio: this.#choice.microphone || true });
      else await this.#room.publish({ video: this.#choice.camera || true, codec: this.#choice.codec });
    } catch (error) {
      this.#notes.show({ text: deviceProblem(error, source), problem: true });
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

  async #toggleHand() {
    await this.#room.setHandRaised(!this.#room.localParticipant.handRaised);
    this.draw();
  }
}
