// The SDK's and the page's pure choices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestGrid } from '../../../main/resources/webroot/page/grid.js';
import { readOptions } from '../../../main/resources/webroot/page/options.js';
import { apiUrl, socketUrl } from '../../../main/resources/webroot/sdk/address.js';
import { measure } from '../../../main/resources/webroot/sdk/quality.js';
import { asWanted, encodingsFor, inCodec } from '../../../main/resources/webroot/sdk/simulcast.js';
import { order } from '../../../main/resources/webroot/sdk/view.js';

/** @type {any} */
const room = {
  simulcast: {
    enabled: true, layers: [
      { rid: 'f', width: 1280, height: 720, maxBitrate: 1_500_000, maxFramerate: 30 },
      { rid: 'q', width: 320, height: 180, maxBitrate: 150_000, maxFramerate: 15 },
      { rid: 'h', width: 640, height: 360, maxBitrate: 500_000, maxFramerate: 25 },
    ],
  },
};

/** @param {{width?: number, height?: number}} capture */
function scales(capture) {
  return encodingsFor('camera', room, capture).map(({ rid, scaleResolutionDownBy }) => [rid, scaleResolutionDownBy]);
}

test('a camera sends the layers that its capture is large enough for, lowest first, and at least one', () => {
  assert.deepEqual(scales({ width: 1280, height: 720 }), [['q', 4], ['h', 2], ['f', 1]]);
  assert.deepEqual(scales({ width: 1920, height: 1080 }), [['q', 6], ['h', 3], ['f', 1.5]]);
  assert.deepEqual(scales({ width: 720, height: 1280 }), [['q', 4], ['h', 2], ['f', 1]], 'an upright phone');
  assert.deepEqual(scales({ width: 640, height: 480 }), [['q', 480 / 180], ['h', 480 / 360]]);
  assert.deepEqual(scales({ width: 320, height: 180 }), [['q', 1]]);
  assert.deepEqual(scales({ width: 160, height: 120 }), [['q', 1]]);
  assert.deepEqual(scales({}), [['q', 4], ['h', 2], ['f', 1]], 'a capture that does not say its size');
});

test('without simulcast a camera is one encoding without a rid', () => {
  const [only, ...others] = encodingsFor('camera', { ...room, simulcast: { ...room.simulcast, enabled: false } }, { width: 1280, height: 720 });
  assert.deepEqual(others, []);
  assert.equal(only.rid, undefined);
  assert.equal(only.maxBitrate, 1_500_000);
});

test('layers have layers of time, and VP9 and AV1 have theirs inside the first encoding, where the browser can', () => {
  const modes = (/** @type {object} */ how, body = room) => encodingsFor('camera', body, { width: 1280, height: 720 }, how).map(({ rid, scalabilityMode }) => [rid, scalabilityMode]);
  const simulcast = [['q', 'L1T3'], ['h', 'L1T3'], ['f', 'L1T3']];
  assert.deepEqual(modes({ codec: 'VP8', svc: true }), simulcast);
  assert.deepEqual(modes({ codec: 'H264', svc: true }), simulcast);
  assert.deepEqual(modes({ codec: 'VP9', svc: true }), [['q', 'L3T3_KEY'], ['h', 'L1T3'], ['f', 'L1T3']]);
  assert.deepEqual(encodingsFor('camera', room, { width: 1280, height: 720 }, { codec: 'VP9', svc: true }).map(({ active, scaleResolutionDownBy, maxBitrate }) => [active, scaleResolutionDownBy, maxBitrate]),
    [[true, 1, 1_500_000], [false, 2, 500_000], [false, 1, 1_500_000]], 'the others rest');
  assert.equal(modes({ codec: 'AV1', svc: true, scalabilityMode: 'L2T1' })[0][1], 'L2T1');
  assert.deepEqual(encodingsFor('camera', room, { width: 320, height: 180 }, { codec: 'VP9', svc: true }).map(({ rid, scalabilityMode }) => [rid, scalabilityMode]), [[undefined, 'L3T3_KEY']], 'a capture for one layer');
  assert.deepEqual(modes({ codec: 'AV1' }), [['q', undefined], ['h', undefined], ['f', undefined]], 'a browser without scalabilityMode');
  const plain = { ...room, simulcast: { ...room.simulcast, enabled: false } };
  assert.deepEqual(modes({ codec: 'VP9', svc: true }, plain), [[undefined, 'L1T3']]);
  assert.deepEqual(encodingsFor('screen', room, {}, { svc: true }), [{ maxBitrate: 2_500_000, maxFramerate: 15, scalabilityMode: 'L1T3' }]);
  assert.equal(encodingsFor('screen', room, {}, { motion: true })[0].maxFramerate, 30);
});

test('another codec keeps the number of encodings, which change between layers inside the first and one in each', () => {
  const inside = encodingsFor('camera', room, {}, { codec: 'VP9', svc: true });
  const simulcast = encodingsFor('camera', room, {}, { codec: 'VP8', svc: true });
  const form = (/** @type {any[]} */ encodings) => encodings.map(({ rid, active, scalabilityMode, scaleResolutionDownBy }) => [rid, active, scalabilityMode, scaleResolutionDownBy]);
  assert.deepEqual(form(inCodec(inside, simulcast)), [['q', true, 'L1T3', 4], ['h', true, 'L1T3', 2], ['f', true, 'L1T3', 1]]);
  assert.deepEqual(form(inCodec(simulcast, inside)), [['q', true, 'L3T3_KEY', 1], ['h', false, 'L1T3', 2], ['f', false, 'L1T3', 1]]);
  const [single] = simulcast;
  assert.deepEqual(inCodec([single], simulcast), [{ ...single, codec: undefined }], 'what was negotiated as one stays one');
});

test('layers that nobody takes are not sent, inside one encoding neither', () => {
  const wish = (/** @type {string} */ rid, /** @type {boolean} */ active) => ({ rid, active, maxBitrate: 1000 });
  const simulcast = [{ rid: 'q', active: true }, { rid: 'h', active: true, maxBitrate: 5 }];
  assert.deepEqual(asWanted(simulcast, [wish('q', true), wish('h', false)], simulcast), [{ rid: 'q', active: true, maxBitrate: 1000 }, { rid: 'h', active: false, maxBitrate: 1000 }]);
  assert.deepEqual(asWanted([{}], [wish('q', false)], [{}]), [{ active: false }], 'a browser drops the rid of a single encoding');
  assert.deepEqual(asWanted([{}], [wish('q', true)], [{}]), [{ active: true, maxBitrate: 1000 }]);
  const whole = [{ scalabilityMode: 'L3T3_KEY', scaleResolutionDownBy: 1.5, maxBitrate: 9 }];
  const two = asWanted(whole, [wish('0', true), wish('1', true), wish('2', false)], whole);
  assert.deepEqual(two, [{ scalabilityMode: 'L2T3_KEY', scaleResolutionDownBy: 3, maxBitrate: 1000, active: true }]);
  const one = asWanted(two, [wish('0', true), wish('1', false), wish('2', false)], whole);
  assert.deepEqual([one[0].scalabilityMode, one[0].scaleResolutionDownBy], ['L1T3', 6]);
  const all = asWanted(one, [wish('0', true), wish('1', true), wish('2', true)], whole);
  assert.deepEqual([all[0].scalabilityMode, all[0].scaleResolutionDownBy], ['L3T3_KEY', 1.5]);
  const vp8 = [{ scalabilityMode: 'L1T3', maxBitrate: 9 }];
  assert.deepEqual(asWanted(vp8, [wish('0', true), wish('1', false)], vp8), [{ ...vp8[0], active: true }], 'a codec that has none inside');
  assert.equal(asWanted(all, [wish('0', false), wish('1', false), wish('2', false)], whole)[0].active, false);
});

test('layers inside the first of several encodings go by index, and wishes by names that no longer hold keep it on', () => {
  const wish = (/** @type {string} */ rid, /** @type {boolean} */ active) => ({ rid, active, maxBitrate: 1000 });
  const inside = encodingsFor('camera', room, {}, { codec: 'VP9', svc: true });
  const simulcast = encodingsFor('camera', room, {}, { codec: 'VP8', svc: true });
  const [first, ...others] = asWanted(inside, [wish('0', true), wish('1', false), wish('2', false)], inside);
  assert.deepEqual([first.rid, first.active, first.scalabilityMode, first.scaleResolutionDownBy], ['q', true, 'L1T3', 4]);
  assert.deepEqual(others, inside.slice(1));
  assert.deepEqual(asWanted(inside, [wish('q', true), wish('h', false), wish('f', false)], inside), inside);
  assert.deepEqual(asWanted(simulcast, [wish('0', true), wish('1', false), wish('2', false)], simulcast), simulcast);
  assert(asWanted(inside, [wish('q', false), wish('h', false), wish('f', false)], inside).every(({ active }) => !active));
});

test('what a browser measures becomes rates, and one that falls behind says so', () => {
  const inbound = (/** @type {number} */ frames, /** @type {number} */ dropped, /** @type {number} */ decode, kind = 'video') =>
    ({ type: 'inbound-rtp', kind, packetsReceived: frames * 10, packetsLost: dropped, jitter: 0.012, framesReceived: frames, framesDropped: dropped, totalDecodeTime: decode });
  const report = (/** @type {any[]} */ ...entries) => new Map(entries.map((entry, i) => [String(i), entry]));
  const pair = { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.04 };
  const fine = measure(report(inbound(100, 0, 1), pair), report(inbound(225, 1, 2), pair), 5);
  assert.deepEqual(fine, { cpuLimited: false, rttMs: 40, jitterMs: 12, lossIn: 0.001, framesDropped: 0.008, decodeLoad: 0.2 });
  assert.equal(measure(report(inbound(100, 0, 1)), report(inbound(200, 30, 2)), 5).cpuLimited, true, 'drops frames');
  assert.equal(measure(report(inbound(100, 0, 1)), report(inbound(110, 9, 2)), 5).cpuLimited, false, 'too few frames to say');
  assert.equal(measure(report(inbound(100, 0, 1)), report(inbound(200, 0, 5.5)), 5).cpuLimited, true, 'decodes most of the time');
  const sends = (/** @type {string} */ reason) => ({ type: 'outbound-rtp', kind: 'video', active: true, qualityLimitationReason: reason });
  assert.equal(measure(report(), report(sends('cpu')), 5).cpuLimited, true);
  assert.equal(measure(report(), report(sends('bandwidth')), 5).cpuLimited, false);
});

test('a view names pinned tiles first and muted cameras last', () => {
  const tile = (/** @type {string} */ trackId, muted = false, pinned = false) => ({ track: /** @type {any} */ ({ trackId, muted }), size: { width: 10, height: 5 }, pinned });
  assert.deepEqual(order([tile('a', true), tile('b'), tile('c', false, true), tile('d', true, true)]).map(({ trackId }) => trackId), ['c', 'b', 'd', 'a']);
  assert.deepEqual(order([tile('a')]), [{ trackId: 'a', width: 10, height: 5 }]);
});

test('a server is found by any form of its address', () => {
  assert.equal(socketUrl('https://weir.example', 'a/b'), 'wss://weir.example/ws/a%2Fb');
  assert.equal(socketUrl('ws://weir.example:81/base/', 'r'), 'ws://weir.example:81/base/ws/r');
  assert.equal(apiUrl('wss://weir.example/?x=1#y', '/rooms'), 'https://weir.example/api/v1/rooms');
});

test('the grid fills its area with the largest tiles, and scrolls rather than show stamps', () => {
  assert.equal(bestGrid(1, { width: 1600, height: 900 }, 8).width, 1600);
  assert.equal(bestGrid(4, { width: 1600, height: 900 }, 8).columns, 2);
  assert.equal(bestGrid(2, { width: 360, height: 600 }, 8).columns, 1);
  const crowd = bestGrid(100, { width: 360, height: 600 }, 8);
  assert.equal(crowd.columns, 2);
  assert(crowd.width >= 150);
});

test('the address bar says which room, who, and how', () => {
  const options = readOptions(new URL('http://localhost/r/all%20hands?name=Ada&auto=1&video=0&width=320&height=180'));
  assert.deepEqual([options.room, options.name, options.auto, options.video, options.audio], ['all hands', 'Ada', true, false, true]);
  assert.deepEqual(options.capture, { width: 320, height: 180 });
  assert.equal(readOptions(new URL('http://localhost/')).room, '');
  assert.equal(readOptions(new URL('http://localhost/r/%E0%A4%A')).room, '');
});
