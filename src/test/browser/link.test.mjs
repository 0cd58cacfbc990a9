// A viewer behind a link that becomes slow and fast again: what he sees and hears meanwhile, and that nobody else notices.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closeBrowser, launchChromiumBy } from './browsers.mjs';
import { film } from './footage.mjs';
import { fixture, long, pause, root } from './harness.mjs';
import { ShapedLink, whyNoLink } from './shaped-link.mjs';
import { Stage, worstGap } from './stage.mjs';
import { SAMPLE_MS, draw, estimate, longestSilence, print, rowOf, sound } from './timeline.mjs';

/** @import { Browser } from 'puppeteer-core' */
/** @import { People } from './harness.mjs' */
/** @import { Frame, Sample } from './stage.mjs' */
/** @import { Row } from './timeline.mjs' */

/** What each step carries: the layers' rates are 150, 500 and 1500 kbps, and sound needs some 60. */
const STEPS = [{ kbps: 5000, fits: 720 }, { kbps: 700, fits: 360 }, { kbps: 250, fits: 180 }, { kbps: 5000, fits: 720 }]
  .map((step, i) => ({ ...step, seconds: (long ? [15, 15, 15, 15] : [3, 6, 6, 9])[i] }));
const TOP = 720;
const TITLE = 'A viewer behind a link of 5 Mbps, 700 kbps, 250 kbps, 5 Mbps';
const SLOW_KBPS = 250;
const SLOW_MS = long ? 15_000 : 5000;
/** The stated times; a test fails only far beyond them, since the machine may have other work. */
const DOWN_WITHIN_MS = 2000;
const BACK_WITHIN_MS = 10_000;
const STAY_MS = 3000;
/** Two seconds after the estimate allows it, for which it has ten. */
const SHARP_WITHIN_MS = BACK_WITHIN_MS + 2000;
/** At 15 pictures a second, longer gaps than this are no flow. */
const SCREEN_GAP_MS = 500;
const SLACK = 3;
/** Nobody calls it a stop if neither sound nor picture comes for less. */
const SILENCE_MS = 1000;
/** What Chromium counts as a freeze at 30 pictures a second. */
const FREEZE_MS = 180;

const { room, server, test: withPeople } = fixture(['--host', '0.0.0.0', '--open']);
const skip = whyNoLink() ?? false;

/** Made before the server starts, which binds the addresses that it finds. @type {ShapedLink} */ let link;
if (!skip) before(() => { link = new ShapedLink(); });
after(() => link?.close());

test(`${TITLE}: he is never left without, and nobody else notices`, { skip, timeout: 240_000 }, withPeople(async people => {
  const there = await behindLink();
  try {
    await watch(people, there);
  } finally {
    await closeBrowser(there.browser);
  }
}));

test('a shared screen is sharp again soon after a slow link has become fast', { skip, timeout: 240_000 }, withPeople(async people => {
  const there = await behindLink();
  try {
    await watchScreen(people, there);
  } finally {
    await closeBrowser(there.browser);
  }
}));

/** A browser behind the link, and the server's address there. */
async function behindLink() {
  link.limit(STEPS[0].kbps);
  const url = `http://${link.serverAddress}:${new URL((await server()).url).port}`;
  return { url, browser: await launchChromiumBy(link.prefix, [`--unsafely-treat-insecure-origin-as-secure=${url}`]) };
}

/** @param {People} people @param {{url: string, browser: Browser}} there */
async function watchScreen(people, there) {
  const name = room();
  const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher' });
  const size = await publisher.shareScreen();
  await publisher.publish({ width: 320, height: 180, audio: true });
  const far = await Stage.join(people, name, 'Far', there);
  await far.knows(publisher, 'screen');
  await far.knows(publisher);
  const firstMs = await far.firstFrame(publisher.id, size.height, await far.show(publisher.id, size.height, 'screen'), 30_000, 'screen');
  await far.show(publisher.id, 180);
  await pause(3000);
  const samples = [await far.sample()];
  const slowAt = Date.now();
  link.limit(SLOW_KBPS);
  for (let next = slowAt; next < slowAt + SLOW_MS; next += SAMPLE_MS) {
    await pause(next - Date.now());
    samples.push(await far.sample());
  }
  const fastAt = Date.now();
  link.limit(STEPS[0].kbps);
  const sharpMs = await flowing(far, publisher, size.height, fastAt);
  const silenceMs = longestSilence(samples, publisher);
  const frames = (await far.frames(publisher.id, slowAt, 'screen')).filter(({ height }) => height === size.height);
  const slow = frames.filter(({ at }) => at < fastAt);
  const cameras = (await far.frames(publisher.id, slowAt)).filter(({ at }) => at < fastAt);
  console.log(`a screen of ${size.width}x${size.height}: first sharp picture after ${firstMs.toFixed(0)} ms; at ${SLOW_KBPS} kbps ${(1000 * slow.length / SLOW_MS).toFixed(1)} pictures a second, worst gap ${worstGap([{ at: slowAt, width: 0, height: 0 }, ...frames]).toFixed(0)} ms`
    + ` (camera ${(1000 * cameras.length / SLOW_MS).toFixed(1)} a second; ${sound(samples, publisher)}; at most ${silenceMs} ms without any media); flowing again ${sharpMs.toFixed(0)} ms after the link was fast again`);
  assert(firstMs < Infinity, 'the screen never came');
  assert(silenceMs <= SLACK * SILENCE_MS, `neither sound nor picture came for ${silenceMs} ms`);
  assert(sharpMs <= SLACK * SHARP_WITHIN_MS, `the screen was sharp again after ${sharpMs} ms`);
}

/**
 * How long after a moment somebody's screen began to come in full size and steadily.
 * @param {Stage} viewer
 * @param {Stage} publisher
 * @param {number} height
 * @param {number} from
 */
async function flowing(viewer, publisher, height, from) {
  for (;;) {
    const frames = (await viewer.frames(publisher.id, from, 'screen')).filter(frame => frame.height === height);
    const start = frames.find(({ at }, i) => {
      const next = frames.slice(i).filter(frame => frame.at <= at + STAY_MS);
      return frames[frames.length - 1].at >= at + STAY_MS && worstGap(next) < SCREEN_GAP_MS;
    });
    if (start) return start.at - from;
    if (Date.now() - from > SLACK * SHARP_WITHIN_MS + STAY_MS) return Infinity;
    await pause(SAMPLE_MS);
  }
}

/** @param {People} people @param {{url: string, browser: Browser}} there */
async function watch(people, there) {
  const name = room();
  const footage = film(join(root, 'target/footage/720.y4m'), 1280, 720);
  const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher', flags: [`--use-file-for-fake-video-capture=${footage}`] });
  await publisher.publish({ width: 1280, height: 720, audio: true });
  const near = await Stage.join(people, name, 'Near', { process: 'near' });
  const far = await Stage.join(people, name, 'Far', there);
  link.limit(STEPS[0].kbps);
  for (const viewer of [near, far]) {
    await viewer.knows(publisher);
    const at = await viewer.show(publisher.id, TOP);
    const [firstMs, steadyMs] = [await viewer.firstFrame(publisher.id, TOP, at, SLACK * BACK_WITHIN_MS), await viewer.steadyFrom(publisher.id, TOP, at, SLACK * BACK_WITHIN_MS)];
    console.log(`${viewer.name} has the top layer after ${firstMs.toFixed(0)} ms, steadily after ${steadyMs.toFixed(0)} ms`);
    assert(steadyMs < Infinity, `${viewer.name} never got the top layer to stay`);
  }
  const before = await publisher.sample();
  const nearBefore = Stage.of(await near.sample(), publisher.id);

  const { rows, changes, samples } = await walk(far, publisher, `${people.url}/api/v1/rooms/${name}/stats`);
  const backMs = await far.steadyFrom(publisher.id, TOP, changes[changes.length - 1], SLACK * BACK_WITHIN_MS);
  const frames = await far.frames(publisher.id, changes[0]);
  print(rows);
  draw(join(root, 'target/link-steps.svg'), TITLE, TOP, rows);
  const steps = STEPS.map((step, i) => ({ ...step, ...judge(step.fits, frames, changes[i], changes[i + 1] ?? Infinity) }));
  for (const { kbps, fits, downMs, above, switches, gapMs } of steps) {
    console.log(`${String(kbps).padStart(4)} kbps: ${fits} lines or less after ${downMs.toFixed(0)} ms, ${above} larger pictures later than ${DOWN_WITHIN_MS} ms, ${switches} switches, longest gap between frames ${gapMs.toFixed(0)} ms`);
  }
  const silenceMs = longestSilence(samples, publisher);
  console.log(`back at the top after ${backMs.toFixed(0)} ms; ${link.dropped} packets found the link's queue full; ${sound(samples, publisher)}; at most ${silenceMs} ms without any media`);

  const nearFrames = await near.frames(publisher.id, changes[0]);
  const nearAfter = Stage.of(await near.sample(), publisher.id);
  const nearLower = nearFrames.filter(({ height }) => height !== TOP).length;
  console.log(`Near meanwhile: ${nearFrames.length} frames, ${nearLower} of them below the top, worst gap ${worstGap(nearFrames).toFixed(0)} ms, freezes ${nearAfter.freezeCount - nearBefore.freezeCount}, lost ${nearAfter.packetsLost - nearBefore.packetsLost}`);
  if (nearLower > 0) console.log(`Near's layers: ${(await near.layerChanges(publisher)).filter(({ at }) => at > changes[0]).map(({ at, layer }) => `${layer} at ${((at - changes[0]) / 1000).toFixed(1)} s`).join(', ')}`);
  const sent = sentBy(before, await publisher.sample());
  console.log(`Publisher meanwhile: ${sent.map(({ rid, kbps, fps, reason }) => `${rid} ${kbps.toFixed(0)} kbps ${fps.toFixed(1)} fps${reason === 'none' ? '' : ` (limited by ${reason})`}`).join(', ')}`);

  assert.equal(nearLower, 0, 'a viewer on a good link lost the top layer');
  assert.equal(nearAfter.packetsLost - nearBefore.packetsLost, 0, 'a viewer on a good link lost packets');
  assert(worstGap(nearFrames) < SLACK * FREEZE_MS, 'a viewer on a good link had a freeze');
  assert(sent.some(({ rid, fps }) => rid === 'f' && fps > 20), 'the publisher sends less of his top layer');
  assert(silenceMs <= SLACK * SILENCE_MS, `neither sound nor picture came for ${silenceMs} ms`);
  for (const { kbps, downMs } of steps) assert(downMs <= SLACK * DOWN_WITHIN_MS, `at ${kbps} kbps it stepped down after ${downMs} ms`);
  assert(backMs <= SLACK * BACK_WITHIN_MS, `it was back at the top after ${backMs} ms`);
}

/**
 * Goes through the steps, sampling all the way.
 * @param {Stage} far
 * @param {Stage} publisher
 * @param {string} stats
 */
async function walk(far, publisher, stats) {
  /** @type {Row[]} */ const rows = [];
  /** @type {Sample[]} */ const samples = [];
  /** @type {number[]} */ const changes = [];
  const start = Date.now();
  for (const { seconds, kbps } of STEPS) {
    link.limit(kbps);
    changes.push(Date.now());
    const end = changes[changes.length - 1] + seconds * 1000;
    for (let next = Date.now(); next < end; next += SAMPLE_MS) {
      await pause(next - Date.now());
      const sample = await far.sample();
      samples.push(sample);
      const estimateKbps = await estimate(stats, far.id);
      const layer = (await far.layerChanges(publisher)).at(-1);
      const row = rowOf(samples, publisher);
      if (row) rows.push({ seconds: (sample.at - start) / 1000, kbps, ...row, estimateKbps, layer: layer?.paused ? 'paused' : layer?.layer ?? '' });
    }
  }
  return { rows, changes, samples };
}

/**
 * How a step went: when the first picture came that it can carry, and what came later than that.
 * @param {number} fits
 * @param {Frame[]} all
 * @param {number} from
 * @param {number} to
 */
function judge(fits, all, from, to) {
  const frames = all.filter(({ at }) => at >= from && at < to);
  const switches = frames.slice(1).filter(({ height }, i) => height !== frames[i].height).length;
  const above = frames.filter(({ at, height }) => at > from + DOWN_WITHIN_MS && height > fits).length;
  const first = frames.find(({ height }) => height <= fits);
  const fitted = (all.findLast(({ at }) => at < from)?.height ?? TOP) <= fits;
  return { downMs: fitted ? 0 : (first?.at ?? Infinity) - from, above, switches, gapMs: worstGap([...frames, ...all.filter(({ at }) => at >= to).slice(0, 1)]) };
}

/** @param {Sample} before @param {Sample} after */
function sentBy(before, after) {
  return after.outbound.filter(({ kind }) => kind === 'video').map(layer => {
    const old = before.outbound.find(({ id }) => id === layer.id) ?? { bytesSent: 0, framesEncoded: 0 };
    const ms = after.at - before.at;
    return { rid: layer.rid ?? '', kbps: 8 * (layer.bytesSent - old.bytesSent) / ms, fps: 1000 * (layer.framesEncoded - old.framesEncoded) / ms, reason: layer.qualityLimitationReason };
  });
}
