// Sound and picture of one person stay together, whatever is switched: by the time at which the browser says it plays each of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, long, median, pause } from './harness.mjs';
import { Stage } from './stage.mjs';

/** @import { Sample } from './stage.mjs' */
/** @typedef {{lines: number, since: number, skewMs: number}} Reading */

const SWITCHES = long ? 50 : 6;
const DWELL_MS = 1200;
const SAMPLE_MS = 100;
/** A browser brings sound and picture of somebody new together step by step, which is not what is measured here. */
const SETTLED_MS = 50;
const SETTLE_WITHIN_MS = 15_000;
const TILES = [180, 720, 360];
/** The stated most; a test fails only far beyond it, since the machine may have other work. */
const MOST_MS = 100;
const SLACK = 3;

const { room, test: withPeople } = fixture();

test(`sound and picture stay together through ${SWITCHES} switches of source and layer`, { timeout: 120_000 + SWITCHES * 10_000 }, withPeople(async people => {
  const name = room();
  const ada = await Stage.join(people, name, 'Ada', { process: 'publisher' });
  await ada.publish({ width: 1280, height: 720, audio: true });
  // One slot for pictures, so that it changes its source; Ada's voice is there first, so that it is in the first slot for voices.
  const viewer = await Stage.join(people, name, 'Viewer', { process: 'viewer', videoSlots: 1, paired: true });
  await viewer.knows(ada);
  await viewer.hears(ada);
  const ben = await Stage.join(people, name, 'Ben', { process: 'publisher' });
  await ben.publish({ width: 640, height: 360, audio: true });
  await viewer.knows(ben);
  const shownAt = await viewer.show(ada.id, TILES[0]);
  assert(await viewer.firstFrame(ada.id, null, shownAt, 5000) < Infinity, 'no picture of Ada');
  const first = await settle(viewer, ada, shownAt);
  console.log(`before any switch: together after ${first.tookMs.toFixed(0)} ms, until then up to ${first.worstMs.toFixed(0)} ms apart`);
  assert(first.tookMs < SLACK * SETTLE_WITHIN_MS, 'sound and picture never came together');

  /** @type {Reading[]} */ const readings = [];
  /** @type {number[]} */ const perSwitch = [];
  /** @type {number[]} */ const buffers = [];
  let switches = 0;
  for (let i = 0; switches < SWITCHES; i++) {
    if (i % 2 === 0) {
      await viewer.show(ada.id, 0);
      const at = await viewer.show(ben.id, TILES[i % TILES.length]);
      assert(await viewer.firstFrame(ben.id, null, at, 5000) < Infinity, `no picture of Ben at switch ${switches + 1}`);
      await viewer.show(ben.id, 0);
      switches++;
    }
    const at = await viewer.show(ada.id, TILES[i % TILES.length]);
    assert(await viewer.firstFrame(ada.id, null, at, 5000) < Infinity, `no picture of Ada at switch ${switches + 1}`);
    switches++;
    const seen = await watch(viewer, ada, at);
    readings.push(...seen.readings);
    buffers.push(...seen.buffers);
    perSwitch.push(Math.max(0, ...seen.readings.map(({ skewMs }) => Math.abs(skewMs))));
  }
  assert(readings.length >= perSwitch.length * DWELL_MS / SAMPLE_MS / 4, `the browser told the times only ${readings.length} times`);
  const sizes = readings.map(({ skewMs }) => Math.abs(skewMs));
  const worst = readings.reduce((a, b) => Math.abs(a.skewMs) > Math.abs(b.skewMs) ? a : b);
  const p95 = sizes.toSorted((a, b) => a - b)[Math.floor(0.95 * sizes.length)];
  console.log(`${SWITCHES} switches, ${readings.length} readings: skew median ${median(sizes).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, worst ${worst.skewMs.toFixed(0)} ms (${worst.lines} lines, ${worst.since.toFixed(0)} ms after the switch); sound ahead in ${(100 * readings.filter(({ skewMs }) => skewMs > 0).length / readings.length).toFixed(0)} %`);
  console.log(`worst of each switch: ${perSwitch.map(ms => ms.toFixed(0)).join(' ')} ms`);
  console.log(`the buffer for sound is longer than that for the picture by median ${median(buffers).toFixed(0)} ms`);
  assert(Math.abs(worst.skewMs) < SLACK * MOST_MS, `sound and picture of one person were ${worst.skewMs} ms apart`);
}));

/**
 * Waits until sound and picture of one who is not switched are together.
 * @param {Stage} viewer
 * @param {Stage} publisher
 * @param {number} from
 */
async function settle(viewer, publisher, from) {
  let worstMs = 0;
  for (;;) {
    const at = Date.now();
    const apart = (await watch(viewer, publisher, at)).readings.map(({ skewMs }) => Math.abs(skewMs));
    if (apart.length > 0 && Math.max(...apart) < SETTLED_MS) return { worstMs, tookMs: at - from };
    if (at - from > SLACK * SETTLE_WITHIN_MS) return { worstMs, tookMs: Infinity };
    worstMs = Math.max(worstMs, ...apart);
  }
}

/**
 * @param {Stage} viewer
 * @param {Stage} publisher
 * @param {number} at
 */
async function watch(viewer, publisher, at) {
  /** @type {Reading[]} */ const readings = [];
  /** @type {number[]} */ const buffers = [];
  /** @type {Sample | null} */ let last = null;
  for (let next = Date.now(); next < at + DWELL_MS; next += SAMPLE_MS) {
    await pause(next - Date.now());
    const sample = await viewer.sample();
    const [video, audio] = [Stage.of(sample, publisher.id), Stage.of(sample, publisher.id, 'microphone')];
    if (video?.estimatedPlayoutTimestamp && audio?.estimatedPlayoutTimestamp) {
      readings.push({ lines: video.frameHeight, since: sample.at - at, skewMs: audio.estimatedPlayoutTimestamp - video.estimatedPlayoutTimestamp });
    }
    if (last) {
      const delay = (/** @type {any} */ to, /** @type {any} */ from) => 1000 * (to.jitterBufferDelay - from.jitterBufferDelay) / (to.jitterBufferEmittedCount - from.jitterBufferEmittedCount);
      const longer = delay(audio, Stage.of(last, publisher.id, 'microphone')) - delay(video, Stage.of(last, publisher.id));
      if (Number.isFinite(longer)) buffers.push(longer);
    }
    last = video && audio ? sample : null;
  }
  return { readings, buffers };
}
