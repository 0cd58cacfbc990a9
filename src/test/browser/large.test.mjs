// A camera of 1080 lines in layers, to a viewer who has the room for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, long, pause } from './harness.mjs';
import { Stage, worstGap } from './stage.mjs';

const WATCHED_MS = long ? 20_000 : 6000;
const LAYERS = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 200_000 }, { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 700_000 }, { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 3_000_000 },
];
/** Two busy cores encode less than the 30 that the camera gives; what is encoded has to arrive. */
const LEAST_SHARE = 0.85;
const FIRST_WITHIN_MS = 20_000;

const { room, test: withPeople } = fixture();

test('a viewer with a tile of 1080 lines decodes 1080 lines', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const publisher = await Stage.join(people, name, 'Publisher', { process: 'publisher', flags: ['--use-fake-device-for-media-stream=fps=30'] });
  await publisher.publish({ width: 1920, height: 1080, audio: true, layers: LAYERS });
  const viewer = await Stage.join(people, name, 'Viewer', { process: 'viewer' });
  await viewer.knows(publisher);
  const shownAt = await viewer.show(publisher.id, 1080);
  const firstMs = await viewer.firstFrame(publisher.id, 1080, shownAt, FIRST_WITHIN_MS);
  // What the path carries is not known yet when the first pictures leave: the layer may go once more before it stays.
  const steadyMs = await viewer.steadyFrom(publisher.id, 1080, shownAt, FIRST_WITHIN_MS, 2000);
  assert(steadyMs < Infinity, `no pictures of 1080 lines came to stay within ${FIRST_WITHIN_MS} ms: ${JSON.stringify(Stage.of(await viewer.sample(), publisher.id))}`);
  const [sentFrom, from] = [await publisher.sample(), await viewer.sample()];
  await pause(WATCHED_MS);
  const [sentTo, to] = [await publisher.sample(), await viewer.sample()];

  const [before, after] = [Stage.of(from, publisher.id), Stage.of(to, publisher.id)];
  const frames = (await viewer.frames(publisher.id, from.at)).filter(({ at }) => at <= to.at);
  const lower = frames.filter(({ height }) => height < 1080).length;
  const top = (/** @type {typeof to} */ sample) => sample.outbound.find(({ rid }) => rid === 'f');
  const encoded = top(sentTo).framesEncoded - top(sentFrom).framesEncoded;
  const kbps = 8 * (after.bytesReceived - before.bytesReceived) / (to.at - from.at);
  const received = after.framesReceived - before.framesReceived;
  console.log(`1080 lines after ${firstMs.toFixed(0)} ms, steadily after ${steadyMs.toFixed(0)} ms; ${(1000 * frames.length / (to.at - from.at)).toFixed(1)} pictures a second at ${kbps.toFixed(0)} kbps for ${(to.at - from.at) / 1000 | 0} s, ${encoded} encoded, ${received} received, ${frames.length} decoded, ${lower} of them smaller;`
    + ` worst gap ${worstGap(frames).toFixed(0)} ms, freezes ${after.freezeCount - before.freezeCount}, lost ${after.packetsLost - before.packetsLost}, PLIs ${after.pliCount - before.pliCount}; encoder limited by ${top(sentTo).qualityLimitationReason}`);
  assert.equal(after.packetsLost - before.packetsLost, 0, 'packets were lost on the way over loopback');
  assert(received >= LEAST_SHARE * encoded, `of ${encoded} frames of the top layer only ${received} came`);
  assert(frames.length > 0 && lower === 0, `${lower} frames were smaller`);
}));
