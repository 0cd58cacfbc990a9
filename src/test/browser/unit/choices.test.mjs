// The SDK's and the page's pure choices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestGrid } from '../../../main/resources/webroot/page/grid.js';
import { readOptions } from '../../../main/resources/webroot/page/options.js';
import { apiUrl, socketUrl } from '../../../main/resources/webroot/sdk/address.js';
import { encodingsFor } from '../../../main/resources/webroot/sdk/simulcast.js';
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
