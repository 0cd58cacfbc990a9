// WHIP and WHEP with real clients: GStreamer and Chromium publish, Chromium and Firefox play, and a person in the room sees and hears them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, pause } from './harness.mjs';
import { GstPublisher, MediaPage } from './whip-client.mjs';

/** @import { Person } from './harness.mjs' */

const WATCHES = 'audio=0&video=0';
const WATCH_MS = 4000;
const LEAVE_MS = 2000;
/** Who vanishes leaves after 8 s of silence. */
const VANISH_MS = 12_000;
const SAMPLES_PER_SECOND = 48_000;

const { room, test: withPeople } = fixture();

for (const codec of /** @type {const} */ (['VP8', 'H264'])) {
  test(`GStreamer publishes in ${codec}: a person sees and hears it, and sees it leave`, { timeout: 120_000 }, withPeople(async people => {
    const name = room();
    const ada = await people.join(name, 'Ada', { query: WATCHES });
    const camera = new GstPublisher(people, `${people.url}/whip/${name}?name=Encoder`, codec);
    const answered = await camera.says('status');
    assert.equal(answered['status'], 201, answered['body']);
    await camera.says('connection', state => state === 'connected');
    const id = answered['participant'];
    const { detail } = await ada.event('participant:join', ({ participantId }) => participantId === id, LEAVE_MS);
    assert.equal(detail.displayName, 'Encoder');
    const frames = await watch(ada, id);
    console.log(`${codec}: ${frames} frames decoded in ${WATCH_MS / 1000} s`);
    assert(frames > WATCH_MS / 1000 * 8, `only ${frames} frames`);
    await ada.until('its ticks are heard', async publisher => {
      const { tracks } = await /** @type {NonNullable<typeof window.weirRoom>} */ (window.weirRoom).getStats();
      return tracks.some(({ direction, kind, participantId, bytes }) => direction === 'receive' && kind === 'audio' && participantId === publisher && (bytes ?? 0) > 0);
    }, [id]);
    assert.equal(await camera.end(), 200);
    await leaves(ada, id, 'left', LEAVE_MS);
  }));
}

test('a publisher that vanishes leaves the room by itself', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: WATCHES });
  const camera = new GstPublisher(people, `${people.url}/whip/${name}`, 'VP8');
  const { participant } = await camera.says('participant');
  await camera.says('connection', state => state === 'connected');
  await pause(1000);
  camera.vanish();
  const since = Date.now();
  await leaves(ada, participant, 'lost', VANISH_MS);
  console.log(`it left ${((Date.now() - since) / 1000).toFixed(1)} s after it vanished`);
}));

test('Chromium publishes by WHIP: trickled candidates, an ICE restart that nobody sees, and a DELETE', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: WATCHES });
  const camera = await MediaPage.open(people, 'chromium');
  const opened = await camera.publish(`${people.url}/whip/${name}?name=Camera`);
  assert.equal(opened.status, 201, opened.body);
  await camera.until('it is connected', ({ state }) => state === 'connected');
  assert(await watch(ada, opened.participantId) > WATCH_MS / 1000 * 5);
  assert.equal(await camera.trickle(opened.etag), 204);
  const restarted = await camera.restartIce();
  assert.equal(restarted.status, 200);
  assert.notEqual(restarted.etag, opened.etag);
  assert.equal(await camera.trickle(opened.etag), 412);
  await pause(1000);
  const frames = await watch(ada, opened.participantId);
  console.log(`${frames} frames decoded in the ${WATCH_MS / 1000} s after the ICE restart`);
  assert(frames > WATCH_MS / 1000 * 5, `only ${frames} frames after the restart`);
  assert.equal(await camera.trickle(restarted.etag), 204);
  assert.equal(await camera.delete(), 200);
  await leaves(ada, opened.participantId, 'left', LEAVE_MS);
  assert.equal(await camera.delete(), 404);
}));

for (const kind of /** @type {const} */ (['chromium', 'firefox'])) {
  test(`${kind} plays by WHEP what a person and what an encoder publish`, { timeout: 180_000 }, withPeople(async people => {
    const name = room();
    const ada = await people.join(name, 'Ada');
    const speaker = await MediaPage.open(people, kind);
    assert.equal((await speaker.play(`${people.url}/whep/${name}`)).status, 201);
    await plays(speaker, `${kind}, whoever speaks`);
    const one = await MediaPage.open(people, kind);
    const sent = await one.decodes('H264') ? 'H264' : 'VP8';
    if (sent === 'VP8') console.log(`NOT TESTED: this ${kind} has no H264`);
    const camera = new GstPublisher(people, `${people.url}/whip/${name}`, sent);
    const { participant } = await camera.says('participant');
    const opened = await one.play(`${people.url}/whep/${name}/${participant}`);
    assert.equal(opened.status, 201, opened.body);
    const { codec } = await plays(one, `${kind}, the encoder`);
    assert.equal(codec, `video/${sent}`);
    assert.equal(await one.delete(), 200);
    await one.until('the server has closed it', ({ state }) => state !== 'connected');
    await leaves(ada, opened.participantId, 'left', LEAVE_MS);
  }));
}

/** Frames of somebody that a person decodes in a while. @param {Person} person @param {string} participantId */
async function watch(person, participantId) {
  const other = /** @type {Person} */ ({ id: participantId, name: participantId });
  await person.sees(other);
  const before = await person.decoded(other);
  await pause(WATCH_MS);
  return await person.decoded(other) - before;
}

/** @param {Person} person @param {string} participantId @param {string} reason @param {number} timeoutMs */
async function leaves(person, participantId, reason, timeoutMs) {
  await person.event('participant:leave', detail => detail.participantId === participantId && detail.reason === reason, timeoutMs);
}

/** Pictures and sound come, at the rate at which they are made. @param {MediaPage} player @param {string} what */
async function plays(player, what) {
  await player.until(`${what}: picture and sound`, ({ frames, samples }) => frames > 0 && samples > 0);
  const before = await player.figures();
  await pause(WATCH_MS);
  const after = await player.figures();
  const frames = after.frames - before.frames;
  const samples = after.samples - before.samples;
  console.log(`${what}: ${frames} frames of ${after.codec} and ${samples} samples decoded in ${WATCH_MS / 1000} s, energy ${(after.energy - before.energy).toExponential(1)}`);
  assert(frames > WATCH_MS / 1000 * 5, `only ${frames} frames`);
  assert(samples > WATCH_MS / 1000 * SAMPLES_PER_SECOND / 2, `only ${samples} samples`);
  assert(after.packets > before.packets, 'no packet of sound came');
  assert(after.energy > before.energy, 'there is nothing but silence');
  return after;
}
