// A room's options, as posted, seen in a call of real Chromiums.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, pause } from './harness.mjs';
import { Stage } from './stage.mjs';
import { installEars, toneOf } from './tones.mjs';

/** @import { People } from './harness.mjs' */
/** @import { Sample } from './stage.mjs' */

const WATCH_MS = 5000;
const FULL = { width: 640, height: 360, frameRate: 30 };
/** Frames come unevenly, and a count over a few seconds starts and ends between two. */
const SLACK_FPS = 2.5;

const { room, test: withPeople } = fixture();

test('layers, their frame rates and bitrates are those of the room', { timeout: 120_000 }, withPeople(async people => {
  const layers = [
    { rid: 'q', width: 320, height: 180, maxBitrate: 120_000, maxFramerate: 8 },
    { rid: 'f', width: 640, height: 360, maxBitrate: 400_000, maxFramerate: 15 },
  ];
  const [publisher, viewer] = await call(people, { simulcast: { enabled: true, layers } });
  for (const [height, fps, kbps] of [[180, 8, 120], [360, 15, 400]]) {
    const at = await viewer.show(publisher.id, height);
    assert(await viewer.firstFrame(publisher.id, height, at, 20_000) < Infinity, `no frame of ${height} lines came`);
    await pause(1500);
    const [from, to] = await twice(viewer);
    const { frames, bytes, height: seen } = between(from, to, publisher.id);
    console.log(`${height} lines: ${frames.toFixed(1)} frames a second of at most ${fps}, ${bytes.toFixed(0)} kbps of at most ${kbps}`);
    assert.equal(seen, height);
    assert(frames <= fps + SLACK_FPS && frames > fps / 2, `${frames} frames a second, of at most ${fps}`);
    assert(bytes < 1.5 * kbps, `${bytes} kbps, of at most ${kbps}`);
  }
  const rids = (await publisher.sample()).outbound.filter(({ kind }) => kind === 'video').map(({ rid }) => rid).sort();
  assert.deepEqual(rids, ['f', 'q']);
}));

test('without simulcast there is one encoding, of the room\'s first codec', { timeout: 120_000 }, withPeople(async people => {
  const [publisher, viewer] = await call(people, { simulcast: { enabled: false }, codecs: ['VP9', 'VP8'] });
  const at = await viewer.show(publisher.id, 360);
  assert(await viewer.firstFrame(publisher.id, null, at, 20_000) < Infinity, 'nothing is seen');
  const sent = (await publisher.sample()).outbound.filter(({ kind }) => kind === 'video');
  assert.equal(sent.length, 1, `it sends ${sent.map(({ rid }) => rid)}`);
  assert.equal(sent[0].codec, 'VP9');
  assert.equal(Stage.of(await viewer.sample(), publisher.id)?.codec, 'VP9');
  const offered = await publisher.page.evaluate(() => /** @type {any} */ (window).stage.room.body.codecs);
  assert.deepEqual(offered, ['VP9', 'VP8']);
}));

test('as many are heard at once as the room has places for voices', { timeout: 120_000 }, withPeople(async people => {
  const name = await create(people, { audioSlots: 1 });
  const talkers = [];
  for (const who of /** @type {const} */ (['Ben', 'Cy'])) {
    const talker = await Stage.join(people, name, who, { before: installEars, query: toneOf(who) });
    await talker.page.evaluate(() => /** @type {any} */ (window).stage.room.publish({ audio: true }));
    talkers.push(talker);
  }
  const listener = await Stage.join(people, name, 'Listener');
  for (const talker of talkers) await listener.knows(talker, 'microphone');
  await pause(2000);
  const [from, to] = await twice(listener);
  const lines = to.inbound.filter(({ kind }) => kind === 'audio');
  const fed = lines.filter(line => line.packetsReceived > (from.inbound.find(({ mid, kind }) => kind === 'audio' && mid === line.mid)?.packetsReceived ?? 0));
  assert.equal(fed.length, 1, `sound came on ${fed.length} lines`);
  const places = await listener.page.evaluate(() => /** @type {any} */ (window).stage.room.body.audioSlots);
  assert.equal(places, 1);
}));

/** @param {People} people @param {object} options */
async function create(people, options) {
  const name = room();
  const answer = await fetch(`${people.url}/api/v1/rooms`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, ...options }) });
  assert.equal(answer.status, 201, await answer.text());
  return name;
}

/** A publisher and one who watches, in a room of these options. @param {People} people @param {object} options */
async function call(people, options) {
  const name = await create(people, options);
  const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher', flags: ['--use-fake-device-for-media-stream=fps=30'] });
  await publisher.publish(FULL);
  const viewer = await Stage.join(people, name, 'Viewer', { process: 'viewer' });
  await viewer.knows(publisher);
  return [publisher, viewer];
}

/** Two samples, some seconds apart. @param {Stage} viewer */
async function twice(viewer) {
  const from = await viewer.sample();
  await pause(WATCH_MS);
  return [from, await viewer.sample()];
}

/** @param {Sample} from @param {Sample} to @param {string} id */
function between(from, to, id) {
  const [before, after] = [Stage.of(from, id), Stage.of(to, id)];
  const seconds = (to.at - from.at) / 1000;
  return { frames: (after.framesDecoded - before.framesDecoded) / seconds, bytes: 8 * (after.bytesReceived - before.bytesReceived) / 1000 / seconds, height: after.frameHeight };
}
