// Microphones that are tones, one for each person, and pages that note which of them they hear.

/** @typedef {{at: number, level: number, slot: string}} Heard 10 ms in which a tone was audible in a slot */

/** Hertz; whole periods in 10 ms, so that none is mistaken for another. */
export const TONES = { Ada: 400, Ben: 700, Cy: 1100, Dee: 1600 };
export const FRAME_MS = 10;
const AUDIBLE = 0.006;

/** The query by which a page's microphone is somebody's tone. @param {keyof typeof TONES} name */
export function toneOf(name) {
  return `tone=${TONES[name]}`;
}

/**
 * Runs in the page before anything else: its microphone is the tone of its address, as loud and as soft as speech is, and it keeps what it hears,
 * its connections and the messages of its sockets.
 */
export function installEars() {
  /** @type {any} */ const page = window;
  const tone = Number(new URLSearchParams(location.search).get('tone'));
  Object.assign(page, { heard: [], connections: [], messages: [], sockets: 0 });

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async constraints => {
    if (!tone || !constraints?.audio) return open(constraints);
    const audio = new AudioContext();
    const syllables = new OscillatorNode(audio, { frequency: 4 });
    const depth = new GainNode(audio, { gain: 0.13 });
    const loudness = new GainNode(audio, { gain: 0.16 });
    const voice = new OscillatorNode(audio, { frequency: tone });
    const out = audio.createMediaStreamDestination();
    syllables.connect(depth).connect(loudness.gain);
    voice.connect(loudness).connect(out);
    syllables.start();
    voice.start();
    const video = constraints.video ? (await open({ video: constraints.video })).getTracks() : [];
    return new MediaStream([...out.stream.getAudioTracks(), ...video]);
  };

  const Connection = page.RTCPeerConnection;
  page.RTCPeerConnection = class extends Connection {
    /** @param {any[]} parameters */
    constructor(...parameters) {
      super(...parameters);
      page.connections.push(this);
      this.offers = 0;
      this.addEventListener('track', (/** @type {any} */ { track }) => { if (track.kind === 'audio') void listen(track); });
    }

    /** @param {any} description */
    setLocalDescription(description) {
      this.offers++;
      return super.setLocalDescription(description);
    }
  };
  page.WebSocket = new Proxy(WebSocket, {
    construct(target, args) {
      const socket = Reflect.construct(target, args);
      page.sockets++;
      socket.addEventListener('message', (/** @type {MessageEvent} */ { data }) => page.messages.push(JSON.parse(data)));
      return socket;
    },
  });

  /** @param {MediaStreamTrack} track */
  async function listen(track) {
    const reader = new page.MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      page.heard.push({ at: performance.timeOrigin + performance.now(), slot: track.id, levels: [400, 700, 1100, 1600].map(hertz => amplitude(samples, hertz / value.sampleRate)) });
      value.close();
    }
  }

  /** Of one frequency, by Goertzel. @param {Float32Array} samples @param {number} periods in a sample */
  function amplitude(samples, periods) {
    const turn = 2 * Math.cos(2 * Math.PI * periods);
    let [before, last] = [0, 0];
    for (const sample of samples) [before, last] = [last, sample + turn * last - before];
    return 2 * Math.sqrt(Math.max(0, last * last + before * before - turn * last * before)) / samples.length;
  }
}

/**
 * When somebody's tone was audible in a page, since a moment.
 * @param {import('puppeteer-core').Page} page
 * @param {keyof typeof TONES} name
 * @param {number} [since]
 * @returns {Promise<Heard[]>}
 */
export async function heardOf(page, name, since = 0) {
  const index = Object.keys(TONES).indexOf(name);
  return page.evaluate((index, since, audible) => /** @type {any} */ (window).heard
    .filter((/** @type {any} */ { at, levels }) => at >= since && levels[index] > audible)
    .map((/** @type {any} */ { at, levels, slot }) => ({ at, slot, level: levels[index] })), index, since, AUDIBLE);
}

/**
 * The connection that a page's media runs on, in what would change if it were another.
 * @param {import('puppeteer-core').Page} page
 * @returns {Promise<{connections: number, sockets: number, ufrag: string | undefined, pair: string, certificate: string | undefined, offers: number}>}
 */
export async function connectionOf(page) {
  return page.evaluate(async () => {
    /** @type {any} */ const { connections, sockets } = window;
    const used = connections.filter((/** @type {any} */ { connectionState }) => connectionState !== 'new' && connectionState !== 'closed');
    const entries = [...(await used[0].getStats()).values()];
    const transport = entries.find(({ type }) => type === 'transport');
    const pair = entries.find(({ id }) => id === transport?.selectedCandidatePairId);
    const ufrag = /a=ice-ufrag:(\S+)/.exec(used[0].localDescription.sdp)?.[1];
    return { connections: used.length, sockets, ufrag, pair: `${pair?.localCandidateId} ${pair?.remoteCandidateId}`, certificate: transport?.localCertificateId, offers: used[0].offers };
  });
}
