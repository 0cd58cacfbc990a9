// The page and the SDK in a real browser, against the fake server that lives in the page.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { closeBrowser, launchChromium, launchFirefox } from './browsers.mjs';
import { installFakeServer } from './fake-server.mjs';
import { root } from './harness.mjs';

/** @import { Browser, Page } from 'puppeteer-core' */
/** @import { Server } from 'node:http' */

const WEBROOT = join(root, 'src/main/resources/webroot');
/** @type {Record<string, string>} */
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml' };

/** @type {Server} */ let files;
let origin = '';

before(async () => {
  files = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname === '/' || pathname.startsWith('/r/') ? '/index.html' : pathname;
    const body = await readFile(join(WEBROOT, path)).catch(() => null);
    response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain', 'Content-Security-Policy': "default-src 'self'" }).end(body);
  });
  await new Promise(resolve => files.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = files.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

after(() => files.close());

/** @param {Page} page @param {() => unknown} condition */
async function until(page, condition) {
  await page.waitForFunction(condition, { timeout: 15_000, polling: 50 });
}

/** Frames decoded of others, by whom the statistics say they are. @param {Page} page */
async function frames(page) {
  const tracks = await page.evaluate(async () => (await window.weirRoom?.getStats())?.tracks ?? []);
  return tracks.filter(({ direction, source, participantId }) => direction === 'receive' && source === 'camera' && participantId).reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);
}

for (const [name, launch] of /** @type {const} */ ([['Chromium', launchChromium], ['Firefox', launchFirefox]])) describe(name, () => {
  /** @type {Browser} */ let browser;
  before(async () => { browser = await launch(); });
  after(() => browser && closeBrowser(browser));

  /**
   * @param {Parameters<typeof installFakeServer>[0]} scene
   * @param {(page: Page) => Promise<void>} body
   * @param {string} [path]
   */
  async function inRoom(scene, body, path = '/r/all-hands?auto=1&name=Me&width=320&height=180') {
    const context = await browser.createBrowserContext();
    try {
      const page = await context.newPage();
      /** @type {string[]} */
      const errors = [];
      page.on('pageerror', error => errors.push(String(error)));
      page.on('console', message => message.type() === 'error' && errors.push(message.text()));
      await page.evaluateOnNewDocument(installFakeServer, scene);
      await page.goto(origin + path);
      await body(page);
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
    }
  }

  test('the first offer carries the slots alone, trimmed; publishing adds the sending lines', { timeout: 60_000 }, () => inRoom({ people: 2 }, async page => {
    await until(page, () => window.weirRoom?.localParticipant.tracks.get('camera')?.trackId);
    const offers = await page.evaluate(() => window.fakeServer?.requests.filter(({ type }) => type === 'offer'));
    assert.deepEqual(offers?.map(({ tracks }) => tracks.map((/** @type {any} */ track) => `${track.mid} ${track.kind} ${track.source}`)), [[], ['13 audio microphone', '14 video camera']]);
    assert.equal(offers?.[0].sdp.match(/a=recvonly/g)?.length, 4 + 9);
    assert.deepEqual([...new Set(offers?.[0].sdp.match(/a=rtpmap:\d+ [^/]+/g).map((/** @type {string} */ line) => line.split(' ')[1]))].sort(), ['AV1', 'H264', 'VP8', 'VP9', 'opus', 'red', 'rtx'].filter(name => offers?.[0].sdp.includes(` ${name}/`)));
    assert(!offers?.[0].sdp.includes('ulpfec'));
  }));

  test('tiles become a view, slots become pictures', { timeout: 60_000 }, () => inRoom({ people: 4 }, async page => {
    await until(page, () => document.querySelectorAll('.tile.showing').length === 4); // Three who have cameras on, and oneself.
    const view = await page.evaluate(() => window.fakeServer?.requests.findLast(({ type }) => type === 'view'));
    assert.deepEqual(view.tiles.map((/** @type {any} */ { trackId }) => trackId), ['camera-0', 'camera-1', 'camera-2', 'camera-3']);
    assert(view.tiles.every((/** @type {any} */ { width, height }) => width > 100 && height > 50));
    await page.evaluate(() => document.querySelector('[data-key="camera p1"]')?.toggleAttribute('hidden', true));
    await until(page, () => !window.fakeServer?.requests.findLast(({ type }) => type === 'view').tiles.some((/** @type {any} */ { trackId }) => trackId === 'camera-1'));
    await page.click('[data-key="camera p2"] .tile-pin');
    await until(page, () => {
      const [first] = window.fakeServer?.requests.findLast(({ type }) => type === 'view').tiles;
      return first.trackId === 'camera-2' && first.pinned === true;
    });
  }));

  test('people come and go', { timeout: 60_000 }, () => inRoom({ people: 1 }, async page => {
    await until(page, () => window.weirRoom?.state === 'connected');
    await page.evaluate(() => window.fakeServer?.deliver({ type: 'participant:join', participantId: 'new', displayName: 'Newcomer', role: 'guest', capabilities: {} }));
    await until(page, () => document.querySelector('[data-key="camera new"]') && document.getElementById('count')?.textContent === '3 people');
    await page.evaluate(() => window.fakeServer?.deliver({ type: 'participant:update', participantId: 'new', connection: 'lost' }));
    await until(page, () => document.querySelector('[data-key="camera new"] .tile-note')?.textContent === 'Connection lost…');
    await page.evaluate(() => window.fakeServer?.deliver({ type: 'participant:leave', participantId: 'new', reason: 'lost' }));
    await until(page, () => !document.querySelector('[data-key="camera new"]') && document.getElementById('count')?.textContent === '2 people');
  }));

  test('a muted camera is released and comes back; the keyboard does it', { timeout: 60_000 }, () => inRoom({ people: 1 }, async page => {
    await until(page, () => window.weirRoom?.localParticipant.tracks.get('camera')?.trackId);
    await page.keyboard.press('v');
    await until(page, () => window.fakeServer?.requests.some(({ type, muted }) => type === 'mute' && muted));
    assert.equal(await page.evaluate(() => window.weirRoom?.localParticipant.tracks.get('camera')?.media), null);
    assert.equal(await page.$eval('#camera', button => button.getAttribute('aria-pressed')), 'false');
    await until(page, () => !(/** @type {HTMLButtonElement} */ (document.getElementById('camera'))).disabled);
    await page.keyboard.press('v');
    await until(page, () => window.weirRoom?.localParticipant.tracks.get('camera')?.media?.readyState === 'live');
  }));

  test('a lost socket is resumed without touching media', { timeout: 60_000 }, () => inRoom({ people: 2 }, async page => {
    await until(page, () => document.querySelectorAll('.tile.showing').length === 3);
    const offers = await page.evaluate(() => window.fakeServer?.requests.filter(({ type }) => type === 'offer').length);
    await page.evaluate(() => {
      window.seenEvents = [];
      window.weirRoom?.on('connection:state', detail => window.seenEvents?.push({ type: 'connection:state', at: 0, detail }));
      window.fakeServer?.drop(1006);
    });
    await until(page, () => window.seenEvents?.map(({ detail }) => detail.state).join() === 'reconnecting,connected');
    const requests = await page.evaluate(() => window.fakeServer?.requests.map(({ type, resume }) => ({ type, resume })));
    assert.equal(requests?.filter(({ type }) => type === 'offer').length, offers);
    assert.equal(requests?.findLast(({ type }) => type === 'join')?.resume.token, 'token');
  }));

  test('without a camera one is in the room all the same, and is told so', { timeout: 60_000 }, async () => {
    await inRoom({ people: 1, noCamera: true }, async page => {
      await until(page, () => document.querySelector('.note.problem'));
      assert.match(await page.$eval('.note.problem', note => note.textContent ?? ''), /camera.*without it/s);
      assert.deepEqual(await page.evaluate(() => [...window.weirRoom?.localParticipant.tracks.keys() ?? []]), ['microphone']);
    });
  });

  test('the lobby joins by its form, and leaving says so', { timeout: 60_000 }, () => inRoom({ people: 1 }, async page => {
    await page.type('#name', 'Ada');
    await page.type('#room', 'all-hands');
    await page.click('#join');
    await until(page, () => window.weirRoom?.state === 'connected');
    assert.equal(new URL(page.url()).pathname, '/r/all-hands');
    await page.click('#leave');
    await until(page, () => document.getElementById('ended')?.hidden === false);
    assert.equal(await page.$eval('#ended-title', title => title.textContent), 'You left the room');
  }, '/'));

  test('the minimal example is a call', { timeout: 60_000 }, () => inRoom({ people: 2 }, async page => {
    await page.click('#join');
    await until(page, () => [...document.querySelectorAll('video')].filter(video => video.videoWidth > 0).length === 3);
    await page.click('#leave');
    await until(page, () => document.querySelectorAll('video').length === 0);
  }, '/minimal.html'));

  test('a session that the server no longer knows is begun anew, and everything is published again', { timeout: 60_000 }, () => inRoom({ people: 2 }, async page => {
    await until(page, () => document.querySelectorAll('.tile.showing').length === 3);
    await page.evaluate(() => {
      Object.assign(window.fakeServer ?? {}, { forgetful: true, requests: [] });
      window.fakeServer?.drop(1006);
    });
    await until(page, () => window.weirRoom?.localParticipant.participantId === 'me-again' && window.weirRoom.state === 'connected');
    const offers = await page.evaluate(() => window.fakeServer?.requests.filter(({ type }) => type === 'offer'));
    assert.deepEqual(offers?.at(-1).tracks.map((/** @type {any} */ { source }) => source).sort(), ['camera', 'microphone']);
    await until(page, () => document.querySelectorAll('.tile.showing').length === 3);
    const before = await frames(page);
    while (await frames(page) <= before) await new Promise(resolve => setTimeout(resolve, 50));
  }));
});
