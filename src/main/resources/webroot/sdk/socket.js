import { WeirError } from './errors.js';
import { Emitter } from './events.js';

/** @import { Requests, ServerEvent } from './messages.js' */

const PING_EVERY_MS = 4000;
/** Nothing heard for this long, although we ask every few seconds: the path is dead, whatever the browser thinks. */
const SILENCE_MS = 10_000;
/** Any code but 1000 and 1001, which would tell the server that we left. */
export const CLOSE_BROKEN = 4900;

/**
 * One WebSocket's life: requests matched with answers by id, events handed on, silence noticed. It is open when constructed by `openSocket`.
 * @extends {Emitter<{event: ServerEvent, close: {code: number, reason: string}}>}
 */
export class Socket extends Emitter {
  /** @type {WebSocket} */ #ws;
  /** @type {Map<string, {resolve: (answer: any) => void, reject: (error: WeirError) => void}>} */
  #waiting = new Map();
  #nextId = 1;
  #heardAt = performance.now();
  /** @type {ReturnType<typeof setInterval>} */ #pinger;
  #closed = false;

  /** @param {WebSocket} ws an open one */
  constructor(ws) {
    super();
    this.#ws = ws;
    ws.addEventListener('message', event => this.#onMessage(event.data));
    ws.addEventListener('close', event => this.#onClose(event.code, event.reason));
    this.#pinger = setInterval(() => this.#onTick(), PING_EVERY_MS);
  }

  /**
   * @template {keyof Requests} K
   * @param {K} type
   * @param {Requests[K]['fields']} fields
   * @returns {Promise<Requests[K]['answer']>}
   */
  request(type, fields) {
    if (this.#closed || this.#ws.readyState !== WebSocket.OPEN) return Promise.reject(connectionLost());
    const id = String(this.#nextId++);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#ws.send(JSON.stringify({ ...fields, type, id }));
    });
  }

  /**
   * Closes at once: our listeners need not wait for the peer's half of the closing handshake, which a dead path never brings.
   * @param {number} code
   * @param {string} [reason]
   */
  close(code, reason = '') {
    this.#ws.close(code, reason);
    this.#onClose(code, reason);
  }

  /** @param {unknown} data */
  #onMessage(data) {
    if (this.#closed) return;
    this.#heardAt = performance.now();
    const message = parse(data);
    if (!message) return;
    if (message.type === 'ok' || message.type === 'error') this.#onAnswer(message);
    else this.emit('event', /** @type {ServerEvent} */ (/** @type {unknown} */ (message)));
  }

  /** @param {Record<string, unknown>} message */
  #onAnswer(message) {
    const waiting = this.#waiting.get(String(message['id']));
    if (!waiting) return;
    this.#waiting.delete(String(message['id']));
    if (message['type'] === 'ok') waiting.resolve(message);
    else waiting.reject(refusalIn(message));
  }

  #onTick() {
    if (performance.now() - this.#heardAt > SILENCE_MS) this.close(CLOSE_BROKEN, 'silence');
    else this.request('ping', {}).catch(() => {}); // Its answer is only a sign of life; a lost one shows as silence.
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #onClose(code, reason) {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pinger);
    for (const { reject } of this.#waiting.values()) reject(connectionLost());
    this.#waiting.clear();
    this.emit('close', { code, reason });
  }
}

/**
 * @param {string} url
 * @param {string | undefined} token
 * @param {number} timeoutMs
 * @returns {Promise<Socket>}
 */
export function openSocket(url, token, timeoutMs) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, token ? ['weir', `bearer.${token}`] : ['weir']);
    const timer = setTimeout(() => ws.close(), timeoutMs);
    ws.addEventListener('open', () => {
      clearTimeout(timer);
      resolve(new Socket(ws));
    }, { once: true });
    ws.addEventListener('close', () => {
      clearTimeout(timer);
      reject(new WeirError('unavailable', 'the server did not accept the connection'));
    }, { once: true });
  });
}

/**
 * @param {unknown} data
 * @returns {Record<string, unknown> & {type: string} | null}
 */
function parse(data) {
  try {
    const message = JSON.parse(String(data));
    return message && typeof message.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

/** @param {Record<string, unknown>} message */
function refusalIn(message) {
  const retryAfterMs = typeof message['retryAfterMs'] === 'number' ? message['retryAfterMs'] : undefined;
  return new WeirError(String(message['code'] ?? 'error'), String(message['message'] ?? 'the server refused'), retryAfterMs);
}

function connectionLost() {
  return new WeirError('connectionLost', 'the connection to the server was lost');
}
