import { socketUrl } from './address.js';
import { WeirError, isConnectionLost } from './errors.js';
import { Emitter } from './events.js';
import { CLOSE_BROKEN, openSocket } from './socket.js';

/** @import { ClosedReason } from './weir.js' */
/** @import { Join, Joined, Requests, ServerEvent } from './messages.js' */
/** @import { Socket } from './socket.js' */

const OPEN_TIMEOUT_MS = 8000;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 8000;
const GIVE_UP_MS = 300_000;
/** How long one who joins follows a crowded server's word to come back later. */
const PATIENCE_MS = 60_000;
const LEAVE_TIMEOUT_MS = 1000;

/** Close codes that end the session; after any other we come back. @type {Record<number, ClosedReason>} */
const FINAL = { 1000: 'left', 4000: 'ended', 4001: 'replaced', 4003: 'removed', 4010: 'expired' };
/** Refusals of a join that may pass when asked again. */
const PASSING = new Set(['rateLimited', 'unavailable', 'roomLimit', 'roomFull']);

/**
 * A session in a room, across sockets: joins, resumes with token and seq after a loss, delivers every event once and in order.
 * `lost` means that we are trying to come back, `joined` that we are in (again), `closed` that it is over.
 * @extends {Emitter<{event: ServerEvent, joined: Joined, lost: {}, closed: {reason: ClosedReason}}>}
 */
export class Signaling extends Emitter {
  #url;
  #room;
  #token;
  #join;
  /** Nodes that may serve us when ours does not. @type {string[]} */ #otherUrls = [];
  /** @type {Socket | null} */ #socket = null;
  /** @type {string | null} */ #resumeToken = null;
  #seq = 0;
  #joined = false;
  #ended = false;
  /** The seq after which a gap was seen; a second time in the same place it is accepted, or we would resume for ever. */
  #gapAfter = -1;
  /** Ends a backoff early. @type {() => void} */ #wake = () => {};

  /**
   * @param {{url: string, room: string, token: string | undefined}} where
   * @param {Join} join what every join says, but for `resume`
   */
  constructor({ url, room, token }, join) {
    super();
    this.#url = url;
    this.#room = room;
    this.#token = token;
    this.#join = join;
  }

  /**
   * The first join, which fails at once if it is refused, unless the server said when to come back.
   * @param {() => void} [onWaiting] a host has to admit us first
   * @param {AbortSignal} [signal] gives up
   * @returns {Promise<Joined>}
   */
  async open(onWaiting, signal) {
    signal?.throwIfAborted();
    const giveUp = () => {
      this.#ended = true;
      this.#wake();
      this.#socket?.close(1000);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await this.#enterFirst(onWaiting);
    } catch (error) {
      giveUp();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /**
   * @template {keyof Requests} K
   * @param {K} type
   * @param {Requests[K]['fields']} fields
   * @returns {Promise<Requests[K]['answer']>}
   */
  request(type, fields) {
    if (!this.#socket || !this.#joined) return Promise.reject(new WeirError('connectionLost', 'not connected to the server'));
    return this.#socket.request(type, fields);
  }

  async leave() {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake();
    const said = this.request('leave', {}).catch(() => {}); // Closing with 1000 says the same.
    await Promise.race([said, delay(LEAVE_TIMEOUT_MS)]);
    this.#joined = false;
    this.#socket?.close(1000);
    this.emit('closed', { reason: 'left' });
  }

  /**
   * The server asks us to another node: there we resume, or join anew.
   * @param {string[]} urls
   * @param {number} afterMs
   */
  async move(urls, afterMs) {
    await delay(afterMs);
    if (this.#ended || urls.length === 0) return;
    this.#otherUrls = [...urls.slice(1), this.#url];
    this.#url = urls[0];
    this.#socket?.close(CLOSE_BROKEN, 'moving');
  }

  /**
   * Who waits may lose his socket before he is admitted: his token keeps his place. And a server that many enter at once says when it has time.
   * @param {() => void} [onWaiting]
   * @returns {Promise<Joined>}
   */
  async #enterFirst(onWaiting) {
    let [lostAt, attempt] = [Number.NaN, 0];
    let waits = false;
    const waiting = () => {
      if (!waits) onWaiting?.();
      [waits, lostAt, attempt] = [true, Number.NaN, 0];
    };
    for (;;) {
      try {
        return await this.#enter(this.#url, waiting);
      } catch (error) {
        if (Number.isNaN(lostAt)) lostAt = performance.now();
        const patience = waits ? GIVE_UP_MS : retryAfterMs(error) ? PATIENCE_MS : 0;
        if (this.#ended || !mayPass(error) || performance.now() - lostAt + (retryAfterMs(error) ?? 0) > patience) throw error;
        this.#socket?.close(CLOSE_BROKEN);
        await this.#backOff(attempt++, error);
        if (this.#ended) throw error;
      }
    }
  }

  /**
   * Opens a socket and joins on it.
   * @param {string} url
   * @param {() => void} [onWaiting]
   */
  async #enter(url, onWaiting) {
    const socket = await openSocket(socketUrl(url, this.#room), this.#token, OPEN_TIMEOUT_MS);
    if (this.#ended) {
      socket.close(1000);
      throw new WeirError('connectionLost', 'left while connecting');
    }
    this.#socket = socket;
    /** @type {PromiseWithResolvers<Joined>} */
    const admitted = withResolvers();
    admitted.promise.catch(() => {}); // Nobody waits for it unless the room has a waiting room.
    socket.on('event', event => this.#onEvent(event, admitted));
    socket.on('close', ({ code }) => {
      admitted.reject(whyNotAdmitted(FINAL[code]));
      this.#onClose(socket, code);
    });
    const resume = this.#resumeToken ? { token: this.#resumeToken, seq: this.#seq } : undefined;
    let answer = await socket.request('join', resume ? { ...this.#join, resume } : this.#join);
    if ('waiting' in answer && answer.waiting) {
      if (answer.resume) this.#resumeToken = answer.resume;
      this.#seq = answer.seq ?? this.#seq;
      onWaiting?.();
      answer = await admitted.promise;
    }
    const joined = /** @type {Joined} */ (answer);
    this.#url = url;
    this.#resumeToken = joined.resume;
    this.#otherUrls = joined.urls ?? this.#otherUrls;
    if (!joined.resumed) this.#seq = joined.seq;
    this.#joined = true;
    this.emit('joined', joined);
    return joined;
  }

  /**
   * @param {ServerEvent} event
   * @param {PromiseWithResolvers<Joined>} admitted
   */
  #onEvent(event, admitted) {
    if (!this.#joined) {
      if (event.type === 'waiting:admitted') admitted.resolve(event);
      else if (event.type === 'waiting:denied') admitted.reject(new WeirError('denied', 'the host did not admit you'));
      return;
    }
    if (typeof event.seq === 'number') {
      if (event.seq <= this.#seq) return;
      if (event.seq > this.#seq + 1 && this.#gapAfter !== this.#seq) {
        this.#gapAfter = this.#seq;
        this.#socket?.close(CLOSE_BROKEN, 'gap');
        return;
      }
      this.#seq = event.seq;
    }
    this.emit('event', event);
  }

  /**
   * @param {Socket} socket
   * @param {number} code
   */
  #onClose(socket, code) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    const wasJoined = this.#joined;
    this.#joined = false;
    if (this.#ended || !wasJoined) return; // Who was joining gets the refusal from its own request.
    const reason = FINAL[code];
    if (reason) this.#end(reason);
    else void this.#comeBack();
  }

  async #comeBack() {
    this.emit('lost', {});
    const lostAt = performance.now();
    const wake = () => this.#wake();
    globalThis.addEventListener?.('online', wake);
    try {
      /** @type {unknown} */ let refusal;
      for (let attempt = 0; !this.#ended; attempt++) {
        await this.#backOff(attempt, refusal);
        if (this.#ended) return;
        if (performance.now() - lostAt > GIVE_UP_MS) return this.#end('unavailable');
        const urls = [this.#url, ...this.#otherUrls.filter(url => url !== this.#url)];
        try {
          await this.#enter(urls[attempt % urls.length]);
          return;
        } catch (error) {
          this.#socket?.close(CLOSE_BROKEN);
          if (!mayPass(error)) return this.#end('unavailable');
          refusal = error;
        }
      }
    } finally {
      globalThis.removeEventListener?.('online', wake);
    }
  }

  /**
   * Waits longer each time, and by chance, so that a room of people who lost one server do not come back in one instant. A time that the
   * server gave holds instead; it too gets a little chance, upwards.
   * @param {number} attempt
   * @param {unknown} [refusal] what the last attempt came to
   */
  #backOff(attempt, refusal) {
    const longest = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS);
    const asked = retryAfterMs(refusal);
    return Promise.race([
      delay(asked ? asked * (1 + Math.random() / 4) : longest * (attempt === 0 ? Math.random() : 0.5 + Math.random() / 2)),
      new Promise(resolve => { this.#wake = () => resolve(undefined); }),
    ]);
  }

  /** @param {ClosedReason} reason */
  #end(reason) {
    this.#ended = true;
    this.emit('closed', { reason });
  }
}

/** @param {unknown} error */
function mayPass(error) {
  return isConnectionLost(error) || !(error instanceof WeirError) || PASSING.has(error.code);
}

/** @param {unknown} error */
function retryAfterMs(error) {
  return error instanceof WeirError ? error.retryAfterMs : undefined;
}

/** @param {ClosedReason | undefined} reason with which the socket of one who waits was closed */
function whyNotAdmitted(reason) {
  if (reason === 'removed') return new WeirError('denied', 'the host did not admit you');
  if (reason) return new WeirError(reason, `the room was closed while you were waiting: ${reason}`);
  return new WeirError('connectionLost', 'the connection to the server was lost');
}

/** @param {number} ms */
function delay(ms) {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** @template T @returns {PromiseWithResolvers<T>} */
function withResolvers() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
