// Tiles that change their size all the time: how soon a viewer has the layer that his tile asks for, and whether the picture ever stops for it.
import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { test } from 'node:test';
import { fixture, long, pause } from './harness.mjs';
import { Stage, worstGap } from './stage.mjs';

/** @import { Publication, Sample } from './stage.mjs' */

/** Two cores encode, forward and decode, so the costly codecs get a smaller capture; of that Chromium makes two spatial layers, whatever mode is asked for. */
const RUNS = [
  { publication: { codec: 'VP8', width: 1280, height: 720 }, heights: [180, 360, 720] },
  { publication: { codec: 'H264', width: 1280, height: 720 }, heights: [180, 360, 720] },
  { publication: { codec: 'VP9', scalabilityMode: 'L3T3_KEY', width: 640, height: 360 }, heights: [180, 360] },
  { publication: { codec: 'AV1', scalabilityMode: 'L3T3_KEY', width: 640, height: 360 }, heights: [180, 360] },
];
const SWITCHES = long ? 200 : 6;
const QUIET_MS = long ? 30_000 : 3000;
/** After a switch, so that the next one meets a stream at rest, or one that is still changing. */
const DWELL_MS = [50, 700];
/** Now and then long enough for the publisher to be told that nobody needs a layer, which takes 5 s. */
const LONG_DWELL_MS = 6500;
const LONG_DWELL_EVERY = long ? 10 : 5;
const SEED = Number(process.env['WEIR_TEST_SEED']) || 1;

/** The stated times; a test fails only far beyond them, since the machine may have other work. */
const ASKED_WITHIN_MS = 1000;
const GAP_MORE_MS = 250;
const SLACK = 3;
const FIRST_WITHIN_MS = 20_000;
/** Frames that have arrived and are on their way through the decoder. */
const UNDER_WAY = 5;
/** A tile uses the smallest layer of at least this share of its height. */
const ENOUGH = 0.75;

const { room, test: withPeople } = fixture();

for (const { publication, heights } of RUNS) {
  test(`${publication.codec}: ${SWITCHES} tile sizes, each served in time and without a stop`, { timeout: 180_000 + SWITCHES * 6000 }, t => withPeople(async people => {
    const name = room();
    const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher', flags: ['--use-fake-device-for-media-stream=fps=30'] });
    if (!await publisher.canSend(publication)) return t.skip(`this browser does not encode ${publication.codec}`);
    await publisher.publish({ ...publication, audio: true });
    const viewer = await Stage.join(people, name, 'Viewer', { process: 'viewer' });
    await viewer.knows(publisher);

    const top = heights[heights.length - 1];
    const toTopMs = await viewer.firstFrame(publisher.id, top, await viewer.show(publisher.id, top), FIRST_WITHIN_MS);
    assert(toTopMs < Infinity, `the top layer never came: ${JSON.stringify(Stage.of(await viewer.sample(), publisher.id))}`);
    const quiet = await gapWithoutSwitches(viewer, publisher, heights);
    const before = await samples(viewer, publisher);
    const start = before.viewer.at;
    const times = await switchAround(viewer, publisher, heights);
    const after = await samples(viewer, publisher);
    const gap = worstGap(await viewer.frames(publisher.id, start));
    report(publication, times, { toTopMs, quiet, gap, ...compare(before, after, viewer, publisher) });
  })());
}

/**
 * The worst gap between frames when nothing changes, over all layers.
 * @param {Stage} viewer
 * @param {Stage} publisher
 * @param {number[]} heights
 */
async function gapWithoutSwitches(viewer, publisher, heights) {
  let worst = 0;
  for (const height of heights) {
    const at = await viewer.show(publisher.id, height);
    const reached = at + await viewer.firstFrame(publisher.id, height, at, FIRST_WITHIN_MS);
    await pause(QUIET_MS / heights.length);
    worst = Math.max(worst, worstGap(await viewer.frames(publisher.id, reached)));
  }
  return worst;
}

/**
 * Shows a person at random sizes, each of which asks for another layer than the one before.
 * @param {Stage} viewer
 * @param {Stage} publisher
 * @param {number[]} heights
 */
async function switchAround(viewer, publisher, heights) {
  const random = generator(SEED);
  const times = [];
  let asked = heights[heights.length - 1];
  for (let i = 0; i < SWITCHES; i++) {
    let tile = 0;
    do tile = Math.round(60 + random() * 1.3 * heights[heights.length - 1]); while (layerFor(tile, heights) === asked);
    asked = layerFor(tile, heights);
    const at = await viewer.show(publisher.id, tile);
    const ms = await viewer.firstFrame(publisher.id, asked, at, SLACK * ASKED_WITHIN_MS);
    times.push({ asked, ms });
    if (ms > ASKED_WITHIN_MS) console.log(`${asked} lines after ${ms.toFixed(0)} ms: ${await whatWas(viewer, publisher, at)}`);
    await pause((i + 1) % LONG_DWELL_EVERY === 0 ? LONG_DWELL_MS : DWELL_MS[0] + random() * (DWELL_MS[1] - DWELL_MS[0]));
  }
  return times;
}

/** Who kept a layer back: the publisher, who does not send it, or the server, which sends another. @param {Stage} viewer @param {Stage} publisher @param {number} asked when */
async function whatWas(viewer, publisher, asked) {
  const change = (await viewer.layerChanges(publisher)).at(-1);
  const layers = (await publisher.sample()).outbound.filter(({ kind }) => kind === 'video')
    .map(({ rid, active, framesPerSecond, qualityLimitationReason }) => `${rid ?? 'all'} ${active ? `${framesPerSecond ?? 0} fps` : 'off'}${qualityLimitationReason === 'none' ? '' : ` (limited by ${qualityLimitationReason})`}`);
  return `the server says ${change?.layer}, as it did ${((change?.at ?? NaN) - asked).toFixed(0)} ms after the view, the publisher sends ${layers.join(', ')}; load ${loadavg()[0].toFixed(1)}`;
}

/**
 * @param {Publication} publication
 * @param {{asked: number, ms: number}[]} times
 * @param {{toTopMs: number, quiet: number, gap: number} & ReturnType<typeof compare>} seen
 */
function report({ codec, scalabilityMode = 'simulcast', height }, times, { toTopMs, quiet, gap, lost, undecoded, freezes, plis, plisToPublisher }) {
  const sorted = times.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const late = times.filter(({ ms }) => ms > ASKED_WITHIN_MS);
  console.log(`${codec} ${scalabilityMode} from ${height} lines, seed ${SEED}: ${times.length} switches, asked size after p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, worst ${at(1).toFixed(0)} ms`
    + ` (${late.length} above ${ASKED_WITHIN_MS} ms); first time at the top ${toTopMs.toFixed(0)} ms`);
  console.log(`${codec}: worst gap between frames ${gap.toFixed(0)} ms, ${quiet.toFixed(0)} without switches; PLIs of the viewer ${plis}, to the publisher ${plisToPublisher}; freezes ${freezes}, packets lost ${lost}, frames not decoded ${undecoded}`);
  assert.equal(lost, 0, 'packets were lost on the way over loopback');
  assert(undecoded <= UNDER_WAY, `${undecoded} frames came and were not decoded`);
  assert(plis <= 1 + times.length / 20, `the viewer had to ask for ${plis} keyframes`);
  assert(at(1) < Infinity, `a layer did not come within ${SLACK * ASKED_WITHIN_MS} ms`);
  assert(gap <= quiet + SLACK * GAP_MORE_MS, `the picture stood still for ${gap} ms, without switches for ${quiet} ms at most`);
}

/** @param {Stage} viewer @param {Stage} publisher */
async function samples(viewer, publisher) {
  return { viewer: await viewer.sample(), publisher: await publisher.sample() };
}

/**
 * What was counted between two samples.
 * @param {{viewer: Sample, publisher: Sample}} before
 * @param {{viewer: Sample, publisher: Sample}} after
 * @param {Stage} viewer
 * @param {Stage} publisher
 */
function compare(before, after, viewer, publisher) {
  const [from, to] = [Stage.of(before.viewer, publisher.id), Stage.of(after.viewer, publisher.id)];
  assert(from && to, `${viewer.name} has no slot for ${publisher.name}`);
  const [lost, freezes, plis, received, decoded, dropped] = ['packetsLost', 'freezeCount', 'pliCount', 'framesReceived', 'framesDecoded', 'framesDropped'].map(key => to[key] - from[key]);
  const asked = (/** @type {Sample} */ sample) => sample.outbound.reduce((sum, { pliCount = 0 }) => sum + pliCount, 0);
  return { lost, freezes, plis, undecoded: received - decoded - dropped, plisToPublisher: asked(after.publisher) - asked(before.publisher) };
}

/** @param {number} tile @param {number[]} heights */
function layerFor(tile, heights) {
  return heights.find(height => height >= ENOUGH * tile) ?? heights[heights.length - 1];
}

/** Numbers from 0 to 1, the same for the same seed. @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
