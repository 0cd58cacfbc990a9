// Calls between real browsers by the real page: what is decoded, not what is connected.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kill } from './browsers.mjs';
import { SMALL, fixture, long, median, pause, seconds } from './harness.mjs';

/** @import { Person } from './harness.mjs' */
/** @import { TrackStatistics } from '../../main/resources/webroot/sdk/weir.js' */

const MEDIUM = 'width=640&height=360';
const RELOADS = long ? 20 : 5;
/** Of the frames that the sender encoded in the same time; a watch starts and ends somewhere between two frames. */
const LEAST_SHARE = 0.85;
/** What PROTOCOL says of leaving abruptly, and a second or two for two busy cores. */
const LOST_MS = 3000 + 1500;
const LEFT_MS = 8000 + 3000;

const { room, test: withPeople, browser } = fixture();
/** @type {number[]} */
const firstFrames = [];
/** @type {Set<string>} */
const noted = new Set();

test('two Chromiums see and hear each other', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: MEDIUM });
  const ben = await people.join(name, 'Ben', { query: MEDIUM });
  await watch([ada, ben]);
}));

test('Chromium and Firefox see and hear each other', { timeout: 240_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: MEDIUM });
  const fox = await people.join(name, 'Fox', { kind: 'firefox', query: MEDIUM });
  await watch([ada, fox]);
}));

test('four people see and hear each other, and go on when one closes the tab', { timeout: 300_000 }, withPeople(async people => {
  const name = room();
  const all = [];
  for (const each of ['Ada', 'Ben', 'Cy', 'Dee']) all.push(await people.join(name, each, { query: SMALL }));
  await watch(all);

  const [gone, ...rest] = all;
  const at = Date.now();
  await gone.page.close();
  for (const person of rest) {
    const { detail } = await person.event('participant:leave', ({ participantId }) => participantId === gone.id, LEFT_MS);
    assert(['left', 'lost'].includes(detail.reason), `a closed tab is left or lost, not ${detail.reason}`);
    console.log(`${person.name} learned after ${Date.now() - at} ms that a tab was closed: ${detail.reason}`);
    assert.equal(await person.page.evaluate(() => window.weirRoom?.participantCount), 3);
  }
  await watch(rest, Math.min(seconds, 5));
}));

test('a killed browser is shown as lost, then leaves as lost', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  const killed = await people.join(name, 'Kim', { process: 'to be killed' });
  await ada.sees(killed);
  kill(await browser('chromium', 'to be killed'));
  const at = Date.now();
  await ada.event('participant:update', ({ participantId, connection }) => participantId === killed.id && connection === 'lost', LOST_MS);
  const { detail } = await ada.event('participant:leave', ({ participantId }) => participantId === killed.id, LEFT_MS);
  assert.equal(detail.reason, 'lost');
  console.log(`a killed browser left after ${Date.now() - at} ms`);
  await watch([ada, ben], Math.min(seconds, 5));
}));

test(`a tab reloaded ${RELOADS} times decodes each time and leaves no ghost`, { timeout: 60_000 + RELOADS * 30_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  for (let i = 0; i < RELOADS; i++) {
    const before = ben.id;
    await ben.open();
    await ben.joined();
    assert.notEqual(ben.id, before);
    await ben.sees(ada);
    await ada.sees(ben);
    await noteFirstFrame(ben);
  }
  await ada.until('nobody but Ben is left', () => window.weirRoom?.participantCount === 2, [], LEFT_MS);
}));

test('from joining to the first picture', () => {
  assert(firstFrames.length > 0, 'no call got as far as a picture');
  console.log(`join to first frame: p50 ${median(firstFrames).toFixed(0)} ms, worst ${Math.max(...firstFrames).toFixed(0)} ms, of ${firstFrames.length}`);
});

/**
 * Watches a call: everyone decodes everyone else at the rate that is sent, hears him, and loses nothing.
 * @param {Person[]} people
 * @param {number} [watched] seconds
 */
async function watch(people, watched = seconds) {
  const pairs = people.flatMap(viewer => people.filter(other => other !== viewer).map(other => ({ viewer, other })));
  for (const { viewer, other } of pairs) await viewer.sees(other);
  for (const viewer of people.slice(1)) await noteFirstFrame(viewer); // The first one waited for company, not for us.
  const before = await statsOf(people);
  await pause(watched * 1000);
  const after = await statsOf(people);

  for (const { viewer, other } of pairs) {
    const who = `${viewer.name} of ${other.name}`;
    const [from, to] = [received(before, viewer, other, 'video'), received(after, viewer, other, 'video')];
    assert(from && to, `${who}: there is no video slot`);
    const sent = sentFrames(before, after, other, to.frameHeight);
    const decoded = to.framesDecoded - from.framesDecoded;
    console.log(`${who}: ${decoded} of ${sent} frames in ${watched} s, ${to.frameWidth}x${to.frameHeight} ${to.codec}, lost ${to.packetsLost}, freezes ${to.freezeCount}`);
    assert(sent > 0, `${other.name} sends nothing`);
    assert(decoded >= LEAST_SHARE * sent, `${who}: only ${decoded} of ${sent} frames were decoded`);
    assert.equal(to.packetsLost, 0, `${who}: video packets were lost`);
    assert(await viewer.contrast(other) > 20, `${who}: the picture is of one colour`);

    const [quiet, loud] = [received(before, viewer, other, 'audio'), received(after, viewer, other, 'audio')];
    assert(quiet && loud, `${who}: there is no audio slot`);
    assert(loud.totalAudioEnergy > quiet.totalAudioEnergy, `${who}: no audio energy arrives`);
    assert.equal(loud.packetsLost, 0, `${who}: audio packets were lost`);
  }
}

/** @param {Person[]} people @returns {Promise<Map<Person, TrackStatistics[]>>} */
async function statsOf(people) {
  return new Map(await Promise.all(people.map(async person => /** @type {const} */ ([person, await person.stats()]))));
}

/** @param {Map<Person, TrackStatistics[]>} stats @param {Person} viewer @param {Person} other @param {'audio' | 'video'} kind */
function received(stats, viewer, other, kind) {
  return stats.get(viewer)?.find(each => each.direction === 'receive' && each.kind === kind && each.participantId === other.id);
}

/**
 * How many frames of the layer that is decoded were encoded meanwhile.
 * @param {Map<Person, TrackStatistics[]>} before
 * @param {Map<Person, TrackStatistics[]>} after
 * @param {Person} sender
 * @param {number} height
 */
function sentFrames(before, after, sender, height) {
  const layers = (after.get(sender) ?? []).filter(({ direction, kind }) => direction === 'send' && kind === 'video').map(layer => ({
    height: layer.frameHeight,
    frames: layer.framesEncoded - (before.get(sender)?.find(({ direction, kind, rid }) => direction === 'send' && kind === 'video' && rid === layer.rid)?.framesEncoded ?? 0),
  }));
  const active = layers.filter(({ frames }) => frames > 0);
  return (active.find(layer => layer.height === height) ?? active.sort((a, b) => a.frames - b.frames)[0])?.frames ?? 0;
}

/** @param {Person} person */
async function noteFirstFrame(person) {
  const ms = await person.firstFrameMs();
  if (ms !== null && !noted.has(person.id)) firstFrames.push(ms);
  noted.add(person.id);
}
