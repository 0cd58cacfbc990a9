// What the SDK promises beyond a plain call, against the real server.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixture, pause, root } from './harness.mjs';

/** @import { Person } from './harness.mjs' */
/** @import { Room } from '../../main/resources/webroot/sdk/weir.js' */

const SHOTS = join(root, 'target/screenshots');
const SIZES = [[360, 740], [1024, 768], [1920, 1080]];

const { room, test: withPeople } = fixture();

test('a mute is told to the others, stops the picture, and is undone', { timeout: 120_000 }, withPeople(async people => {
  const [ada, ben] = await two(people);
  await ada.page.evaluate(() => window.weirRoom?.setMuted('camera', true));
  const muted = await ben.event('track:mute', detail => detail.participantId === ada.id && detail.muted, 5000);
  assert.equal(muted.detail.source, 'camera');
  await pause(1000);
  const still = await ben.decoded(ada);
  await pause(1500);
  assert.equal(await ben.decoded(ada), still, 'a muted camera was decoded');
  await ada.page.evaluate(() => window.weirRoom?.setMuted('camera', false));
  await ben.event('track:mute', detail => detail.participantId === ada.id && !detail.muted, 5000);
  await ben.sees(ada);
  await ada.page.evaluate(() => window.weirRoom?.setMuted('microphone', true));
  await ben.event('track:mute', detail => detail.participantId === ada.id && detail.muted && detail.source === 'microphone', 5000);
  await ben.until('shows the microphone as off', id => !document.querySelector(`[data-key="camera ${id}"] .tile-muted`)?.hasAttribute('hidden'), [ada.id], 2000);
}));

test('what is unpublished is gone, and can be published again', { timeout: 120_000 }, withPeople(async people => {
  const [ada, ben] = await two(people);
  await ada.page.evaluate(() => window.weirRoom?.unpublish('camera'));
  await ben.event('track:unpublish', detail => detail.participantId === ada.id && detail.source === 'camera', 5000);
  assert.equal(await ben.page.evaluate(id => window.weirRoom?.participants.get(id)?.tracks.has('camera'), ada.id), false);
  await ada.page.evaluate(() => window.weirRoom?.publish({ video: { width: 320, height: 180 } }));
  await ben.sees(ada);
  const sections = await ada.page.evaluate(async () => (await /** @type {Room} */ (window.weirRoom).getStats()).tracks.filter(({ direction, kind }) => direction === 'send' && kind === 'video').length);
  assert.equal(sections, 1, 'the freed m-line is reused');
}));

test('a hidden tile gets not one packet, and its picture comes back when it is shown', { timeout: 120_000 }, withPeople(async people => {
  const [ada, ben] = await two(people);
  await setHidden(ben, ada, true);
  await pause(1500);
  const before = await videoPackets(ben);
  await pause(3000);
  assert.equal(await videoPackets(ben), before, 'packets came for a hidden tile');
  await setHidden(ben, ada, false);
  await ben.sees(ada);
}));

test('no video is received in audio-only mode', { timeout: 120_000 }, withPeople(async people => {
  const [ada, ben] = await two(people);
  await ben.page.evaluate(() => window.weirRoom?.setAudioOnly(true));
  await pause(1500);
  const before = await videoPackets(ben);
  await pause(2000);
  assert.equal(await videoPackets(ben), before);
  await ben.page.evaluate(() => window.weirRoom?.setAudioOnly(false));
  await ben.sees(ada);
}));

test('a late joiner sees all who are there, and one without devices sees them too', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  await pause(2000);
  const late = await people.join(name, 'Late');
  for (const other of [ada, ben]) await late.sees(other);
  const viewer = await people.join(name, 'Viewer', { query: 'video=0&audio=0' });
  for (const other of [ada, ben, late]) await viewer.sees(other);
  assert.equal(await viewer.page.evaluate(() => window.weirRoom?.participantCount), 4);
}));

test('a dropped socket is resumed, and media goes on meanwhile', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ben = await people.join(name, 'Ben');
  const ada = await people.join(name, 'Ada', { before: keepSockets });
  await ben.sees(ada);
  await ada.page.evaluate(() => window.openSockets?.at(-1)?.close(4900));
  await ada.event('connection:state', ({ state }) => state === 'reconnecting', 5000);
  await ada.event('connection:state', ({ state }) => state === 'connected', 10_000);
  assert.equal(await ada.page.evaluate(() => window.weirRoom?.localParticipant.participantId), ada.id);
  await ben.sees(ada);
  await ada.sees(ben);
  const left = (await ben.events()).filter(({ type }) => type === 'participant:leave');
  assert.deepEqual(left, []);
}));

test('the lobby and the room fit every screen', { timeout: 180_000 }, withPeople(async people => {
  mkdirSync(SHOTS, { recursive: true });
  const [ada, ben] = await two(people);
  for (const [width, height] of SIZES) {
    await ben.page.setViewport({ width, height });
    await pause(700);
    await ben.sees(ada);
    await shoot(ben, `room-${width}x${height}`);
    for (const tab of ['chat', 'people', 'rooms']) {
      await ada.page.setViewport({ width, height });
      await ada.page.evaluate(tab => {
        document.getElementById('open-people')?.click();
        document.getElementById(`tab-${tab}`)?.click();
      }, tab);
      await pause(200);
      await shoot(ada, `${tab}-${width}x${height}`);
      await ada.page.evaluate(() => document.getElementById('panel-close')?.click());
    }
  }
  await ben.page.goto(new URL('/', ben.address).href);
  for (const [width, height] of SIZES) {
    await ben.page.setViewport({ width, height });
    await ben.until('the preview shows', () => (/** @type {HTMLVideoElement | null} */ (document.getElementById('preview-video'))?.videoWidth ?? 0) > 0);
    await shoot(ben, `lobby-${width}x${height}`);
  }
}));

/** @param {import('./harness.mjs').People} people */
async function two(people) {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  await ben.sees(ada);
  return [ada, ben];
}

/** @param {Person} viewer */
async function videoPackets(viewer) {
  return (await viewer.stats()).filter(({ direction, kind }) => direction === 'receive' && kind === 'video').reduce((sum, { packets }) => sum + packets, 0);
}

/** @param {Person} viewer @param {Person} other @param {boolean} hidden */
async function setHidden(viewer, other, hidden) {
  await viewer.page.evaluate((id, on) => document.querySelector(`[data-key="camera ${id}"]`)?.toggleAttribute('hidden', on), other.id, hidden);
}

/** Takes a picture, and holds that nothing sticks out sideways. @param {Person} person @param {string} name */
async function shoot(person, name) {
  await person.page.screenshot({ path: /** @type {`${string}.png`} */ (join(SHOTS, `${name}.png`)) });
  const overflow = await person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, `${name} is too wide by ${overflow} px`);
}

/** Runs in the page before anything else. */
function keepSockets() {
  /** @type {WebSocket[]} */
  const sockets = [];
  window.openSockets = sockets;
  window.WebSocket = new Proxy(WebSocket, {
    construct(target, args) {
      const socket = Reflect.construct(target, args);
      sockets.push(socket);
      return socket;
    },
  });
}
