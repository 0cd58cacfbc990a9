// Launchers for the browsers that the tests use. Every one launched is closed when the process ends, whatever happened.
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

/** @import { Browser } from 'puppeteer-core' */

const CHROMIUM = [
  process.env['WEIR_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const FIREFOX = [process.env['WEIR_FIREFOX'], '/usr/bin/firefox', '/usr/bin/firefox-esr', '/usr/lib/firefox/firefox', '/snap/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-gpu', '--disable-quic',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
];
const FIREFOX_PREFERENCES = { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true, 'media.autoplay.default': 0 };
const LAUNCH_TIMEOUT_MS = 60_000;
/** A call between two browsers on a small machine is slow to start, not stuck. */
const PROTOCOL_TIMEOUT_MS = 120_000;

/** @type {Set<Browser>} */
const open = new Set();
process.on('exit', () => open.forEach(kill));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));

/** @param {string[]} [flags] beside the usual ones */
export async function launchChromium(flags = []) {
  return remember(await puppeteer.launch({
    executablePath: find('Chromium', 'WEIR_CHROMIUM', CHROMIUM), args: ['--headless=new', ...CHROMIUM_FLAGS, ...flags], timeout: LAUNCH_TIMEOUT_MS, protocolTimeout: PROTOCOL_TIMEOUT_MS,
  }));
}

/**
 * A Chromium that another command starts, in a place with a network of its own: so it is spoken to through a pipe.
 * @param {string[]} prefix
 * @param {string[]} [flags]
 */
export async function launchChromiumBy(prefix, flags = []) {
  const args = puppeteer.defaultArgs({ args: ['--headless=new', ...CHROMIUM_FLAGS, ...flags] });
  return remember(await puppeteer.launch({
    executablePath: '/usr/bin/env', ignoreDefaultArgs: true, args: [...prefix, find('Chromium', 'WEIR_CHROMIUM', CHROMIUM), ...args],
    pipe: true, timeout: LAUNCH_TIMEOUT_MS, protocolTimeout: PROTOCOL_TIMEOUT_MS,
  }));
}

export async function launchFirefox() {
  return remember(await puppeteer.launch({
    browser: 'firefox', executablePath: find('Firefox', 'WEIR_FIREFOX', FIREFOX), headless: true, extraPrefsFirefox: FIREFOX_PREFERENCES,
    timeout: LAUNCH_TIMEOUT_MS, protocolTimeout: PROTOCOL_TIMEOUT_MS,
  }));
}

/** @param {Browser} browser */
export async function closeBrowser(browser) {
  const timer = setTimeout(() => kill(browser), 10_000);
  await browser.close().catch(() => kill(browser));
  clearTimeout(timer);
  open.delete(browser);
}

/**
 * The end of a browser that says no goodbye: all its processes at once, or the one that has the sockets closes them in
 * good order. Puppeteer starts a browser as the leader of a process group.
 * @param {Browser} browser
 */
export function kill(browser) {
  open.delete(browser);
  const child = browser.process();
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** @param {Browser} browser */
function remember(browser) {
  open.add(browser);
  return browser;
}

/**
 * @param {string} name
 * @param {string} variable
 * @param {(string | undefined)[]} places
 */
function find(name, variable, places) {
  const found = places.find(place => place && existsSync(place));
  if (!found) throw new Error(`The browser tests need ${name}, and it is in none of the usual places. Install it, or set ${variable} to its program.`);
  return found;
}
