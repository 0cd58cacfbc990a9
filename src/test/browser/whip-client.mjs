// WHIP and WHEP clients for tests: a browser's page that speaks RFC 9725 with fetch, and GStreamer's webrtcbin in a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pause, root } from './harness.mjs';

/** @import { Page } from 'puppeteer-core' */
/** @import { People } from './harness.mjs' */
/** @typedef {{status: number, location: string, etag: string, participantId: string, body: string}} Opened */
/** @typedef {{frames: number, codec: string, samples: number, energy: number, packets: number, sent: number, state: string}} Figures */
/** @typedef {{peer: RTCPeerConnection, location: string, answer: string}} InPage */

const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const TIMEOUT_MS = 20_000;

/** A page that publishes or plays, without the SDK. */
export class MediaPage {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * @param {People} people
   * @param {'chromium' | 'firefox'} kind
   */
  static async open(people, kind) {
    const browser = await people.browser(kind);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    people.all.push({ close: () => context.close() });
    page.on('pageerror', error => people.log.push(`${kind}: ${error}`));
    await page.goto(`${people.url}/healthz`);
    return new MediaPage(page);
  }

  /** @param {string} url @param {string[]} [codecs] the video codecs to offer @returns {Promise<Opened>} */
  publish(url, codecs) {
    return this.page.evaluate(exchange, url, true, codecs ?? []);
  }

  /** @param {string} url @returns {Promise<Opened>} */
  play(url) {
    return this.page.evaluate(exchange, url, false, []);
  }

  /** @param {string} codec */
  decodes(codec) {
    return this.page.evaluate(name => RTCRtpReceiver.getCapabilities('video')?.codecs.some(({ mimeType }) => mimeType === `video/${name}`) ?? false, codec);
  }

  /** @returns {Promise<Figures>} */
  figures() {
    return this.page.evaluate(read);
  }

  /** Waits for figures that a test accepts. @param {string} what @param {(figures: Figures) => boolean} accept @param {number} [timeoutMs] */
  async until(what, accept, timeoutMs = TIMEOUT_MS) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const figures = await this.figures();
      if (accept(figures)) return figures;
      assert(Date.now() < deadline, `not within ${timeoutMs} ms: ${what}; ${JSON.stringify(figures)}`);
      await pause(100);
    }
  }

  /** Sends a candidate for the ICE session that is named so. @param {string} etag @returns {Promise<number>} the status */
  trickle(etag) {
    return this.page.evaluate(trickle, etag);
  }

  /** @returns {Promise<{status: number, etag: string}>} */
  restartIce() {
    return this.page.evaluate(restart);
  }

  /** @returns {Promise<number>} the status */
  delete() {
    return this.page.evaluate(async () => (await fetch(/** @type {InPage} */ (Reflect.get(window, 'media')).location, { method: 'DELETE' })).status);
  }
}

/** In the page. @param {string} url @param {boolean} sends @param {string[]} codecs @returns {Promise<Opened>} */
async function exchange(url, sends, codecs) {
  const peer = new RTCPeerConnection();
  if (sends) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } });
    for (const track of stream.getTracks()) {
      const transceiver = peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      const known = track.kind === 'video' && codecs.length ? RTCRtpReceiver.getCapabilities('video')?.codecs : undefined;
      if (known) transceiver.setCodecPreferences(known.filter(({ mimeType }) => codecs.includes(mimeType.slice(6)) || mimeType === 'video/rtx'));
    }
  } else {
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    const video = Object.assign(document.createElement('video'), { autoplay: true });
    document.body.append(video);
    peer.ontrack = ({ streams }) => { video.srcObject = streams[0] ?? null; };
  }
  await peer.setLocalDescription();
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: peer.localDescription?.sdp ?? '' });
  const body = await response.text();
  const location = response.headers.get('Location') ?? '';
  if (response.status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: body });
  Reflect.set(window, 'media', { peer, location, answer: body });
  return { status: response.status, location, etag: response.headers.get('ETag') ?? '', participantId: response.headers.get('Weir-Participant') ?? '', body };
}

/** In the page. @returns {Promise<Figures>} */
async function read() {
  const { peer } = /** @type {InPage} */ (Reflect.get(window, 'media'));
  /** @type {Figures} */
  const figures = { frames: 0, codec: '', samples: 0, energy: 0, packets: 0, sent: 0, state: peer.connectionState };
  const report = await peer.getStats();
  report.forEach(entry => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
      figures.frames = entry.framesDecoded ?? 0;
      figures.codec = entry.codecId ? report.get(entry.codecId)?.mimeType ?? '' : '';
    } else if (entry.type === 'inbound-rtp') {
      figures.samples = entry.totalSamplesReceived ?? 0;
      figures.energy = entry.totalAudioEnergy ?? 0;
      figures.packets = entry.packetsReceived ?? 0;
    } else if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
      figures.sent += entry.framesEncoded ?? 0;
    }
  });
  return figures;
}

/** In the page. @param {string} etag @returns {Promise<number>} */
async function trickle(etag) {
  const { peer, location } = /** @type {InPage} */ (Reflect.get(window, 'media'));
  const lines = (peer.localDescription?.sdp ?? '').split('\r\n');
  const wanted = lines.filter(line => /^a=(ice-ufrag|ice-pwd):/.test(line)).slice(0, 2);
  const candidates = lines.filter(line => line.startsWith('a=candidate:'));
  const body = [...wanted, 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', ...candidates, 'a=end-of-candidates', ''].join('\r\n');
  return (await fetch(location, { method: 'PATCH', headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': etag }, body })).status;
}

/** In the page: new credentials go there by PATCH, the server's new ones take the place of those in its answer. @returns {Promise<{status: number, etag: string}>} */
async function restart() {
  const media = /** @type {InPage} */ (Reflect.get(window, 'media'));
  const offer = await media.peer.createOffer({ iceRestart: true });
  await media.peer.setLocalDescription(offer);
  const credentials = (/** @type {string} */ sdp) => ['ice-ufrag', 'ice-pwd'].map(name => new RegExp(`a=${name}:.*`).exec(sdp)?.[0].trim() ?? '');
  const body = `${credentials(offer.sdp ?? '').join('\r\n')}\r\n`;
  const response = await fetch(media.location, { method: 'PATCH', headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' }, body });
  if (response.status === 200) {
    const [ufrag = '', pwd = ''] = credentials(await response.text());
    media.answer = media.answer.replace(/a=ice-ufrag:.*/g, ufrag).replace(/a=ice-pwd:.*/g, pwd);
    await media.peer.setRemoteDescription({ type: 'answer', sdp: media.answer });
  }
  return { status: response.status, etag: response.headers.get('ETag') ?? '' };
}

/** GStreamer, which publishes a moving ball and ticks by whip-publisher.py. */
export class GstPublisher {
  /** @type {Record<string, any>[]} */ said = [];
  errors = '';

  /** @param {People} people @param {string} url @param {'VP8' | 'H264'} codec */
  constructor(people, url, codec) {
    this.process = spawn(PYTHON, [join(root, 'src/test/browser/whip-publisher.py'), url, codec], { stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: this.process.stdout }).on('line', line => this.said.push(JSON.parse(line)));
    this.process.stderr.on('data', data => { this.errors += data; });
    people.all.push({ close: async () => { this.process.kill('SIGKILL'); } });
  }

  /** Waits for it to say something of that name. @param {string} name @param {(value: any) => boolean} accept */
  async says(name, accept = () => true) {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = this.said.find(entry => name in entry && accept(entry[name]));
      if (found) return found;
      assert(Date.now() < deadline, `GStreamer did not say ${name}: ${JSON.stringify(this.said)} ${this.errors}`);
      await pause(50);
    }
  }

  /** Ends it by a DELETE, as GStreamer's own sink does. */
  async end() {
    this.process.stdin.end('bye\n');
    return (await this.says('deleted'))['deleted'];
  }

  /** Ends it without a word. */
  vanish() {
    this.process.kill('SIGKILL');
  }
}
