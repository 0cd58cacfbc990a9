import { chooseCodec } from './codecs.js';
import { WeirError, isConnectionLost } from './errors.js';
import { Emitter } from './events.js';
import { encodingsFor, knowsScalability } from './simulcast.js';

/** @import { Kind, LocalTrack, RoomBody, Source } from './weir.js' */
/** @import { Connection } from './connection.js' */
/** @import { Requests } from './messages.js' */

/**
 * @typedef {object} Captured what is to be published
 * @property {Source} source
 * @property {MediaStreamTrack} media
 * @property {boolean} owned we captured it and may stop it
 * @property {MediaTrackConstraints | boolean} constraints to capture it again after a mute released it
 * @property {string} [codec] to send a picture in; the room's first that this browser sends where it is left out
 * @property {string} [scalabilityMode] instead of the one that suits room and codec
 */

/** @param {Source} source @returns {Kind} */
function kindOf(source) {
  return source === 'camera' || source === 'screen' ? 'video' : 'audio';
}

/** One source that we publish. @implements {LocalTrack} */
class Published {
  /**
   * @param {Captured} captured
   * @param {() => string | null} trackId
   */
  constructor(captured, trackId) {
    this.source = captured.source;
    this.kind = kindOf(captured.source);
    /** @type {MediaStreamTrack | null} */ this.media = captured.media;
    this.owned = captured.owned;
    this.constraints = captured.constraints;
    this.muted = false;
    /** @type {string | null} */ this.codec = captured.codec ?? null;
    this.scalabilityMode = captured.scalabilityMode;
    this.size = captured.media.getSettings();
    this.#trackId = trackId;
    /** Mutes and unmutes follow one another. @type {Promise<unknown>} */ this.changes = Promise.resolve();
  }

  #trackId;

  get trackId() {
    return this.#trackId();
  }
}

/**
 * What this browser publishes: capture, encodings, mute. It outlives peer connections and sends everything again on a new one.
 * @extends {Emitter<{ended: {source: Source}, change: {source: Source, muted: boolean, published: boolean, byHost: boolean}}>}
 */
export class Publisher extends Emitter {
  /** @type {Map<Source, Published>} */ tracks = new Map();
  #connection;
  #room;
  #negotiate;
  #request;

  /**
   * @param {() => Connection} connection
   * @param {() => RoomBody} room
   * @param {() => Promise<void>} negotiate
   * @param {<K extends 'mute' | 'unpublish'>(type: K, fields: Requests[K]['fields']) => Promise<unknown>} request
   */
  constructor(connection, room, negotiate, request) {
    super();
    this.#connection = connection;
    this.#room = room;
    this.#negotiate = negotiate;
    this.#request = request;
  }

  /**
   * @param {Captured[]} captured
   * @returns {Promise<LocalTrack[]>}
   */
  async publish(captured) {
    const codecs = this.#room().codecs;
    for (const each of captured) {
      if (kindOf(each.source) === 'audio') continue;
      const codec = chooseCodec(codecs, each.codec);
      if (each.codec && !codec) throw new WeirError('unsupported', `the room or this browser does not have ${each.codec}`);
      each.codec = codec ?? undefined;
    }
    const published = captured.map(each => new Published(each, () => this.#connection().trackIdOf(each.source)));
    for (const track of published) {
      const previous = this.tracks.get(track.source);
      if (previous) release(previous);
      this.tracks.set(track.source, track);
      this.#watch(track);
      await this.#send(track);
    }
    try {
      await this.#negotiate().catch(ignoreLost); // An offer that a lost socket took with it is made again when we are back.
    } catch (refused) {
      for (const track of published) await this.#withdraw(track);
      throw refused;
    }
    for (const track of published) this.#changed(track, true);
    await this.repeatMutes();
    return published;
  }

  /** @param {Source} source */
  async unpublish(source) {
    const track = this.tracks.get(source);
    if (!track) return;
    const trackId = track.trackId;
    await this.#withdraw(track);
    this.#changed(track, false);
    if (trackId) await this.#request('unpublish', { trackId }).catch(ignoreLost);
    await this.#negotiate().catch(ignoreLost);
  }

  /**
   * A muted camera is released, so that its light goes out; a muted microphone stays open and sends silence, to be back at once.
   * @param {Source} source
   * @param {boolean} muted
   * @param {boolean} [byHost]
   */
  setMuted(source, muted, byHost = false) {
    const track = this.tracks.get(source);
    if (!track) return Promise.reject(new WeirError('notPublished', `no ${source} is published`));
    const done = track.changes.then(() => this.#setMuted(track, muted, byHost));
    track.changes = done.catch(() => {});
    return done;
  }

  /** @param {string} trackId @returns {Source | null} */
  sourceOf(trackId) {
    return [...this.tracks.values()].find(each => each.trackId === trackId)?.source ?? null;
  }

  /**
   * @param {Source} source
   * @param {string} codec
   */
  async setCodec(source, codec) {
    const track = this.tracks.get(source);
    if (!track || !chooseCodec(this.#room().codecs, codec)) return;
    track.codec = codec.toUpperCase();
    track.scalabilityMode = undefined;
    await this.#connection().setCodec(source, codec, this.#encodings(track));
  }

  /** Sends everything on a new connection; its offer is made by the caller. */
  async sendAll() {
    for (const track of this.tracks.values()) await this.#send(track);
  }

  /** Tells the server what it may have missed while we were away. */
  async repeatMutes() {
    for (const track of this.tracks.values()) {
      if (track.muted && track.trackId) await this.#request('mute', { trackId: track.trackId, muted: true }).catch(ignoreLost);
    }
  }

  close() {
    for (const track of this.tracks.values()) release(track);
    this.tracks.clear();
  }

  /** @param {Published} track */
  async #send(track) {
    const motion = track.media?.contentHint === 'motion';
    const media = track.muted && track.kind === 'video' ? null : track.media;
    const degradation = track.source === 'screen' && !motion ? 'maintain-resolution' : undefined; // Text must stay sharp.
    await this.#connection().send(track.source, track.kind, media, this.#encodings(track), degradation);
  }

  /** @param {Published} track */
  #encodings(track) {
    const motion = track.media?.contentHint === 'motion';
    const how = { codec: track.codec, svc: track.kind === 'video' && knowsScalability(), scalabilityMode: track.scalabilityMode, motion };
    return encodingsFor(track.source, this.#room(), track.size, how);
  }

  /** @param {Published} track */
  async #withdraw(track) {
    this.tracks.delete(track.source);
    release(track);
    await this.#connection().stopSending(track.source);
  }

  /**
   * @param {Published} track
   * @param {boolean} muted
   * @param {boolean} byHost
   */
  async #setMuted(track, muted, byHost) {
    if (track.muted === muted || this.tracks.get(track.source) !== track) return;
    if (track.kind === 'audio') {
      if (track.media) track.media.enabled = !muted;
    } else if (muted) {
      await this.#connection().replace(track.source, null);
      if (track.media) track.media.enabled = false;
      if (track.owned) release(track);
    } else {
      track.media ??= await this.#recapture(track);
      track.media.enabled = true;
      await this.#connection().replace(track.source, track.media);
    }
    track.muted = muted;
    this.#changed(track, true, byHost);
    if (track.trackId) await this.#request('mute', { trackId: track.trackId, muted }).catch(ignoreLost);
  }

  /** @param {Published} track */
  async #recapture(track) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: track.constraints });
    const [media] = stream.getVideoTracks();
    track.media = media;
    this.#watch(track);
    return media;
  }

  /** @param {Published} track */
  #watch(track) {
    const media = track.media;
    media?.addEventListener('ended', () => {
      if (this.tracks.get(track.source) !== track || track.media !== media) return;
      this.emit('ended', { source: track.source });
      this.unpublish(track.source).catch(() => {}); // Its offer is repeated with the next one.
    });
  }

  /**
   * @param {Published} track
   * @param {boolean} published
   * @param {boolean} [byHost]
   */
  #changed(track, published, byHost = false) {
    this.emit('change', { source: track.source, muted: track.muted, published, byHost });
  }
}

/** @param {Published} track */
function release(track) {
  const media = track.media;
  track.media = null;
  if (track.owned) media?.stop();
}

/** @param {unknown} error */
function ignoreLost(error) {
  if (!isConnectionLost(error)) throw error;
}
