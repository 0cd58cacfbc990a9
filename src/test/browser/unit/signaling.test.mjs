import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Signaling } from '../../../main/resources/webroot/sdk/signaling.js';

/** A WebSocket whose other end is the test. */
class FakeSocket extends EventTarget {
  static OPEN = 1;
  /** @type {FakeSocket[]} */ static all = [];
  /** @type {((socket: FakeSocket, request: any) => void)} */ static onRequest = () => {};
  static refuse = false;
  readyState = 0;
  /** @type {any[]} */ requests = [];
  closedWith = 0;

  /** @param {string} url @param {string[]} protocols */
  constructor(url, protocols) {
    super();
    this.url = url;
    this.protocols = protocols;
    FakeSocket.all.push(this);
    setImmediate(() => FakeSocket.refuse ? this.drop(1006) : this.#open());
  }

  #open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  /** @param {string} text */
  send(text) {
    const request = JSON.parse(text);
    this.requests.push(request);
    FakeSocket.onRequest(this, request);
  }

  /** @param {object} message */
  deliver(message) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }

  /** @param {number} code */
  close(code) {
    this.closedWith = code;
    this.readyState = 3;
  }

  /** @param {number} code */
  drop(code) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }));
  }
}

Object.assign(globalThis, { WebSocket: FakeSocket });

/** Answers joins, resumed ones as resumed. @param {FakeSocket} socket @param {any} request */
function joinAnswer(socket, request) {
  if (request.type !== 'join') return;
  setImmediate(() => socket.deliver({ type: 'ok', id: request.id, participantId: 'me', role: 'guest', mode: 'sfu', resume: `token-${FakeSocket.all.length}`, resumed: 'resume' in request, seq: 10, urls: [] }));
}

/** @param {FakeSocket} socket @param {any} request */
function letWait(socket, request) {
  setImmediate(() => socket.deliver({ type: 'ok', id: request.id, waiting: true }));
}

beforeEach(() => {
  FakeSocket.all = [];
  FakeSocket.refuse = false;
  FakeSocket.onRequest = joinAnswer;
});

/** @param {string} [token] */
function session(token) {
  return new Signaling({ url: 'http://server.example/base/', room: 'a room', token }, { protocol: 1, name: 'Ada', capabilities: {} });
}

/** @param {Signaling} signaling @param {'lost' | 'joined' | 'closed'} type @returns {Promise<any>} */
function once(signaling, type) {
  return new Promise(resolve => signaling.addEventListener(type, event => resolve(/** @type {CustomEvent} */ (event).detail), { once: true }));
}

test('joins at the room\'s address with the token as a subprotocol', async () => {
  const signaling = session('a.b.c');
  const joined = await signaling.open();
  const [socket] = FakeSocket.all;
  assert.equal(socket.url, 'ws://server.example/base/ws/a%20room');
  assert.deepEqual(socket.protocols, ['weir', 'bearer.a.b.c']);
  assert.equal(joined.participantId, 'me');
  assert.equal(socket.requests[0].protocol, 1);
  await leave(signaling);
});

test('an answer finds its request by id, and an error rejects with the server\'s code', async () => {
  const signaling = session();
  await signaling.open();
  const [socket] = FakeSocket.all;
  const first = signaling.request('mute', { trackId: 'a', muted: true });
  const second = signaling.request('mute', { trackId: 'b', muted: true });
  const [, { id: firstId }, { id: secondId }] = socket.requests;
  socket.deliver({ type: 'error', id: secondId, code: 'notFound', message: 'no such track' });
  socket.deliver({ type: 'ok', id: firstId });
  await first;
  await assert.rejects(second, { code: 'notFound', message: 'no such track' });
  await leave(signaling);
});

test('delivers each event once and in order, and unknown types as well', async () => {
  const signaling = session();
  await signaling.open();
  const seen = collect(signaling);
  const [socket] = FakeSocket.all;
  for (const seq of [11, 12, 12, 9, 13]) socket.deliver({ type: 'chat', seq });
  socket.deliver({ type: 'something:new', seq: 14 });
  socket.dispatchEvent(Object.assign(new Event('message'), { data: '{not json' }));
  assert.deepEqual(seen, [11, 12, 13, 14]);
  await leave(signaling);
});

test('resumes with token and seq after a loss, and then gets what it missed', async () => {
  const signaling = session();
  await signaling.open();
  const seen = collect(signaling);
  FakeSocket.all[0].deliver({ type: 'chat', seq: 11 });
  const lost = once(signaling, 'lost');
  const back = once(signaling, 'joined');
  FakeSocket.all[0].drop(1006);
  await lost;
  await assert.rejects(signaling.request('hand', { raised: true }), { code: 'connectionLost' });
  const joined = await back;
  assert.equal(joined.resumed, true);
  assert.deepEqual(FakeSocket.all[1].requests[0].resume, { token: 'token-1', seq: 11 });
  FakeSocket.all[1].deliver({ type: 'chat', seq: 12 });
  assert.deepEqual(seen, [11, 12]);
  await leave(signaling);
});

test('a gap is a lost event: it resumes once for it, and accepts what does not heal', async () => {
  const signaling = session();
  await signaling.open();
  const seen = collect(signaling);
  const back = once(signaling, 'joined');
  FakeSocket.all[0].deliver({ type: 'chat', seq: 13 });
  assert.notEqual(FakeSocket.all[0].closedWith, 0);
  assert(![1000, 1001].includes(FakeSocket.all[0].closedWith), 'those codes would say that we left');
  await back;
  assert.equal(FakeSocket.all[1].requests[0].resume.seq, 10);
  FakeSocket.all[1].deliver({ type: 'chat', seq: 13 });
  assert.deepEqual(seen, [13]);
  await leave(signaling);
});

test('keeps trying while the server refuses sockets, and goes to the other nodes it was told of', async () => {
  FakeSocket.onRequest = (socket, request) => {
    if (request.type === 'join') setImmediate(() => socket.deliver({ type: 'ok', id: request.id, participantId: 'me', resume: 't', resumed: false, seq: 0, urls: ['wss://other.example'] }));
  };
  const signaling = session();
  await signaling.open();
  FakeSocket.refuse = true;
  const back = once(signaling, 'joined');
  FakeSocket.all[0].drop(1006);
  while (FakeSocket.all.length < 3) await new Promise(resolve => setTimeout(resolve, 20));
  FakeSocket.refuse = false;
  await back;
  assert.equal(FakeSocket.all[2].url, 'wss://other.example/ws/a%20room');
  await leave(signaling);
});

for (const [code, reason] of /** @type {const} */ ([[4000, 'ended'], [4001, 'replaced'], [4003, 'removed'], [4010, 'expired'], [1000, 'left']])) {
  test(`close code ${code} is final: ${reason}`, async () => {
    const signaling = session();
    await signaling.open();
    const closed = once(signaling, 'closed');
    FakeSocket.all[0].drop(code);
    assert.deepEqual(await closed, { reason });
    assert.equal(FakeSocket.all.length, 1);
  });
}

test('a refused join rejects with its code and leaves no socket', async () => {
  FakeSocket.onRequest = (socket, request) => setImmediate(() => socket.deliver({ type: 'error', id: request.id, code: 'roomFull', message: 'full' }));
  await assert.rejects(session().open(), { code: 'roomFull' });
  assert.equal(FakeSocket.all[0].closedWith, 1000);
});

test('a crowded server says when to come back, and is asked again then and not before', async () => {
  let refusals = 2;
  FakeSocket.onRequest = (socket, request) => {
    if (refusals-- <= 0) return joinAnswer(socket, request);
    setImmediate(() => socket.deliver({ type: 'error', id: request.id, code: 'unavailable', message: 'later', retryAfterMs: 60 }));
  };
  const signaling = session();
  const from = performance.now();
  const joined = await signaling.open();
  assert.equal(joined.participantId, 'me');
  assert.equal(FakeSocket.all.length, 3);
  assert(performance.now() - from >= 118, `asked again after ${performance.now() - from} ms`);
  await leave(signaling);
});

test('a server that is crowded for longer than anybody waits is unavailable', async () => {
  FakeSocket.onRequest = (socket, request) =>
    setImmediate(() => socket.deliver({ type: 'error', id: request.id, code: 'unavailable', message: 'later', retryAfterMs: 61_000 }));
  await assert.rejects(session().open(), { code: 'unavailable', retryAfterMs: 61_000 });
  assert.equal(FakeSocket.all.length, 1);
});

test('waits in the waiting room until a host admits', async () => {
  FakeSocket.onRequest = letWait;
  const signaling = session();
  const joined = await signaling.open(() => FakeSocket.all[0].deliver({ type: 'waiting:admitted', seq: 1, participantId: 'me', resume: 't', resumed: false }));
  assert.equal(joined.participantId, 'me');
  await leave(signaling);
});

test('a host may deny', async () => {
  FakeSocket.onRequest = letWait;
  await assert.rejects(session().open(() => FakeSocket.all[0].deliver({ type: 'waiting:denied', seq: 1 })), { code: 'denied' });
});

test('who waits keeps his place when his socket drops, and is told once that he waits', async () => {
  FakeSocket.onRequest = (socket, request) => setImmediate(() => {
    socket.deliver({ type: 'ok', id: request.id, waiting: true, resume: `place-${FakeSocket.all.length}`, seq: 3 });
    if (FakeSocket.all.length < 3) setImmediate(() => socket.drop(1006));
    else setImmediate(() => socket.deliver({ type: 'waiting:admitted', seq: 4, participantId: 'me', resume: 't', resumed: false }));
  });
  let told = 0;
  const signaling = session();
  const joined = await signaling.open(() => told++);
  assert.equal(joined.participantId, 'me');
  assert.equal(told, 1);
  assert.deepEqual(FakeSocket.all.map(({ requests }) => requests[0].resume?.token), [undefined, 'place-1', 'place-2']);
  await leave(signaling);
});

test('who waits learns why there is no room to wait for any more', async () => {
  for (const [code, reason] of /** @type {const} */ ([[4000, 'ended'], [4003, 'denied'], [4001, 'replaced']])) {
    FakeSocket.all = [];
    FakeSocket.onRequest = letWait;
    await assert.rejects(session().open(() => setImmediate(() => FakeSocket.all[0].drop(code))), { code: reason });
    assert.equal(FakeSocket.all.length, 1);
  }
});

test('who gives up waiting is gone with a goodbye, and what he said for it is thrown', async () => {
  FakeSocket.onRequest = letWait;
  const giving = new AbortController();
  await assert.rejects(session().open(() => giving.abort(), giving.signal), { name: 'AbortError' });
  assert.equal(FakeSocket.all[0].closedWith, 1000);
  assert.equal(FakeSocket.all.length, 1);
});

test('leaving says so and closes with 1000', async () => {
  FakeSocket.onRequest = (socket, request) => {
    joinAnswer(socket, request);
    if (request.type === 'leave') setImmediate(() => socket.deliver({ type: 'ok', id: request.id }));
  };
  const signaling = session();
  await signaling.open();
  const closed = once(signaling, 'closed');
  await signaling.leave();
  assert.deepEqual(await closed, { reason: 'left' });
  assert.equal(FakeSocket.all[0].requests.at(-1).type, 'leave');
  assert.equal(FakeSocket.all[0].closedWith, 1000);
});

/** @param {Signaling} signaling */
function collect(signaling) {
  /** @type {number[]} */
  const seen = [];
  signaling.on('event', ({ seq }) => seen.push(seq));
  return seen;
}

/** @param {Signaling} signaling */
async function leave(signaling) {
  FakeSocket.onRequest = (socket, request) => socket.deliver({ type: 'ok', id: request.id });
  await signaling.leave();
}
