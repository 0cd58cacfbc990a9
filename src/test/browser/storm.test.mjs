// One viewer who asks for keyframes without end: what that costs the publisher, and everybody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, long, pause } from './harness.mjs';
import { Stage, worstGap } from './stage.mjs';

/** @import { Sample } from './stage.mjs' */

const INTERVAL_MS = 20;
const WATCHED_MS = long ? 30_000 : 10_000;
const SETTLING_MS = 4000;
/** The gate lets one request pass in a second, and one keyframe may be the encoder's own. */
const MOST_KEYFRAMES = WATCHED_MS / 1000 + 1;
const STATED_CHANGE = 0.1;
const WORST_GAP_MS = 750;

const { room, test: withPeople } = fixture();

/** @param {Sample} from @param {Sample} to */
function cost(from, to) {
  const seconds = (to.at - from.at) / 1000;
  let bytes = 0;
  let keyframes = 0;
  for (const after of to.outbound.filter(({ kind }) => kind === 'video')) {
    const before = from.outbound.find(({ id }) => id === after.id);
    bytes += after.bytesSent - (before?.bytesSent ?? 0);
    if (after.rid === 'f') keyframes += after.keyFramesEncoded - (before?.keyFramesEncoded ?? 0);
  }
  return { kbps: 8 * bytes / seconds / 1000, keyframes, fps: to.outbound.find(({ rid }) => rid === 'f')?.framesPerSecond };
}

test('a viewer who asks for fifty keyframes a second costs the publisher no more than the gate allows', { timeout: 150_000 }, withPeople(async people => {
  const name = room();
  const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher' });
  await publisher.publish({ width: 1280, height: 720 });
  const storming = await Stage.join(people, name, 'Storming', { process: 'viewer' });
  const calm = await Stage.join(people, name, 'Calm', { process: 'viewer' });
  for (const viewer of [storming, calm]) {
    await viewer.knows(publisher);
    const shown = await viewer.show(publisher.id, 720);
    assert(await viewer.firstFrame(publisher.id, 720, shown, 20_000) < Infinity, `${viewer.name} does not get the top layer`);
  }
  await pause(SETTLING_MS);
  const quietFrom = await publisher.sample();
  await pause(WATCHED_MS);
  const quiet = cost(quietFrom, await publisher.sample());

  await storming.stormKeyframes(publisher, INTERVAL_MS);
  await pause(SETTLING_MS);
  const plisFrom = Stage.of(await storming.sample(), publisher.id).pliCount;
  const [stormFrom, calmFrom] = [await publisher.sample(), Stage.of(await calm.sample(), publisher.id)];
  await pause(WATCHED_MS);
  const [stormTo, calmSample] = [await publisher.sample(), await calm.sample()];
  const storm = cost(stormFrom, stormTo);
  const calmTo = Stage.of(calmSample, publisher.id);
  const plis = (Stage.of(await storming.sample(), publisher.id).pliCount - plisFrom) * 1000 / WATCHED_MS;
  const gap = worstGap(await calm.frames(publisher.id, stormFrom.at));
  const change = storm.kbps / quiet.kbps - 1;
  console.log(`${plis.toFixed(0)} requests a second: ${storm.keyframes} keyframes in ${WATCHED_MS / 1000} s (without: ${quiet.keyframes}); the publisher sends ${storm.kbps.toFixed(0)} kbps (without: ${quiet.kbps.toFixed(0)}),`
    + ` ${(100 * change).toFixed(1)} %; the other viewer: worst gap ${gap.toFixed(0)} ms, ${calmTo.framesDecoded - calmFrom.framesDecoded} frames, freezes ${calmTo.freezeCount - calmFrom.freezeCount}`);

  assert(plis > 10, `only ${plis} requests a second left the viewer: no storm`);
  assert(storm.keyframes <= MOST_KEYFRAMES, `${storm.keyframes} keyframes`);
  assert(Math.abs(change) <= 3 * STATED_CHANGE, `the publisher's rate changed by ${(100 * change).toFixed(1)} %`);
  assert(gap <= WORST_GAP_MS, `the other viewer saw nothing for ${gap} ms`);
  assert.equal(calmTo.framesDropped - calmFrom.framesDropped < 5, true, 'the other viewer lost frames');
}));
