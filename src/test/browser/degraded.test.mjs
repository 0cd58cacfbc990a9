// A server that does not get what it hopes for: it says so in one line, and every call goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, pause, startServer } from './harness.mjs';
import { ShapedLink, whyNoLink } from './shaped-link.mjs';

const CALL = ['--viewers', '3', '--layers', 'h', '--audio', '--warmup', '1s'];
/** Less than the packets of a camera, 1,200 bytes, and more than any of sound. */
const NARROW_BYTES = 1000;
/** What a call may lose where its path changes under way: the first run to each. */
const LOST_PERCENT = 1;

/** @param {string} log @param {RegExp} what */
const lines = (log, what) => log.split('\n').filter(line => what.test(line));

/** @param {any} call */
function everybodyIsServed(call) {
  assert.equal(call.joins.connected, 4);
  assert.equal(call.steady.served, call.steady.receivers, 'somebody got no media');
  assert(call.steady.expected > 100, `only ${call.steady.expected} packets were to come`);
  assert(call.steady.lossPercent <= LOST_PERCENT, `${call.steady.lossPercent} % are lost`);
}

test('calls go on with another provider than a libcrypto without its functions', { timeout: 60_000, skip: process.platform !== 'linux' && 'libc.so.6 is Linux' }, async () => {
  const server = await startServer([], ['-Dweir.libcrypto=libc.so.6']);
  try {
    everybodyIsServed(await load(server.url, [...CALL, '--duration', '1s']));
    assert.equal(lines(server.log(), /libcrypto/).length, 1, server.log());
    assert.match(server.log(), /libcrypto is not used: the library has no OpenSSL_version_num/);
    assert.match(server.log(), /packets are protected by (?!OpenSSL)/);
  } finally {
    await server.stop();
  }
});

test('a path that becomes too narrow for runs of packets costs a call no more than the first of them', { timeout: 60_000, skip: whyNoLink() ?? false }, async () => {
  const link = new ShapedLink();
  try {
    const server = await startServer(['--host', '0.0.0.0', '--open']);
    try {
      const url = `http://${link.serverAddress}:${new URL(server.url).port}`;
      const call = load(url, [...CALL, '--duration', '4s'], link.prefix);
      await until(async () => metric(await page(server.url), 'weir_rtp_packets_total{direction="out",kind="video"}') > 400, 'no video flows');
      const sends = metric(await page(server.url), 'weir_send_calls_total');
      assert.equal(lines(server.log(), /leave packet by packet/).length, 0);
      link.narrow(NARROW_BYTES);
      everybodyIsServed(await call);
      const after = await page(server.url);
      console.log(`narrowed after ${sends} sends of ${metric(after, 'weir_send_calls_total')}: ${JSON.stringify((await call).steady.lossPercent)} % lost, ${(await call).steady.recovered} recovered`);
      assert.equal(lines(server.log(), /leave packet by packet/).length, 1, server.log());
    } finally {
      await server.stop();
    }
  } finally {
    link.close();
  }
});

/** @param {string} url */
const page = async url => (await fetch(`${url}/metrics`)).text();

/** @param {string} text @param {string} name */
function metric(text, name) {
  return text.split('\n').filter(line => line.startsWith(`${name} `)).reduce((sum, line) => sum + Number(line.slice(name.length + 1)), 0);
}

/** @param {() => Promise<boolean>} condition @param {string} otherwise */
async function until(condition, otherwise) {
  const deadline = Date.now() + 20_000;
  while (!await condition()) {
    assert(Date.now() < deadline, otherwise);
    await pause(100);
  }
}
