// What every browser test starts from: a real server from the jar, pages of the real client, and ways to look at them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after } from 'node:test';
import { closeBrowser, launchChromium, launchFirefox } from './browsers.mjs';

/** @import { Browser, BrowserContext, Page } from 'puppeteer-core' */
/** @import { ChildProcess } from 'node:child_process' */
/** @import { Room, TrackStatistics } from '../../main/resources/webroot/sdk/weir.js' */

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const long = process.env['WEIR_TEST_LONG'] === '1' || process.argv.includes('--long');
/** How long a call is watched. */
export const seconds = Number(process.env['WEIR_TEST_SECONDS']) || (long ? 30 : 6);
/** Two cores do all the encoding of four people. */
export const SMALL = 'width=320&height=180';
const READY_MS = 30_000;
const STOP_MS = 8000;
const LOOPS_MOST = 16;

/** @typedef {{url: string, process: ChildProcess, log: () => string, stop: () => Promise<void>}} Server */

/** @type {Set<ChildProcess>} */
const servers = new Set();
process.on('exit', () => servers.forEach(child => child.kill('SIGKILL')));

/**
 * Starts the server on free ports.
 * @param {string[]} [flags]
 * @param {string[]} [jvmFlags]
 * @returns {Promise<Server>}
 */
export async function startServer(flags = [], jvmFlags = []) {
  const args = [...jvmFlags, '-jar', jar(), 'run', '--port', String(await freeTcpPort()), '--udp-port', String(await freeUdpPorts()), ...flags];
  const child = spawn(findJava(), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  servers.add(child);
  let log = '';
  child.stderr.on('data', data => { log += data; });
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('it was not ready in time'), READY_MS);
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`The server did not start: ${why}\n${log}`));
    };
    let said = '';
    child.stdout.on('data', data => {
      log += data;
      said += data;
      const found = /https?:\/\/[^\s"']+(?=\s)/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(new URL(found[0]).origin);
    });
    child.once('error', error => fail(error.message));
    child.once('exit', code => fail(`it ended with code ${code}`));
  });
  await ready(url, child).catch(error => { throw new Error(`${error.message}\n${log}`); });
  return { url, process: child, log: () => log, stop: () => stopServer(child) };
}

function jar() {
  const file = join(root, 'target/weir.jar');
  assert(existsSync(file), `${file} is missing: build it first`);
  return file;
}

/**
 * Loads a server with the generator.
 * @param {string} url
 * @param {string[]} flags
 * @param {string[]} [prefix] goes before the command, to run it elsewhere
 * @returns {Promise<any>} what it found out, once it is through; fails where somebody did not get in
 */
export async function load(url, flags, prefix = []) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-load-'));
  const file = join(folder, 'load.json');
  const [command, ...args] = [...prefix, findJava(), '-Xmx256m', '-jar', jar(), 'load', '--server', url, '--json', file, ...flags];
  try {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    servers.add(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { said += data; });
    const code = await new Promise(resolve => child.once('close', resolve));
    servers.delete(child);
    assert.equal(code, 0, `The generator failed:\n${said}`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The line with the URL may come a moment before the server takes rooms.
 * @param {string} url
 * @param {ChildProcess} child
 */
async function ready(url, child) {
  const deadline = Date.now() + READY_MS;
  while (!await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) {
    if (Date.now() > deadline || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`${url}/readyz never said that the server is ready`);
    }
    await pause(50);
  }
}

/** @param {ChildProcess} child */
async function stopServer(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
  servers.delete(child);
}

/**
 * A server and browsers for the tests of one file: all are there when a test first asks, and closed after the last one.
 * @param {string[]} [flags]
 */
export function fixture(flags = []) {
  /** @type {Promise<Server> | null} */ let server = null;
  /** @type {Map<string, Promise<Browser>>} */ const browsers = new Map();
  let rooms = 0;

  let failed = false;

  const serverOnce = () => server ??= startServer(flags);

  /** @param {'chromium' | 'firefox'} kind @param {string} [name] another name, another process @param {string[]} [flags] for Chromium, when its process starts */
  const browser = (kind, name = kind, flags = []) => {
    const launched = browsers.get(name) ?? (kind === 'chromium' ? launchChromium(flags) : launchFirefox());
    browsers.set(name, launched);
    return launched;
  };

  after(async () => {
    const launched = await Promise.allSettled(browsers.values());
    await Promise.all(launched.map(each => each.status === 'fulfilled' ? closeBrowser(each.value) : undefined));
    const started = await server?.catch(() => null);
    if (failed) console.error(`What the server said:\n${started?.log() ?? 'nothing'}`);
    await started?.stop();
  });

  return {
    server: serverOnce,
    browser,

    /** A room that no other test uses. */
    room: () => `test-${process.pid}-${++rooms}`,

    /** A test's body with people who are gone after it; on failure it says what their pages said. */
    test: (/** @type {(people: People) => Promise<void>} */ body) => async () => {
      try {
        const people = new People((await serverOnce()).url, browser);
        try {
          await body(people);
        } catch (error) {
          console.error(`What the pages said:\n${people.log.join('\n')}`);
          throw error;
        } finally {
          await people.close();
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    },
  };
}

/** The people of one test, each a page in a browser context of its own. */
export class People {
  /** @type {string[]} */ log = [];
  /** @type {{close: () => Promise<void>}[]} */ all = [];

  /**
   * @param {string} url
   * @param {(kind: 'chromium' | 'firefox', name?: string, flags?: string[]) => Promise<Browser>} browser
   */
  constructor(url, browser) {
    this.url = url;
    this.browser = browser;
  }

  /**
   * Opens the page of a room and joins at once.
   * @param {string} room
   * @param {string} name
   * @param {{kind?: 'chromium' | 'firefox', process?: string, query?: string, before?: () => void}} [options] `before` runs in the page before anything else
   */
  async join(room, name, { kind = 'chromium', process: processName, query = SMALL, before } = {}) {
    const browser = await this.browser(kind, processName);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const person = new Person(name, page, context, `${this.url}/r/${room}?auto=1&name=${encodeURIComponent(name)}&${query}`);
    this.all.push(person);
    page.on('console', message => this.log.push(`${name}: ${message.type()} ${message.text()}`));
    page.on('pageerror', error => this.log.push(`${name}: ${error instanceof Error ? error.stack : error}`));
    if (before) await page.evaluateOnNewDocument(before);
    await person.open();
    await person.joined();
    return person;
  }

  async close() {
    await Promise.allSettled(this.all.map(person => person.close()));
  }
}

/** One who is in a room by a browser page. */
export class Person {
  /** @param {string} name @param {Page} page @param {BrowserContext} context @param {string} address */
  constructor(name, page, context, address) {
    this.name = name;
    this.page = page;
    this.context = context;
    this.address = address;
    this.id = '';
  }

  async open() {
    await this.page.goto(this.address, { waitUntil: 'domcontentloaded' });
  }

  /** Waits until this one is in the room and its events are kept for the test to read. */
  async joined() {
    await this.until('is in the room', () => window.weirRoom?.state === 'connected');
    this.id = await this.page.evaluate(() => {
      const room = /** @type {Room} */ (window.weirRoom);
      /** @type {{type: string, at: number, detail: any}[]} */
      const seen = [];
      for (const type of /** @type {const} */ (['participant:join', 'participant:leave', 'participant:update', 'track:publish', 'track:unpublish', 'track:mute', 'speaker:change', 'chat', 'connection:state'])) {
        room.on(type, (/** @type {any} */ detail) => seen.push({ type, at: Date.now(), detail: { ...detail, tracks: undefined } }));
      }
      window.seenEvents = seen;
      return room.localParticipant.participantId;
    });
  }

  /** @returns {Promise<TrackStatistics[]>} */
  async stats() {
    return this.page.evaluate(async () => (await /** @type {Room} */ (window.weirRoom).getStats()).tracks);
  }

  /** @returns {Promise<{type: string, at: number, detail: any}[]>} */
  async events() {
    return this.page.evaluate(() => window.seenEvents ?? []);
  }

  /**
   * The first event of a type that a test accepts; waits for it.
   * @param {string} type
   * @param {(detail: any) => boolean} accept
   * @param {number} timeoutMs
   */
  async event(type, accept, timeoutMs) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const events = await this.events();
      const found = events.find(event => event.type === type && accept(event.detail));
      if (found) return found;
      assert(Date.now() < deadline, `${this.name} got no such ${type} within ${timeoutMs} ms; it got ${JSON.stringify(events.slice(-12))}`);
      await pause(100);
    }
  }

  /**
   * Waits for something to be true in the page.
   * @param {string} what for the message when it never is
   * @param {(...args: any[]) => unknown} condition
   * @param {any[]} [args]
   * @param {number} [timeoutMs]
   */
  async until(what, condition, args = [], timeoutMs = 20_000) {
    const deadline = Date.now() + timeoutMs;
    while (!await this.page.evaluate(condition, ...args)) {
      assert(Date.now() < deadline, `${this.name}: not within ${timeoutMs} ms: ${what}`);
      await pause(50);
    }
  }

  /** Frames of somebody that this one has decoded. @param {Person} other */
  async decoded(other) {
    const stats = await this.stats();
    return stats.filter(({ direction, kind, participantId }) => direction === 'receive' && kind === 'video' && participantId === other.id).reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);
  }

  /** Waits until this one decodes somebody's camera. @param {Person} other @param {number} [timeoutMs] */
  async sees(other, timeoutMs = 20_000) {
    const before = await this.decoded(other);
    const deadline = Date.now() + timeoutMs;
    while (await this.decoded(other) < before + 3) {
      assert(Date.now() < deadline, `${this.name} decodes no picture of ${other.name} within ${timeoutMs} ms; slots: ${JSON.stringify(await this.stats())}`);
      await pause(100);
    }
  }

  /** The spread of brightness in what is shown of somebody: next to nothing in a black or one-coloured picture. @param {Person} other */
  async contrast(other) {
    return this.page.evaluate(id => {
      const video = /** @type {HTMLVideoElement | null} */ (document.querySelector(`[data-key="camera ${id}"] video`));
      if (!video || video.videoWidth === 0) return 0;
      const canvas = Object.assign(document.createElement('canvas'), { width: 80, height: 45 });
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }));
      context.drawImage(video, 0, 0, 80, 45);
      const { data } = context.getImageData(0, 0, 80, 45);
      let least = 255;
      let most = 0;
      for (let i = 0; i < data.length; i += 4) {
        const brightness = (data[i] + data[i + 1] + data[i + 2]) / 3;
        least = Math.min(least, brightness);
        most = Math.max(most, brightness);
      }
      return most - least;
    }, other.id);
  }

  /** How long after joining the first picture of anybody was shown. @returns {Promise<number | null>} */
  async firstFrameMs() {
    return this.page.evaluate(() => {
      const joined = performance.getEntriesByName('weir:join').at(-1);
      const frame = performance.getEntriesByName('weir:first-frame')[0];
      return joined && frame ? frame.startTime - joined.startTime : null;
    });
  }

  /** Gone without a word to the room. */
  async close() {
    if (!this.page.isClosed()) await this.page.close().catch(() => {});
    await this.context.close().catch(() => {});
  }
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length ? sorted[Math.floor(sorted.length / 2)] : Number.NaN;
}

/** WEIR_JAVA, or a JDK 25 or later where such things lie. */
function findJava() {
  if (process.env['WEIR_JAVA']) return process.env['WEIR_JAVA'];
  const folders = ['/usr/lib/jvm', '/opt', '/Library/Java/JavaVirtualMachines'].filter(existsSync).flatMap(folder => readdirSync(folder).map(name => join(folder, name)));
  for (const home of [process.env['JAVA_HOME'] ?? '', ...folders.flatMap(folder => [folder, join(folder, 'Contents/Home')])]) {
    const release = join(home, 'release');
    const version = home && existsSync(release) ? /JAVA_VERSION="(\d+)/.exec(readFileSync(release, 'utf8'))?.[1] : undefined;
    if (Number(version) >= 25) return join(home, 'bin/java');
  }
  throw new Error('The browser tests need a JDK 25. Install it, or set WEIR_JAVA to its java.');
}

/** @returns {Promise<number>} */
function freeTcpPort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The first of a run of free ports, one for each event loop there may be. */
async function freeUdpPorts() {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20_000 + Math.floor(Math.random() * 700) * LOOPS_MOST;
    const free = await Promise.all(Array.from({ length: LOOPS_MOST }, (_, i) => isUdpFree(first + i)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('There is no run of free UDP ports between 20000 and 31200.');
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isUdpFree(port) {
  return new Promise(resolve => {
    const probe = createSocket('udp4');
    probe.once('error', () => resolve(false));
    probe.bind(port, () => probe.close(() => resolve(true)));
  });
}
