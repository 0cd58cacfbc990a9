import { AudioPlayback } from './audio.js';
import { Connection } from './connection.js';
import { isConnectionLost } from './errors.js';
import { Emitter } from './events.js';
import { Publisher } from './publisher.js';
import { QualityWatch } from './quality.js';
import { Slots } from './slots.js';
import { Statistics } from './statistics.js';

/** @import { RoomBody } from './weir.js' */
/** @import { Joined } from './messages.js' */
/** @import { Signaling } from './signaling.js' */
/** @import { Slot } from './slots.js' */

/** A path that is gone this long gets an ICE restart, which a passing hiccup does not need. */
const RESTART_AFTER_MS = 2000;
/** Where an ICE restart has not helped by then, a new connection is made. */
const REBUILD_AFTER_MS = 10_000;
/** After this the server has given up on silent media, so that the old connection is no use. */
const FORGOTTEN_AFTER_MS = 8000;

/**
 * All media of one participant: the connection to the server, kept alive or made anew; the slots and what is published on it.
 * `slots` means that elements may have to show something else, `renewed` that the connection is another one.
 * @extends {Emitter<{state: {state: RTCPeerConnectionState}, slots: {}, renewed: {}}>}
 */
export class Media extends Emitter {
  audio = new AudioPlayback();
  publisher;
  slots;
  /** @type {Connection} */ #connection;
  #signaling;
  #videoSlots;
  #receives;
  /** @type {RoomBody} */ #room;
  /** @type {RTCIceServer[]} */ #iceServers;
  #statistics = new Statistics();
  #quality;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #repair;
  #lostAt = 0;
  #offerPending = false;
  #closed = false;

  /**
   * @param {Signaling} signaling
   * @param {Joined} joined
   * @param {RoomBody} room
   * @param {number} videoSlots
   * @param {string[]} receives the codecs that slots may show
   */
  constructor(signaling, joined, room, videoSlots, receives) {
    super();
    this.#signaling = signaling;
    this.#videoSlots = videoSlots;
    this.#receives = receives;
    this.#room = room;
    this.#iceServers = joined.iceServers ?? [];
    this.publisher = new Publisher(() => this.#connection, () => this.#room, () => this.negotiate(), (type, fields) => signaling.request(type, fields));
    this.#connection = this.#connect();
    this.slots = new Slots(this.#connection);
    this.#quality = new QualityWatch(() => this.#connection.pc.getStats(), quality => signaling.request('quality', quality));
  }

  get state() {
    return this.#connection.state;
  }

  /** Makes an offer now; one that a lost socket takes with it is repeated when the session is back. */
  async negotiate(options = {}) {
    const connection = this.#connection;
    try {
      await connection.negotiate(options);
    } catch (error) {
      if (connection !== this.#connection || this.#closed) return;
      this.#offerPending = true;
      throw error;
    }
    if (connection !== this.#connection) return;
    this.audio.play(this.slots.audioStreams);
    this.emit('slots', {});
  }

  /** @param {Slot} slot */
  onSlot(slot) {
    this.slots.update(slot);
    this.emit('slots', {});
  }

  /** The signaling socket is gone; media may well go on. */
  onLost() {
    this.#lostAt = performance.now();
  }

  /**
   * The session is back. A session that the server no longer knew has no connection there either.
   * @param {Joined} joined
   * @param {RoomBody} room
   */
  async onBack(joined, room) {
    this.#room = room;
    this.#iceServers = joined.iceServers ?? this.#iceServers;
    const alive = this.state === 'connected';
    const forgotten = performance.now() - this.#lostAt > FORGOTTEN_AFTER_MS;
    if (!joined.resumed || (!alive && forgotten)) {
      await this.rebuild(joined.snapshot?.slots ?? []);
    } else if (this.#offerPending || !alive) {
      this.#offerPending = false;
      await this.negotiate({ iceRestart: !alive });
    }
    await this.publisher.repeatMutes();
  }

  /**
   * Makes a new connection with the same slots and everything that was published.
   * @param {Slot[]} slots what they show already
   */
  async rebuild(slots = []) {
    const old = this.#connection;
    this.#connection = this.#connect();
    this.slots = new Slots(this.#connection);
    for (const slot of slots) this.slots.update(slot);
    this.#offerPending = false;
    old.close();
    await this.publisher.sendAll();
    await this.negotiate();
    this.emit('renewed', {});
  }

  /** @param {string} trackId @param {import('./simulcast.js').LayerWish[]} layers */
  async setLayers(trackId, layers) {
    const source = this.publisher.sourceOf(trackId);
    if (source) await this.#connection.setLayers(source, layers);
  }

  /** @param {string} trackId @param {string} codec */
  async setCodec(trackId, codec) {
    const source = this.publisher.sourceOf(trackId);
    if (source) await this.publisher.setCodec(source, codec);
  }

  /** @param {(trackId: string) => import('./statistics.js').Owner} remoteOwner @param {string} ownId */
  async statistics(remoteOwner, ownId) {
    const report = await this.#connection.pc.getStats();
    const transceivers = this.#connection.pc.getTransceivers();
    const midOf = (/** @type {string} */ identifier) =>
      transceivers.find(({ sender, receiver }) => sender.track?.id === identifier || receiver.track.id === identifier)?.mid ?? null;
    return this.#statistics.read(report, mid => this.#ownerOf(mid, remoteOwner, ownId), midOf);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#repair);
    this.#quality.close();
    this.publisher.close();
    this.audio.close();
    this.#connection.close();
  }

  #connect() {
    const connection = new Connection(this.#iceServers, this.#room, this.#receives, fields => this.#signaling.request('offer', fields));
    connection.addSlots('audio', this.#room.audioSlots + 1);
    connection.addSlots('video', this.#videoSlots);
    connection.on('state', ({ state }) => this.#onState(connection, state));
    return connection;
  }

  /**
   * @param {Connection} connection
   * @param {RTCPeerConnectionState} state
   */
  #onState(connection, state) {
    if (connection !== this.#connection || this.#closed) return;
    clearTimeout(this.#repair);
    if (state === 'disconnected') this.#repair = setTimeout(() => this.#restart(), RESTART_AFTER_MS);
    else if (state === 'failed') this.#restart();
    this.emit('state', { state });
  }

  #restart() {
    clearTimeout(this.#repair);
    this.#repair = setTimeout(() => this.#attempt(this.rebuild()), REBUILD_AFTER_MS);
    this.#attempt(this.negotiate({ iceRestart: true }));
  }

  /** A repair that fails for want of a socket is made again when the session is back; one that the server refuses needs a new connection. @param {Promise<unknown>} repair */
  #attempt(repair) {
    repair.catch(error => {
      if (this.#closed || isConnectionLost(error)) return;
      clearTimeout(this.#repair);
      this.#repair = setTimeout(() => this.#attempt(this.rebuild()), RESTART_AFTER_MS);
    });
  }

  /**
   * @param {string | null} mid
   * @param {(trackId: string) => import('./statistics.js').Owner} remoteOwner
   * @param {string} ownId
   * @returns {import('./statistics.js').Owner}
   */
  #ownerOf(mid, remoteOwner, ownId) {
    for (const track of this.publisher.tracks.values()) {
      if (mid !== null && this.#connection.midOf(track.source) === mid) return { trackId: track.trackId, participantId: ownId, source: track.source };
    }
    const trackId = mid === null ? null : this.slots.trackIn(mid);
    return trackId === null ? { trackId: null, participantId: null, source: null } : remoteOwner(trackId);
  }
}
