// Three nodes as one: each person connects to another, all see and hear each other, and the loss of a node is made good.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, launchChromium } from './browsers.mjs';
import { People, SMALL, long, pause, startServer } from './harness.mjs';

/** @import { Browser } from 'puppeteer-core' */
/** @import { Person, Server } from './harness.mjs' */

const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const NAMES = ['Ada', 'Ben', 'Cy'];
const SECRET = 'a secret of the tests, of thirty-two bytes and more';
const WATCH_MS = long ? 10_000 : 3000;
/** How soon those of a lost node have media again, and how far beyond it a machine that does much else may be. */
const BACK_WITHIN_MS = 3000;
const SLACK = 3;

/** @type {Server[]} */ const nodes = [];
/** @type {Browser | null} */ let browser = null;

after(async () => {
  if (browser) await closeBrowser(browser);
  await Promise.all(nodes.map(node => node.stop()));
});

test('people on three nodes see and hear each other, and again when the node of their room is killed', { timeout: 180_000 }, async () => {
  nodes.push(...await Promise.all(HOSTS.map((host, i) => startServer([
    '--host', host, '--cluster', '--cluster-members', HOSTS.join(','), '--cluster-host', host, '--cluster-secret', SECRET,
    '--cluster-detection', '2s', '--node', `node${i + 1}`,
  ]))));
  await meet(3);
  browser = await launchChromium();
  const opened = browser;
  const groups = nodes.map(({ url }) => new People(url, async () => opened));
  try {
    const room = `cluster-${process.pid}`;
    /** @type {Person[]} */ const people = [];
    for (const [i, group] of groups.entries()) people.push(await group.join(room, NAMES[i], { query: SMALL }));
    await watch(people);

    const ids = people.map(({ id }) => id);
    const at = Date.now();
    nodes[0].process.kill('SIGKILL');
    await Promise.all(people.slice(1).flatMap((viewer, i) => people.slice(1).filter((_, j) => j !== i).map(async other => {
      await viewer.until(`sees ${other.name} on a new connection`, moves, [other.id], SLACK * BACK_WITHIN_MS + 11_000);
      const ms = Date.now() - at;
      console.log(`${viewer.name} sees ${other.name} again ${ms} ms after the node was killed (stated ${BACK_WITHIN_MS})`);
    })));
    assert.deepEqual(await Promise.all(people.slice(1).map(person => person.page.evaluate(() => window.weirRoom?.localParticipant.participantId))), ids.slice(1), 'they are who they were');
    await watch(people.slice(1));
  } catch (error) {
    console.error(`${groups.flatMap(({ log }) => log).join('\n')}\n${nodes.map(node => node.log()).join('\n----\n')}`);
    throw error;
  } finally {
    await Promise.all(groups.map(group => group.close()));
  }
});

/** In a page: whether pictures of somebody move just now. @param {string} id */
async function moves(id) {
  const frames = async () => (await window.weirRoom?.getStats())?.tracks
    .filter(({ direction, kind, participantId }) => direction === 'receive' && kind === 'video' && participantId === id)
    .reduce((sum, { framesDecoded }) => sum + framesDecoded, 0) ?? 0;
  const before = await frames();
  await new Promise(resolve => setTimeout(resolve, 300));
  return await frames() > before + 1;
}

/** Waits until every node knows of so many. @param {number} count */
async function meet(count) {
  for (const { url } of nodes) {
    for (let tries = 0; ; tries++) {
      const { nodes: known } = await (await fetch(`${url}/api/v1/nodes`)).json();
      if (known.length === count) break;
      assert(tries < 100, `${url} knows of ${known.length} nodes`);
      await pause(100);
    }
  }
}

/** Everyone decodes everyone else, and hears him. @param {Person[]} people */
async function watch(people) {
  const pairs = people.flatMap(viewer => people.filter(other => other !== viewer).map(other => ({ viewer, other })));
  for (const { viewer, other } of pairs) await viewer.sees(other);
  const before = await Promise.all(pairs.map(heard));
  await pause(WATCH_MS);
  const after = await Promise.all(pairs.map(heard));
  for (const [i, { viewer, other }] of pairs.entries()) {
    const who = `${viewer.name} of ${other.name}`;
    console.log(`${who}: ${after[i].frames - before[i].frames} frames in ${WATCH_MS / 1000} s, lost ${after[i].lost}`);
    assert(after[i].frames - before[i].frames > WATCH_MS / 1000 * 5, `${who}: hardly a picture`);
    assert(after[i].energy > before[i].energy, `${who}: no sound`);
    assert.equal(after[i].lost, before[i].lost, `${who}: packets were lost`);
  }
}

/** @param {{viewer: Person, other: Person}} pair */
async function heard({ viewer, other }) {
  const tracks = (await viewer.stats()).filter(({ direction, participantId }) => direction === 'receive' && participantId === other.id);
  const sum = (/** @type {(track: any) => number} */ of) => tracks.reduce((total, track) => total + (of(track) || 0), 0);
  return { frames: sum(track => track.framesDecoded), energy: sum(track => track.totalAudioEnergy), lost: sum(track => track.packetsLost) };
}
