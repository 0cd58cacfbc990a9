import { WeirError, isConnectionLost } from './errors.js';
import { captureDevices, captureScreen } from './capture.js';
import { Emitter } from './events.js';
import { Hosting } from './hosting.js';
import { Media } from './media.js';
import { ignoreUnknown } from './messages.js';
import { Roster } from './roster.js';
import { Viewer } from './view.js';

/** @import { Breakouts, ChatMessage, ClosedReason, ConnectionState, LocalParticipant, Mode, Participant, PublishOptions, Role, Room as PublicRoom, RoomBody, RoomEvents, RoomStatistics, ScreenOptions, Source, Waiting } from './weir.js' */
/** @import { Joined, ServerEvent, Snapshot } from './messages.js' */
/** @import { Signaling } from './signaling.js' */
/** @import { Subject } from './view.js' */

const MESSAGES_KEPT = 100;
/** Stands for our own id, which changes when the server has forgotten us and we join anew. */
const SELF = '';

/**
 * A room that this browser is in: what applications hold. It joins the parts of the SDK and applies the server's events to them in their order.
 * @extends {Emitter<RoomEvents>}
 * @implements {PublicRoom}
 */
export class Room extends Emitter {
  #signaling;
  #roster = new Roster((type, detail) => this.emit(type, detail));
  #media;
  #viewer;
  /** @type {{participantId: string, displayName: string, role: Role, handRaised: boolean, breakout: string | null}} */ #self;
  /** @type {RoomBody} */ #body;
  /** @type {Mode} */ #mode;
  /** @type {RoomEvents['speaker:change'] | null} */ #speaker = null;
  /** @type {ChatMessage[]} */ #messages = [];
  /** @type {ConnectionState} */ #state = 'connecting';
  /** @type {Waiting[]} */ #waiting = [];
  /** @type {string[]} */ #hands = [];
  /** @type {Breakouts | null} */ #breakouts = null;
  /** What hosts and co-hosts do. */ hosting;
  #signalingLost = false;
  #wasConnected = false;

  /**
   * @param {Signaling} signaling one that has joined
   * @param {Joined} joined
   * @param {{name: string, videoSlots: number, receives: string[]}} options
   */
  constructor(signaling, joined, { name, videoSlots, receives }) {
    super();
    const snapshot = required(joined.snapshot);
    this.#signaling = signaling;
    this.hosting = new Hosting(signaling);
    this.#self = { participantId: joined.participantId, displayName: ownName(snapshot, joined.participantId) ?? name, role: joined.role, handRaised: false, breakout: null };
    this.#mode = joined.mode;
    this.#body = snapshot.room;
    this.#media = new Media(signaling, joined, snapshot.room, videoSlots, receives);
    this.#viewer = new Viewer(subject => this.#trackOf(subject), subject => this.#streamOf(subject), view => signaling.request('view', view));
    this.#apply(snapshot, true);
    for (const slot of snapshot.slots) this.#media.slots.update(slot);
    this.#listen();
  }

  get name() { return this.#body.name; }
  get body() { return this.#body; }
  get mode() { return this.#mode; }
  get state() { return this.#state; }
  get speaker() { return this.#speaker?.participantId ? { participantId: this.#speaker.participantId, audioLevel: this.#speaker.audioLevel } : null; }
  get messages() { return this.#messages; }
  get waiting() { return this.#waiting; }
  get hands() { return this.#hands; }
  get breakouts() { return this.#breakouts; }
  get audioBlocked() { return this.#media.audio.blocked; }
  /** @returns {ReadonlyMap<string, Participant>} */
  get participants() { return this.#roster.participants; }
  get participantCount() { return this.#roster.participants.size + 1; }
  /** @returns {LocalParticipant} */
  get localParticipant() { return { ...this.#self, tracks: this.#media.publisher.tracks }; }

  /** The first offer: from then on the slots can show something. */
  async start() {
    await this.#media.negotiate();
  }

  /** @param {PublishOptions} what */
  async publish(what) {
    return this.#media.publisher.publish(await captureDevices(what));
  }

  /** @param {ScreenOptions} [options] */
  async shareScreen(options) {
    return this.#media.publisher.publish(await captureScreen(options));
  }

  /** @param {Source} source */
  async unpublish(source) {
    await this.#media.publisher.unpublish(source);
  }

  /**
   * @param {Source} source
   * @param {boolean} muted
   */
  async setMuted(source, muted) {
    await this.#media.publisher.setMuted(source, muted);
  }

  /**
   * @param {HTMLVideoElement} element
   * @param {string} participantId
   * @param {'camera' | 'screen'} [source]
   */
  attach(element, participantId, source = 'camera') {
    this.#viewer.attach(element, this.#subject(participantId, source));
  }

  /** @param {HTMLVideoElement} element */
  detach(element) {
    this.#viewer.detach(element);
  }

  /**
   * @param {string} participantId
   * @param {'camera' | 'screen'} source
   * @param {boolean} pinned
   */
  pin(participantId, source, pinned) {
    this.#viewer.pin(this.#subject(participantId, source), pinned);
  }

  /** @param {boolean} audioOnly */
  setAudioOnly(audioOnly) {
    this.#viewer.setAudioOnly(audioOnly);
  }

  /**
   * @param {string} participantId
   * @param {boolean} silenced
   */
  setSilenced(participantId, silenced) {
    this.#viewer.setSilenced(participantId, silenced);
  }

  async startAudio() {
    await this.#media.audio.start();
  }

  /** @param {string} deviceId */
  async setAudioOutput(deviceId) {
    await this.#media.audio.setOutput(deviceId);
  }

  /** @param {string} text */
  async sendChat(text) {
    await this.#signaling.request('chat', { text });
  }

  /** @param {boolean} raised */
  async setHandRaised(raised) {
    await this.#signaling.request('hand', { raised });
    this.#self.handRaised = raised;
  }

  /** @param {string} emoji */
  async sendReaction(emoji) {
    await this.#signaling.request('reaction', { emoji });
  }

  /** @returns {Promise<RoomStatistics>} */
  async getStats() {
    const read = await this.#media.statistics(trackId => this.#ownerOf(trackId), this.#self.participantId);
    return { mode: this.#mode, count: this.participantCount, ...read };
  }

  async leave() {
    await this.#signaling.leave();
  }

  #listen() {
    this.#signaling.on('event', event => this.#onEvent(event));
    this.#signaling.on('joined', joined => this.#onBack(joined));
    this.#signaling.on('closed', ({ reason }) => this.#onClosed(reason));
    this.#signaling.on('lost', () => {
      this.#signalingLost = true;
      this.#media.onLost();
      this.#setState();
    });
    this.#media.on('state', () => this.#setState());
    this.#media.on('slots', () => this.#viewer.refresh());
    this.#media.on('renewed', () => this.#viewer.repeat());
    this.#media.audio.on('blocked', blocked => this.emit('audio:blocked', blocked));
    this.#media.publisher.on('ended', ended => this.emit('local:ended', ended));
    this.#media.publisher.on('change', change => {
      this.#viewer.refresh();
      this.emit('local:change', change);
    });
  }

  /** @param {ServerEvent} event */
  #onEvent(event) {
    switch (event.type) {
      case 'participant:join':
        this.#waitsNoMore(event);
        return this.#isSelf(event) || this.#roster.join(event);
      case 'participant:leave':
        this.#hands = this.#hands.filter(id => id !== event.participantId);
        return this.#isSelf(event) || this.#changed(() => this.#roster.leave(event));
      case 'participant:update': return this.#isSelf(event) ? this.#onOwnUpdate(event) : this.#roster.update(event);
      case 'track:publish': return this.#isSelf(event) || this.#changed(() => this.#roster.publish(event));
      case 'track:unpublish': return this.#isSelf(event) || this.#changed(() => {
        this.#media.slots.clear(event.trackId);
        this.#roster.unpublish(event);
      });
      case 'track:mute': return this.#isSelf(event) ? this.#onOwnMute(event) : this.#changed(() => this.#roster.mute(event));
      case 'speaker:change':
        this.#speaker = event;
        return this.emit(event.type, event);
      case 'slot':
        this.#media.onSlot(event);
        return this.emit(event.type, event);
      case 'mode:change':
        this.#mode = event.mode;
        return this.emit(event.type, event);
      case 'chat':
        this.#messages = [...this.#messages, event].slice(-MESSAGES_KEPT);
        return this.emit(event.type, event);
      case 'hand':
        this.#roster.update({ participantId: event.participantId, handRaised: event.raised });
        this.#hands = event.hands ?? this.#hands;
        return this.emit(event.type, event);
      case 'room:update': {
        const { type: _type, seq: _seq, room, ...changes } = event;
        this.#body = { ...this.#body, ...changes, ...room };
        return this.emit(event.type, event);
      }
      case 'server:moving':
        void this.#signaling.move(event.urls, event.reconnectAfterMs);
        return this.emit(event.type, event);
      case 'publish:layers':
        this.#media.setLayers(event.trackId, event.layers).catch(() => {}); // It would only have saved bandwidth.
        return;
      case 'negotiate':
        this.#media.negotiate({ iceRestart: event.iceRestart ?? false }).catch(() => {}); // Offered again when the session is back.
        return;
      case 'publish:codec':
        this.#media.setCodec(event.trackId, event.codec).catch(() => {}); // Then those who cannot decode the present one go without, as the server has told them.
        return;
      case 'waiting:admitted':
      case 'waiting:denied': return;
      case 'waiting:request':
        this.#waiting = [...this.#waiting.filter(({ participantId }) => participantId !== event.participantId), event];
        return this.emit(event.type, event);
      case 'waiting:leave':
        this.#waitsNoMore(event);
        return this.emit(event.type, event);
      case 'breakout:opened':
        this.#breakouts = event;
        return this.emit(event.type, event);
      case 'breakout:assigned':
        this.#self.breakout = event.room;
        this.#messages = event.chat ?? [];
        this.#speaker = event.speaker ?? null;
        return this.emit(event.type, event);
      case 'breakout:closed':
        this.#breakouts = null;
        return this.emit(event.type, event);
      case 'network:quality':
      case 'breakout:message':
      case 'breakout:closing':
      case 'reaction':
      case 'recording:state':
      case 'e2ee:key':
      case 'room:end': // The socket is closed next, with the reason as its code.
      case 'track:undecodable':
      case 'host:unmute-request': return this.emit(event.type, event);
      default: return ignoreUnknown(event);
    }
  }

  /** We are in again after a loss, on a new socket. @param {Joined} joined */
  #onBack(joined) {
    this.#signalingLost = false;
    this.#self = { ...this.#self, participantId: joined.participantId, role: joined.role };
    this.#mode = joined.mode;
    if (joined.snapshot) {
      this.#body = joined.snapshot.room;
      this.#apply(joined.snapshot, false);
    }
    this.#media.onBack(joined, this.#body).catch(error => {
      if (!isConnectionLost(error)) this.#onClosed('unavailable');
    });
    this.#viewer.repeat();
    this.#setState();
  }

  /**
   * @param {Snapshot} snapshot
   * @param {boolean} quiet
   */
  #apply(snapshot, quiet) {
    this.#roster.replace(snapshot, this.#self.participantId, quiet);
    this.#speaker = snapshot.speaker;
    this.#messages = snapshot.chat ?? [];
    this.#waiting = snapshot.waiting ?? [];
    this.#hands = snapshot.hands ?? [];
    this.#breakouts = snapshot.breakouts ?? null;
    const self = snapshot.participants.find(participant => this.#isSelf(participant));
    if (self) this.#self = { ...this.#self, handRaised: self.handRaised ?? false, breakout: self.breakout ?? null };
    this.#viewer.refresh();
  }

  /** @param {() => void} change to the roster, which elements may show */
  #changed(change) {
    change();
    this.#viewer.refresh();
  }

  /** @param {{participantId: string}} event */
  #isSelf({ participantId }) {
    return participantId === this.#self.participantId;
  }

  /** @param {RoomEvents['participant:update']} update */
  #onOwnUpdate(update) {
    if (update.role) this.#onOwnRole(update.role);
    if (update.handRaised !== undefined) this.#self.handRaised = update.handRaised;
    this.emit('participant:update', update);
  }

  /** @param {Role} role */
  #onOwnRole(role) {
    this.#self.role = role;
    if (role !== 'host' && role !== 'cohost') this.#waiting = [];
    if (role !== 'viewer') return;
    // The server has taken our tracks back already; the devices are ours to let go.
    for (const source of this.#media.publisher.tracks.keys()) this.#media.publisher.unpublish(source).catch(() => {});
  }

  /** @param {{participantId: string}} who */
  #waitsNoMore({ participantId }) {
    this.#waiting = this.#waiting.filter(each => each.participantId !== participantId);
  }

  /** A host muted us; he may not unmute us, and then nobody asks him. @param {RoomEvents['track:mute']} event */
  #onOwnMute({ trackId, muted, byHost = false }) {
    const track = [...this.#media.publisher.tracks.values()].find(each => each.trackId === trackId);
    if (track && muted) this.#media.publisher.setMuted(track.source, true, byHost).catch(() => {}); // The server forwards nothing of it anyway.
  }

  /**
   * @param {string} participantId
   * @param {'camera' | 'screen'} source
   * @returns {Subject}
   */
  #subject(participantId, source) {
    return { participantId: this.#isSelf({ participantId }) ? SELF : participantId, source };
  }

  /** @param {Subject} subject */
  #trackOf({ participantId, source }) {
    return this.#roster.participants.get(participantId)?.tracks.get(source) ?? null;
  }

  /** @param {Subject} subject */
  #streamOf(subject) {
    if (subject.participantId === SELF) return this.#ownStream(subject.source);
    const track = this.#trackOf(subject);
    return track ? this.#media.slots.streamOf(track.trackId) : null;
  }

  /** @type {WeakMap<MediaStreamTrack, MediaStream>} */ #ownStreams = new WeakMap();

  /** @param {Source} source */
  #ownStream(source) {
    const media = this.#media.publisher.tracks.get(source)?.media;
    if (!media) return null;
    const stream = this.#ownStreams.get(media) ?? new MediaStream([media]);
    this.#ownStreams.set(media, stream);
    return stream;
  }

  /** @param {string} trackId */
  #ownerOf(trackId) {
    const track = this.#roster.trackById(trackId);
    return { trackId, participantId: track?.participantId ?? null, source: track?.source ?? null };
  }

  #setState() {
    if (this.#state === 'closed') return;
    const media = this.#media.state;
    if (media === 'connected') this.#wasConnected = true;
    const up = media === 'connected' && !this.#signalingLost;
    this.#enter(up ? 'connected' : this.#wasConnected ? 'reconnecting' : 'connecting');
  }

  /** @param {ClosedReason} reason */
  #onClosed(reason) {
    if (this.#state === 'closed') return;
    this.#media.close();
    this.#viewer.close();
    this.#enter('closed', reason);
  }

  /**
   * @param {ConnectionState} state
   * @param {ClosedReason} [reason]
   */
  #enter(state, reason) {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('connection:state', reason ? { state, reason } : { state });
  }
}

/**
 * A token's name goes before the one that was asked for.
 * @param {Snapshot} snapshot
 * @param {string} ownId
 */
function ownName(snapshot, ownId) {
  return snapshot.participants.find(({ participantId }) => participantId === ownId)?.displayName;
}

/** @param {Snapshot | undefined} snapshot */
function required(snapshot) {
  if (!snapshot) throw new WeirError('badAnswer', 'the server sent no snapshot of the room');
  return snapshot;
}
