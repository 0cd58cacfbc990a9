import { byId, setIcon } from './elements.js';
import { Preview } from './preview.js';

/** @import { VideoCodec } from '/sdk/weir.js' */
/** @import { Options } from './options.js' */

/** @typedef {{room: string, name: string, camera: MediaTrackConstraints | false, microphone: MediaTrackConstraints | false, codec: VideoCodec | undefined, waitingRoom: boolean}} Choice */

const lobby = byId('lobby', HTMLElement);
const form = byId('lobby-form', HTMLFormElement);
const nameField = byId('name', HTMLInputElement);
const roomField = byId('room', HTMLInputElement);
const cameraChoice = byId('camera-choice', HTMLSelectElement);
const microphoneChoice = byId('microphone-choice', HTMLSelectElement);
const cameraButton = byId('lobby-camera', HTMLButtonElement);
const microphoneButton = byId('lobby-microphone', HTMLButtonElement);
const newWaiting = byId('new-waiting', HTMLInputElement);
const joinButton = byId('join', HTMLButtonElement);
const problem = byId('lobby-problem', HTMLElement);

/** Where one chooses a name, a room and devices. */
export class Lobby {
  #options;
  #preview = new Preview();
  #on;

  /**
   * @param {Options} options
   * @param {(choice: Choice) => void} join
   */
  constructor(options, join) {
    this.#options = options;
    this.#on = { camera: options.video, microphone: options.audio };
    nameField.value = options.name || (localStorage.getItem('weir.name') ?? '');
    roomField.value = options.room;
    form.addEventListener('submit', event => {
      event.preventDefault();
      localStorage.setItem('weir.name', nameField.value.trim());
      join(this.choice());
    });
    cameraButton.addEventListener('click', () => this.#toggle('camera'));
    microphoneButton.addEventListener('click', () => this.#toggle('microphone'));
    for (const select of [cameraChoice, microphoneChoice]) select.addEventListener('change', () => this.#show());
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#listDevices());
    this.#draw();
  }

  /** What the form says now. @returns {Choice} */
  choice() {
    const { capture, codec } = this.#options;
    return {
      room: roomField.value.trim(),
      name: nameField.value.trim(),
      codec,
      waitingRoom: newWaiting.checked,
      camera: this.#on.camera && { ...capture, ...deviceOf(cameraChoice) },
      microphone: this.#on.microphone && deviceOf(microphoneChoice),
    };
  }

  open() {
    lobby.hidden = false;
    joinButton.disabled = false;
    joinButton.textContent = 'Join';
    (nameField.value ? roomField.value ? joinButton : roomField : nameField).focus();
    this.#show();
  }

  joining() {
    problem.hidden = true;
    joinButton.disabled = true;
    joinButton.textContent = 'Joining…';
  }

  /** @param {string} text */
  fail(text) {
    problem.textContent = text;
    problem.hidden = false;
    if (lobby.hidden) this.open();
    joinButton.disabled = false;
    joinButton.textContent = 'Join';
  }

  close() {
    lobby.hidden = true;
    this.#preview.close();
  }

  /** @param {'camera' | 'microphone'} device */
  #toggle(device) {
    this.#on[device] = !this.#on[device];
    this.#draw();
    this.#show();
  }

  #draw() {
    cameraButton.setAttribute('aria-pressed', String(this.#on.camera));
    setIcon(cameraButton, this.#on.camera ? 'camera' : 'camera-off');
    microphoneButton.setAttribute('aria-pressed', String(this.#on.microphone));
    setIcon(microphoneButton, this.#on.microphone ? 'microphone' : 'microphone-off');
  }

  async #show() {
    const { camera, microphone } = this.choice();
    await this.#preview.show(camera, microphone);
    await this.#listDevices();
  }

  /** Names are known only once a device was allowed. */
  async #listDevices() {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
    fill(cameraChoice, devices.filter(({ kind }) => kind === 'videoinput'), 'Default camera');
    fill(microphoneChoice, devices.filter(({ kind }) => kind === 'audioinput'), 'Default microphone');
  }
}

/** @param {HTMLSelectElement} select @returns {MediaTrackConstraints} */
function deviceOf(select) {
  return select.value ? { deviceId: { exact: select.value } } : {};
}

/**
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} devices
 * @param {string} first
 */
function fill(select, devices, first) {
  const chosen = select.value;
  const named = devices.filter(({ deviceId, label }) => deviceId && deviceId !== 'default' && label);
  select.replaceChildren(new Option(first, ''), ...named.map(({ deviceId, label }) => new Option(label, deviceId)));
  select.value = named.some(({ deviceId }) => deviceId === chosen) ? chosen : '';
}
