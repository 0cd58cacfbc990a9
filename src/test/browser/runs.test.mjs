// What browsers make of packets that leave in padded runs, against the same call with every packet sent alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { People, fixture, long, pause, startServer } from './harness.mjs';

/** @import { Person, Server } from './harness.mjs' */
/** @import { TrackStatistics } from '../../main/resources/webroot/sdk/weir.js' */

const WATCHED_MS = long ? 300_000 : 5000;
/** Its layers have 180, 360 and 720 lines. */
const CAMERA = 'width=1280&height=720';
const VIEWER = 'video=0&audio=0';
/** With a tile for more than the lowest layer, whose pictures are single packets. */
const WINDOW = { width: 1600, height: 1000 };
const LARGE_WITHIN_MS = 30_000;
/** Frames that are on their way through the decoder when the watch ends. */
const UNDER_WAY = 8;
/** What runs may cost of the frames that come without them, in share; two busy cores encode unevenly. */
const FEWER = long ? 0.3 : 0.5;
/** Of the frames that came, which is what a browser on a busy machine drops by itself. */
const MOST_DROPPED = 0.3;
const COUNTED = /** @type {const} */ (['packets', 'packetsLost', 'nackCount', 'pliCount', 'framesReceived', 'framesDecoded', 'framesDropped', 'freezeCount']);

/** @typedef {Record<typeof COUNTED[number] | 'undecoded', number> & {jitterMs: number, perSend: number, size: string}} Seen */

const { server, browser, room } = fixture();
/** @type {Promise<Server> | null} */ let single = null;
after(async () => (await single?.catch(() => null))?.stop());

for (const kind of /** @type {const} */ (['chromium', 'firefox'])) {
  test(`${kind} decodes what comes in padded runs as what comes packet by packet`, { timeout: 180_000 + 2 * WATCHED_MS, skip: kind === 'firefox' && !long && 'with --long only' }, async () => {
    const runs = await watch(await server(), kind);
    const alone = await watch(await (single ??= startServer(['--runs', 'off'])), kind);
    print(kind, runs, alone);

    assert(alone.perSend <= 1, `with runs off a send had ${alone.perSend} packets`);
    assert(runs.perSend > 1, `there were no runs: ${runs.perSend} packets a send`);
    for (const [name, seen] of Object.entries({ runs, alone })) {
      assert.equal(seen.packetsLost, 0, `${name}: packets were lost over loopback`);
      assert(Math.abs(seen.undecoded) <= UNDER_WAY, `${name}: ${seen.undecoded} frames came and were neither decoded nor dropped`);
      assert(seen.framesDropped <= MOST_DROPPED * seen.framesReceived + UNDER_WAY, `${name}: ${seen.framesDropped} of ${seen.framesReceived} frames were dropped`);
    }
    assert(runs.framesDecoded >= (1 - FEWER) * alone.framesDecoded, `${runs.framesDecoded} frames with runs, ${alone.framesDecoded} without`);
  });
}

/** @param {Server} server @param {'chromium' | 'firefox'} kind @returns {Promise<Seen>} */
async function watch(server, kind) {
  const people = new People(server.url, browser);
  try {
    const name = room();
    const publisher = await people.join(name, 'Publisher', { process: 'publisher', query: CAMERA });
    const viewer = await people.join(name, 'Viewer', { kind, query: VIEWER });
    await viewer.page.setViewport(WINDOW);
    await large(viewer, publisher);
    const [from, sent] = [await seen(viewer, publisher), await sends(server)];
    await pause(WATCHED_MS);
    const [to, sentTo] = [await seen(viewer, publisher), await sends(server)];
    const grown = /** @type {Record<typeof COUNTED[number], number>} */ (Object.fromEntries(COUNTED.map(key => [key, to[key] - from[key]])));
    return {
      ...grown, undecoded: grown.framesReceived - grown.framesDecoded - grown.framesDropped, jitterMs: to.jitterMs,
      perSend: (sentTo.packets - sent.packets) / (sentTo.sends - sent.sends), size: `${to.frameWidth}x${to.frameHeight}`,
    };
  } catch (error) {
    console.error(`What the pages said:\n${people.log.join('\n')}`);
    throw error;
  } finally {
    await people.close();
  }
}

/** Waits for a layer whose pictures take several packets. @param {Person} viewer @param {Person} publisher */
async function large(viewer, publisher) {
  await viewer.sees(publisher);
  const deadline = Date.now() + LARGE_WITHIN_MS;
  for (let size = await seen(viewer, publisher); size.frameHeight < 360; size = await seen(viewer, publisher)) {
    assert(Date.now() < deadline, `${viewer.name} gets no larger layer than ${size.frameHeight} lines`);
    await pause(200);
  }
}

/** @param {Person} viewer @param {Person} publisher @returns {Promise<TrackStatistics>} */
async function seen(viewer, publisher) {
  const found = (await viewer.stats()).find(({ direction, kind, participantId }) => direction === 'receive' && kind === 'video' && participantId === publisher.id);
  assert(found, `${viewer.name} has no slot with a picture of ${publisher.name}`);
  return found;
}

/** @param {Server} server */
async function sends({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (/** @type {RegExp} */ name) => text.split('\n').filter(line => name.test(line)).reduce((all, line) => all + Number(line.split(' ').at(-1)), 0);
  return { packets: sum(/^weir_rtp_packets_total\{.*direction="out"/), sends: sum(/^weir_send_calls_total /) };
}

/** @param {string} kind @param {Seen} runs @param {Seen} alone */
function print(kind, runs, alone) {
  const row = (/** @type {string} */ name, /** @type {Seen} */ of) => `${kind}, ${name}: ${of.size}, ${[...COUNTED, /** @type {const} */ ('undecoded')].map(key => `${key} ${of[key]}`).join(', ')}, jitter ${of.jitterMs.toFixed(1)} ms, ${of.perSend.toFixed(2)} packets a send`;
  console.log(`${WATCHED_MS / 1000} s each\n${row('runs', runs)}\n${row('runs off', alone)}`);
}
