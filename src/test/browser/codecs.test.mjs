// Several codecs in one room: what is published and decoded in each, and what happens when somebody cannot decode.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, pause } from './harness.mjs';

/** @import { People, Person } from './harness.mjs' */
/** @import { Room, VideoCodec } from '../../main/resources/webroot/sdk/weir.js' */

const SENDS = 'audio=0&width=640&height=360';
const WATCHES = 'audio=0&video=0';
const WATCH_MS = 4000;
/** From the first sign that somebody cannot decode to his picture: an event, a new encoder and its keyframe, on two busy cores. */
const REMEDY_MS = 6000;
/** What a change of codec may cost those who could see all along, beyond the time between two frames. */
const LONGEST_GAP_MS = 1000;
const CODECS = /** @type {VideoCodec[]} */ (['VP8', 'VP9', 'H264', 'AV1']);

const { room, test: withPeople } = fixture();

for (const codec of CODECS) {
  test(`what Chromium publishes in ${codec} is decoded by Chromium and Firefox`, { timeout: 180_000 }, withPeople(async people => {
    const name = room();
    const ada = await people.join(name, 'Ada', { query: `${SENDS}&codec=${codec}` });
    await ada.until(`it sends ${codec}`, sendsIn, [codec]);
    console.log(`${codec}: ${await encodings(ada)}`);
    const viewers = [await people.join(name, 'Ben', { query: WATCHES })];
    const fox = await people.join(room(), 'Fox', { kind: 'firefox', query: WATCHES });
    const decodes = await fox.page.evaluate(() => RTCRtpReceiver.getCapabilities('video')?.codecs.map(({ mimeType }) => mimeType.slice(6)));
    if (decodes?.includes(codec)) viewers.push(await people.join(name, 'Fay', { kind: 'firefox', query: WATCHES }));
    else console.log(`NOT TESTED: this Firefox has no ${codec}: ${decodes?.join(', ')}`);
    for (const viewer of viewers) await viewer.sees(ada);
    const before = await Promise.all(viewers.map(viewer => viewer.decoded(ada)));
    await pause(WATCH_MS);
    for (const [i, viewer] of viewers.entries()) {
      const [stats] = (await viewer.stats()).filter(({ direction, kind, participantId }) => direction === 'receive' && kind === 'video' && participantId === ada.id);
      const frames = await viewer.decoded(ada) - before[i];
      console.log(`${codec}: ${viewer.name} decoded ${frames} frames in ${WATCH_MS / 1000} s, ${stats.frameWidth}x${stats.frameHeight} ${stats.codec}`);
      assert.equal(stats.codec?.toUpperCase(), codec);
      assert(frames > WATCH_MS / 1000 * 5, `only ${frames} frames`);
      assert(await viewer.contrast(ada) > 20, 'the picture is of one colour');
    }
  }));
}

for (const [from, decodes, to] of /** @type {VideoCodec[][]} */ ([['VP9', 'VP8', 'VP8'], ['AV1', 'H264', 'H264'], ['VP8', 'VP9', 'VP9']])) {
  test(`a viewer of ${decodes} alone makes a publisher of ${from} send ${to}, without a new offer`, { timeout: 180_000 }, withPeople(async people => {
    await remedy(people, { from, decodes, to, publisher: 'chromium' });
  }));
}

test('Firefox changes its codec as well', { timeout: 180_000 }, withPeople(async people => {
  await remedy(people, { from: 'VP9', decodes: 'VP8', to: 'VP8', publisher: 'firefox' });
}));

test('a browser that cannot change the codec of an encoding makes an offer of the other one', { timeout: 180_000 }, withPeople(async people => {
  await remedy(people, { from: 'VP8', decodes: 'VP9', to: 'VP9', publisher: 'chromium', before: forgetEncodingCodecs });
}));

test('where no codec suits all, the viewer is told and nothing is asked', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: `${SENDS}&codec=VP9`, before: keepWire });
  await people.join(name, 'Ben', { query: `${WATCHES}&codecs=VP9,AV1` });
  const cid = await people.join(name, 'Cid', { query: `${WATCHES}&codecs=VP8`, before: keepWire });
  await told(cid, 'track:undecodable', 'VP9');
  await pause(2000);
  assert.equal(await ada.page.evaluate(sendsIn, 'VP9'), true);
  assert.deepEqual(await wire(cid), ['track:undecodable VP9']);
  assert.deepEqual(await wire(ada), []);
}));

test('layers that the server switched off stay off through a new offer', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: SENDS, before: keepPeers });
  assert.equal(await ada.page.evaluate(activeLayers), 'q h');
  await ada.until('a layer is off, as nobody watches', async () => await Reflect.get(window, 'activeLayers')() !== 'q h', [], 20_000);
  const before = await ada.page.evaluate(activeLayers);
  await ada.page.evaluate(() => window.weirRoom?.publish({ audio: true }));
  await pause(1000);
  assert.equal(await ada.page.evaluate(activeLayers), before);
}));

test('a screen is one sharp encoding', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: WATCHES, before: fakeScreen });
  const ben = await people.join(name, 'Ben', { query: WATCHES });
  const shared = await ada.page.evaluate(async () => {
    const [track] = await /** @type {Room} */ (window.weirRoom).shareScreen();
    return { source: track.source, hint: track.media?.contentHint, codec: track.codec };
  });
  assert.deepEqual(shared, { source: 'screen', hint: 'detail', codec: 'VP8' });
  await ben.until('the screen is there in full size', async () => {
    const { tracks } = await /** @type {Room} */ (window.weirRoom).getStats();
    return tracks.some(({ direction, source, frameWidth, framesDecoded }) => direction === 'receive' && source === 'screen' && frameWidth === 1280 && framesDecoded > 5);
  }, [], 20_000);
  const [sent] = (await ada.stats()).filter(({ source, direction }) => source === 'screen' && direction === 'send');
  console.log(`the screen: ${sent.frameWidth}x${sent.frameHeight} ${sent.codec}, ${sent.framesPerSecond} frames a second`);
  assert.equal(sent.rid, null);
}));

test('a browser tells the server how it fares', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  await people.join(name, 'Ada', { query: SENDS });
  const ben = await people.join(name, 'Ben', { query: WATCHES, before: keepQuality });
  await ben.until('two reports are taken', () => Reflect.get(window, 'qualities').filter((/** @type {any} */ each) => each.answer === 'ok').length >= 2, [], 25_000);
  const [report] = await ben.page.evaluate(() => Reflect.get(window, 'qualities'));
  console.log(`quality: ${JSON.stringify(report)}`);
  assert.deepEqual(Object.keys(report.fields).sort(), ['cpuLimited', 'decodeLoad', 'framesDropped', 'jitterMs', 'lossIn', 'rttMs']);
}));

/**
 * Ada publishes, Ben watches all along, then Cid comes, who decodes less.
 * @param {People} people
 * @param {{from: VideoCodec, decodes: VideoCodec, to: VideoCodec, publisher: 'chromium' | 'firefox', before?: () => void}} scene
 */
async function remedy(people, { from, decodes, to, publisher, before }) {
  const name = room();
  const ada = await people.join(name, 'Ada', { kind: publisher, query: `${SENDS}&codec=${from}`, before });
  const ben = await people.join(name, 'Ben', { query: WATCHES, before: keepWire });
  await ben.sees(ada);
  await ada.until(`it sends ${from}`, sendsIn, [from]);
  const offers = await ada.page.evaluate(() => /** @type {Room} */ (window.weirRoom).localParticipant.tracks.get('camera')?.trackId);
  if (publisher === 'chromium' && !before) await showsLarge(ben, ada, from);
  await ben.page.evaluate(watchGaps, ada.id);
  await pause(3000);
  const usual = await ben.page.evaluate(takeGap);
  const cid = await people.join(name, 'Cid', { query: `${WATCHES}&codecs=${decodes}`, before: keepWire });
  await told(cid, 'track:undecodable', from);
  const at = Date.now();
  await cid.sees(ada, REMEDY_MS);
  console.log(`${publisher}: ${from} to ${to}: Cid sees ${Date.now() - at} ms after he was told; ${await encodings(ada)}`);
  await ada.until(`it sends ${to}`, sendsIn, [to]);
  await ben.sees(ada);
  await pause(1500);
  const gap = await ben.page.evaluate(takeGap);
  console.log(`${publisher}: ${from} to ${to}: Ben's longest gap between frames is ${gap.toFixed(0)} ms, before ${usual.toFixed(0)} ms`);
  assert(gap < usual + LONGEST_GAP_MS, `a freeze of ${gap} ms`);
  if (publisher === 'chromium' && !before) {
    await showsLarge(ben, ada, to);
    console.log(`${publisher}: ${from} to ${to}: in full size too; ${await encodings(ada)}`);
  }
  const dee = await people.join(name, 'Dee', { query: WATCHES });
  await dee.until(`the snapshot says ${to}`, (id, codec) => {
    const tracks = /** @type {Room} */ (window.weirRoom).participants.get(id)?.tracks;
    return [...tracks?.values() ?? []].some(track => track.source === 'camera' && track.codec === codec);
  }, [ada.id, to], 5000);
  assert.deepEqual(await wire(cid), [`track:undecodable ${from}`]);
  assert.deepEqual(await wire(ben), []);
  assert.equal(await ada.page.evaluate(() => /** @type {Room} */ (window.weirRoom).localParticipant.tracks.get('camera')?.trackId), offers, 'it is the same track');
}

/** A tile for the largest layer gets it, in this codec. @param {Person} viewer @param {Person} publisher @param {string} codec */
async function showsLarge(viewer, publisher, codec) {
  await viewer.page.evaluate(id => {
    const tile = /** @type {HTMLElement} */ (document.querySelector(`[data-key="camera ${id}"] video`));
    tile.style.cssText = 'position: fixed; top: 0; left: 0; width: 640px; height: 360px; z-index: 9';
  }, publisher.id);
  await viewer.until(`640x360 in ${codec}`, async (id, name) => {
    const { tracks } = await /** @type {Room} */ (window.weirRoom).getStats();
    return tracks.some(each => each.direction === 'receive' && each.kind === 'video' && each.participantId === id && each.frameHeight === 360 && each.codec?.toUpperCase() === name);
  }, [publisher.id, codec], 15_000);
}

/** @param {Person} person @param {string} type @param {string} codec */
async function told(person, type, codec) {
  await person.until(`it is told ${type} ${codec}`, words => Reflect.get(window, 'wire').includes(words), [`${type} ${codec}`], 10_000);
}

/** What the server said to somebody of codecs. @param {Person} person @returns {Promise<string[]>} */
async function wire(person) {
  return person.page.evaluate(() => Reflect.get(window, 'wire'));
}

/** What a publisher sends, for the log. @param {Person} person */
async function encodings(person) {
  const stats = await person.stats();
  return stats.filter(({ direction, kind, framesEncoded }) => direction === 'send' && kind === 'video' && framesEncoded > 0)
    .map(({ rid, codec, frameWidth, frameHeight, framesPerSecond }) => `${rid ?? 'one encoding'} ${codec} ${frameWidth}x${frameHeight} at ${framesPerSecond}`).join(', ');
}

// These run in pages.

/** @param {string} codec */
async function sendsIn(codec) {
  const { tracks } = await /** @type {Room} */ (window.weirRoom).getStats();
  return tracks.some(each => each.direction === 'send' && each.kind === 'video' && each.framesEncoded > 0 && each.codec?.toUpperCase() === codec);
}

/** @param {string} id */
function watchGaps(id) {
  const video = /** @type {HTMLVideoElement} */ (document.querySelector(`[data-key="camera ${id}"] video`));
  let last = performance.now();
  Object.assign(window, { gap: 0 });
  const onFrame = () => {
    const now = performance.now();
    Object.assign(window, { gap: Math.max(Reflect.get(window, 'gap'), now - last) });
    last = now;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(() => {
    last = performance.now();
    onFrame();
  });
}

/** @returns {number} */
function takeGap() {
  const gap = Reflect.get(window, 'gap');
  Object.assign(window, { gap: 0 });
  return gap;
}

function forgetEncodingCodecs() {
  const { addTransceiver } = RTCPeerConnection.prototype;
  const { setParameters, getParameters } = RTCRtpSender.prototype;
  const without = (/** @type {any[] | undefined} */ encodings) => encodings?.map(({ codec: _codec, ...rest }) => rest);
  RTCPeerConnection.prototype.addTransceiver = function (/** @type {any} */ track, /** @type {any} */ init) {
    return addTransceiver.call(this, track, init?.sendEncodings ? { ...init, sendEncodings: without(init.sendEncodings) } : init);
  };
  RTCRtpSender.prototype.setParameters = function (/** @type {any} */ parameters) {
    return setParameters.call(this, Object.assign(parameters, { encodings: without(parameters.encodings) }));
  };
  RTCRtpSender.prototype.getParameters = function () {
    const parameters = getParameters.call(this);
    return Object.assign(parameters, { encodings: without(parameters.encodings) });
  };
}

function keepPeers() {
  /** @type {RTCPeerConnection[]} */
  const peers = [];
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, args) {
      const pc = Reflect.construct(target, args);
      peers.push(pc);
      return pc;
    },
  });
  const activeLayers = () => peers.flatMap(pc => pc.getSenders()).filter(({ track }) => track?.kind === 'video')
    .flatMap(sender => sender.getParameters().encodings).filter(({ active }) => active).map(({ rid }) => rid).join(' ');
  Object.assign(window, { activeLayers });
}

/** @returns {string} */
function activeLayers() {
  return Reflect.get(window, 'activeLayers')();
}

/** Keeps what the server says of codecs, from the first word on. */
function keepWire() {
  /** @type {string[]} */
  const wire = [];
  Object.assign(window, { wire });
  window.WebSocket = new Proxy(WebSocket, {
    construct(target, args) {
      const socket = Reflect.construct(target, args);
      socket.addEventListener('message', (/** @type {MessageEvent} */ { data }) => {
        const { type, codec } = JSON.parse(data);
        if (['track:undecodable', 'publish:codec'].includes(type)) wire.push(`${type} ${codec}`);
      });
      return socket;
    },
  });
}

function fakeScreen() {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let line = 0;
    setInterval(() => {
      context.fillStyle = line % 720 === 0 ? 'white' : 'black';
      context.fillText(`line ${line}`, 10 + line % 900, line % 720);
      line += 12;
    }, 100);
    return canvas.captureStream(15);
  };
}

function keepQuality() {
  /** @type {{id: string, fields: object, answer?: string}[]} */
  const qualities = [];
  Object.assign(window, { qualities });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (/** @type {any} */ data) {
    const { type, id, ...fields } = JSON.parse(String(data));
    if (type === 'quality') {
      const quality = { id, fields, answer: '' };
      qualities.push(quality);
      this.addEventListener('message', event => {
        const answer = JSON.parse(event.data);
        if (answer.id === id) quality.answer = answer.type;
      });
    }
    send.call(this, data);
  };
}
