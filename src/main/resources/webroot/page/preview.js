import { byId } from './elements.js';
import { deviceProblem } from './words.js';

const video = byId('preview-video', HTMLVideoElement);
const note = byId('preview-note', HTMLElement);
const level = byId('preview-level', HTMLElement);

/** The lobby's look at one's own camera, and a meter that shows that the microphone hears something. */
export class Preview {
  /** @type {MediaStreamTrack | null} */ #camera = null;
  /** @type {MediaStreamTrack | null} */ #microphone = null;
  /** @type {AudioContext | null} */ #audio = null;
  #generation = 0;

  /**
   * Shows these devices from now on; `false` closes one. A refused device is explained and left out.
   * @param {MediaTrackConstraints | false} camera
   * @param {MediaTrackConstraints | false} microphone
   */
  async show(camera, microphone) {
    const generation = ++this.#generation;
    this.#release();
    note.textContent = camera ? 'Starting your camera…' : 'Your camera is off.';
    const opened = await Promise.all([this.#open('camera', camera), this.#open('microphone', microphone)]);
    if (generation !== this.#generation) return opened.forEach(track => track?.stop());
    [this.#camera, this.#microphone] = opened;
    if (this.#camera) video.srcObject = new MediaStream([this.#camera]);
    note.hidden = this.#camera !== null;
    if (this.#microphone) this.#measure(this.#microphone);
  }

  close() {
    this.#generation++;
    this.#release();
  }

  /**
   * @param {'camera' | 'microphone'} device
   * @param {MediaTrackConstraints | false} constraints
   */
  async #open(device, constraints) {
    if (!constraints) return null;
    try {
      const stream = await navigator.mediaDevices.getUserMedia(device === 'camera' ? { video: constraints } : { audio: constraints });
      return stream.getTracks()[0];
    } catch (error) {
      if (device === 'camera') note.textContent = deviceProblem(error, device);
      return null;
    }
  }

  #release() {
    this.#camera?.stop();
    this.#microphone?.stop();
    void this.#audio?.close();
    [this.#camera, this.#microphone, this.#audio] = [null, null, null];
    video.srcObject = null;
    note.hidden = false;
    level.style.setProperty('--level', '0');
  }

  /** @param {MediaStreamTrack} microphone */
  #measure(microphone) {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio, { fftSize: 1024 });
    audio.createMediaStreamSource(new MediaStream([microphone])).connect(analyser);
    this.#audio = audio;
    const samples = new Float32Array(analyser.fftSize);
    const draw = () => {
      if (this.#audio !== audio) return;
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      level.style.setProperty('--level', String(Math.min(1, Math.sqrt(power) * 4)));
      requestAnimationFrame(draw);
    };
    draw();
  }
}
