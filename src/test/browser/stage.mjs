// A bare page of the server's where a test is the application: it shows whom it wants at the size it wants by the SDK, and
// keeps every frame that was decoded.
import assert from 'node:assert/strict';
import { pause } from './harness.mjs';

/** @import { Browser, BrowserContext, Page } from 'puppeteer-core' */
/** @import { People } from './harness.mjs' */
/** @typedef {{at: number, width: number, height: number}} Frame when a frame left the decoder, in milliseconds of this machine's clock, and its size */
/** @typedef {{at: number, inbound: any[], outbound: any[], rttMs: number | null}} Sample */
/** @typedef {{codec?: string, scalabilityMode?: string, width: number, height: number, frameRate?: number, audio?: boolean, layers?: {rid: string, scaleResolutionDownBy: number, maxBitrate: number}[]}} Publication layers: other ones than the room's */

/** Small, since what is painted costs the encoders' time; a picture that reaches beyond it counts as seen all the same. */
const VIEWPORT = { width: 320, height: 180 };

/** One who takes part by a stage. */
export class Stage {
  id = '';

  /** @param {string} name @param {Page} page @param {BrowserContext} context */
  constructor(name, page, context) {
    this.name = name;
    this.page = page;
    this.context = context;
  }

  /**
   * Opens a stage and joins a room.
   * @param {People} people
   * @param {string} room
   * @param {string} name
   * @param {{process?: string, flags?: string[], url?: string, browser?: Browser, videoSlots?: number, paired?: boolean, before?: () => void, query?: string}} [options] a process has the flags that it was first asked for with; `paired` see `install`; `before` runs in the page before anything else
   */
  static async join(people, room, name, { process, flags, url = people.url, browser, videoSlots, paired, before, query = '' } = {}) {
    const context = await (browser ?? await people.browser('chromium', process, flags)).createBrowserContext();
    const page = await context.newPage();
    const stage = new Stage(name, page, context);
    people.all.push(stage);
    page.on('console', message => people.log.push(`${name}: ${message.type()} ${message.text()}`));
    page.on('pageerror', error => people.log.push(`${name}: ${error instanceof Error ? error.stack : error}`));
    await page.setViewport(VIEWPORT);
    // A test may start a worker of its own.
    await page.setBypassCSP(true);
    await page.evaluateOnNewDocument(install, paired ?? false);
    if (before) await page.evaluateOnNewDocument(before);
    await page.goto(`${url}/minimal.html?${query}`, { waitUntil: 'domcontentloaded' });
    stage.id = await page.evaluate((...what) => inPage().join(...what), room, name, videoSlots);
    return stage;
  }

  /** Whether this browser has an encoder for it. @param {Publication} what */
  async canSend({ codec = 'VP8' }) {
    return this.page.evaluate(name => Boolean(RTCRtpSender.getCapabilities('video')?.codecs.some(({ mimeType }) => mimeType === `video/${name}`)), codec);
  }

  /**
   * Publishes a camera (and a microphone).
   * @param {Publication} what
   */
  async publish(what) {
    await this.page.evaluate(what => inPage().publish(what), what);
  }

  /** @returns {Promise<{width: number, height: number}>} of what the browser has for a screen */
  async shareScreen() {
    return this.page.evaluate(() => inPage().shareScreen());
  }

  /**
   * Shows somebody so many pixels high; zero hides him.
   * @param {string} participantId
   * @param {number} height
   * @param {'camera' | 'screen'} [source]
   * @returns {Promise<number>} when
   */
  async show(participantId, height, source = 'camera') {
    return this.page.evaluate((id, height, source) => inPage().show(id, height, source), participantId, height, source);
  }

  /**
   * The frames of somebody that were decoded since a moment.
   * @param {string} participantId
   * @param {number} [since]
   * @param {'camera' | 'screen'} [source]
   * @returns {Promise<Frame[]>}
   */
  async frames(participantId, since = 0, source = 'camera') {
    return this.page.evaluate((id, since, source) => inPage().frames(id, source, since), participantId, since, source);
  }

  /**
   * How long after a moment the first frame of that height came; infinity if none does in time.
   * @param {string} participantId
   * @param {number | null} height null: any
   * @param {number} since
   * @param {number} timeoutMs
   * @param {'camera' | 'screen'} [source]
   */
  async firstFrame(participantId, height, since, timeoutMs, source = 'camera') {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = (await this.frames(participantId, since, source)).find(frame => height === null || frame.height === height);
      if (found) return found.at - since;
      if (Date.now() > deadline) return Infinity;
      await pause(30);
    }
  }

  /**
   * How long after a moment frames of that height came to stay; infinity if they did not in time.
   * @param {string} participantId
   * @param {number} height
   * @param {number} since
   * @param {number} timeoutMs
   * @param {number} [stayMs] so long they have to last
   */
  async steadyFrom(participantId, height, since, timeoutMs, stayMs = 3000) {
    for (;;) {
      const now = Date.now();
      const frames = await this.frames(participantId, since);
      const lower = frames.findLast(frame => frame.height < height)?.at ?? since;
      const stays = frames.find(frame => frame.at > lower && frame.height === height);
      if (stays && now - stays.at >= stayMs) return stays.at - since;
      if (now - since > timeoutMs + stayMs) return Infinity;
      await pause(100);
    }
  }

  /** Asks for keyframes of somebody's camera again and again, beginning in a second. @param {Stage} other @param {number} intervalMs */
  async stormKeyframes(other, intervalMs) {
    await this.page.evaluate((...what) => inPage().stormKeyframes(...what), other.id, intervalMs);
  }

  /** @returns {Promise<Sample>} what the browser says of all its streams */
  async sample() {
    return this.page.evaluate(() => inPage().sample());
  }

  /** The entry of somebody's camera, screen or voice in a sample. @param {Sample} sample @param {string} participantId @param {string} [source] */
  static of(sample, participantId, source = 'camera') {
    return sample.inbound.find(entry => entry.participantId === participantId && entry.source === source);
  }

  /** Waits until somebody takes part and publishes. @param {Stage} other @param {string} [source] */
  async knows(other, source = 'camera') {
    const deadline = Date.now() + 15_000;
    while (!await this.page.evaluate((id, source) => Boolean(inPage().room.participants.get(id)?.tracks.has(source)), other.id, source)) {
      assert(Date.now() < deadline, `${this.name} is not told that ${other.name} publishes a ${source}`);
      await pause(50);
    }
  }

  /** Which layer of somebody's camera the server says it sends, and when it said so. @param {Stage} other @returns {Promise<{at: number, layer: string | null, paused: boolean}[]>} */
  async layerChanges(other) {
    return this.page.evaluate(id => inPage().events.filter((/** @type {any} */ event) => event.participantId === id && event.trackId === inPage().room.participants.get(id)?.tracks.get('camera')?.trackId), other.id);
  }

  /** Waits until somebody's voice arrives. @param {Stage} other */
  async hears(other) {
    const deadline = Date.now() + 15_000;
    while (!(Stage.of(await this.sample(), other.id, 'microphone')?.packetsReceived > 0)) {
      assert(Date.now() < deadline, `${this.name} does not hear ${other.name}`);
      await pause(100);
    }
  }

  async close() {
    if (!this.page.isClosed()) await this.page.close().catch(() => {});
    await this.context.close().catch(() => {});
  }
}

/** The longest time between two frames. @param {Frame[]} frames */
export function worstGap(frames) {
  return frames.slice(1).reduce((worst, { at }, i) => Math.max(worst, at - frames[i].at), 0);
}

/** What `install` made, seen from the page. @returns {any} */
function inPage() {
  return /** @type {any} */ (window).stage;
}

/**
 * Runs in the page before anything else.
 * @param {boolean} paired the first audio and the first video slot are one stream for the browser. Only of such a pair does Chromium say when it plays what (and then it plays them together)
 */
function install(paired) {
  const SVC_BITRATE = 1_500_000;
  /** @type {any} */ const page = window;
  /** @type {RTCPeerConnection[]} */ const connections = [];
  /** @type {Map<string, {element: HTMLVideoElement, frames: Frame[]}>} */ const shown = new Map();
  /** @type {Publication | null} */ let publishing = null;

  const now = () => performance.timeOrigin + performance.now();
  /** The one with the server: the SDK makes others for a moment, to see what the browser can send. */
  const connection = () => connections.filter(({ connectionState }) => connectionState === 'connected').at(-1) ?? connections[connections.length - 1];
  page.inPage = () => page.stage;
  const Connection = page.RTCPeerConnection;
  page.RTCPeerConnection = class extends Connection {
    /** @param {any[]} parameters */
    constructor(...parameters) {
      super(...parameters);
      connections.push(/** @type {any} */ (this));
    }

    /** @param {RTCSessionDescriptionInit} answer */
    setRemoteDescription(answer) {
      const pair = ['audio', 'video'].map(kind => answer.sdp?.split(/^(?=m=)/m).find(section => section.startsWith(`m=${kind}`) && section.includes('a=sendonly')));
      let sdp = answer.sdp ?? '';
      if (paired) for (const section of pair) if (section) sdp = sdp.replace(section, section.replace(/^(a=msid:|a=ssrc:\d+ msid:)\S+/gm, '$1pair'));
      return super.setRemoteDescription({ ...answer, sdp });
    }

    /** A publication may have other layers than the room, or one encoding for SVC where the SDK makes none; one with a codec offers no other. @param {any} media @param {any} init */
    addTransceiver(media, init) {
      const what = media instanceof MediaStreamTrack && init?.sendEncodings?.length ? publishing : null;
      const sendEncodings = what?.scalabilityMode && !init.sendEncodings[0].scalabilityMode ? [{ scalabilityMode: what.scalabilityMode, maxBitrate: SVC_BITRATE }] : what?.layers;
      const transceiver = super.addTransceiver(media, { ...init, ...(sendEncodings ? { sendEncodings } : {}) });
      const prefer = transceiver.setCodecPreferences.bind(transceiver);
      const wanted = (/** @type {RTCRtpCodec} */ { mimeType }) => !what?.codec || [what.codec, 'rtx'].some(name => mimeType.endsWith(`/${name}`));
      transceiver.setCodecPreferences = (/** @type {RTCRtpCodec[]} */ codecs) => prefer(codecs.filter(wanted));
      return transceiver;
    }
  };

  /** @param {HTMLVideoElement} element @param {Frame[]} frames */
  function keepFrames(element, frames) {
    /** @type {MediaStreamTrack | null} */ let watched = null;
    element.addEventListener('loadedmetadata', async () => {
      const [track] = /** @type {MediaStream} */ (element.srcObject)?.getVideoTracks() ?? [];
      if (!track || watched === track) return;
      watched = track;
      const copy = track.clone();
      const reader = new page.MediaStreamTrackProcessor({ track: copy, maxBufferSize: 30 }).readable.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (watched === track) frames.push({ at: now(), width: value.displayWidth, height: value.displayHeight });
        value.close();
        if (watched !== track) return copy.stop();
      }
    });
  }

  page.stage = {
    /** @type {any} */ room: null,
    /** @type {any[]} */ events: [],

    /** @param {string} room @param {string} name @param {number} [videoSlots] */
    async join(room, name, videoSlots) {
      const { connect } = await import(/** @type {any} */ ('/sdk/weir.js'));
      this.room = await connect('/', { room, name, ...(videoSlots ? { videoSlots } : {}) });
      this.room.on('slot', (/** @type {any} */ slot) => this.events.push({ at: now(), ...slot }));
      return this.room.localParticipant.participantId;
    },

    /** @param {Publication} what */
    async publish(what) {
      publishing = what;
      const { width, height, frameRate = 30, audio = false, codec, scalabilityMode } = what;
      await this.room.publish({ audio, video: { width, height, frameRate }, ...(codec ? { codec } : {}), ...(scalabilityMode ? { scalabilityMode } : {}) });
    },

    async shareScreen() {
      publishing = null;
      const tracks = await this.room.shareScreen({ video: { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { max: 15 } }, audio: false });
      return tracks[0].media?.getSettings();
    },

    /** @param {string} id @param {number} height @param {'camera' | 'screen'} source */
    show(id, height, source) {
      const key = `${source} ${id}`;
      let { element, frames } = shown.get(key) ?? {};
      if (!element || !frames) {
        element = document.createElement('video');
        frames = [];
        shown.set(key, { element, frames });
        keepFrames(element, frames);
        document.body.append(element);
        element.style.cssText = 'position:absolute; left:0; top:0; max-width:none; max-height:none;';
        this.room.attach(element, id, source);
      }
      element.style.display = height > 0 ? 'block' : 'none';
      element.style.height = `${height}px`;
      element.style.width = `${Math.round(height * 16 / 9)}px`;
      return now();
    },

    /** @param {string} id @param {number} intervalMs */
    async stormKeyframes(id, intervalMs) {
      const { tracks } = await this.room.getStats();
      const { mid } = tracks.find((/** @type {any} */ track) => track.participantId === id && track.source === 'camera' && track.direction === 'receive');
      const code = 'onrtctransform = ({ transformer }) => {'
        + ' transformer.readable.pipeTo(transformer.writable);'
        + ' onmessage = ({ data }) => setInterval(() => transformer.sendKeyFrameRequest().catch(() => {}), data); };';
      const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
      const receiver = connection().getTransceivers().find(transceiver => transceiver.mid === mid)?.receiver;
      /** @type {any} */ (receiver).transform = new page.RTCRtpScriptTransform(worker);
      setTimeout(() => worker.postMessage(intervalMs), 1000);
    },

    /** @param {string} id @param {string} source @param {number} since */
    frames(id, source, since) {
      return shown.get(`${source} ${id}`)?.frames.filter(({ at }) => at >= since) ?? [];
    },

    async sample() {
      const at = now();
      const report = await connection().getStats();
      const { tracks } = await this.room.getStats();
      const owner = (/** @type {string} */ mid) => tracks.find((/** @type {any} */ track) => track.mid === mid && track.direction === 'receive');
      const entries = [...report.values()];
      const named = (/** @type {any} */ entry) => ({ ...entry, participantId: owner(entry.mid)?.participantId, source: owner(entry.mid)?.source, codec: report.get(entry.codecId)?.mimeType?.split('/')[1] });
      const pair = entries.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded');
      return {
        at, inbound: entries.filter(({ type }) => type === 'inbound-rtp').map(named), outbound: entries.filter(({ type }) => type === 'outbound-rtp').map(named),
        rttMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1000,
      };
    },
  };
}
