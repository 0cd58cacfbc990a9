/** @import { Participant, RoomEvents, Source, Track } from './weir.js' */
/** @import { Snapshot, SnapshotParticipant } from './messages.js' */

/** @typedef {Omit<{-readonly [K in keyof Participant]: Participant[K]}, 'tracks'> & {tracks: Map<Source, Track>}} Member */

/** @typedef {<K extends keyof RoomEvents>(type: K, detail: RoomEvents[K]) => void} Emit */

/** Who is in the room and what they publish, without oneself. Each change is emitted after it is made. */
export class Roster {
  /** @type {Map<string, Member>} */ participants = new Map();
  #emit;

  /** @param {Emit} emit */
  constructor(emit) {
    this.#emit = emit;
  }

  /**
   * Becomes what a snapshot says, emitting the difference; the first snapshot is not news and emits nothing.
   * @param {Snapshot} snapshot
   * @param {string} ownId
   * @param {boolean} quiet
   */
  replace(snapshot, ownId, quiet) {
    const emit = this.#emit;
    if (quiet) this.#emit = () => {};
    try {
      const present = new Set(snapshot.participants.map(({ participantId }) => participantId));
      for (const id of [...this.participants.keys()]) if (!present.has(id) || id === ownId) this.leave({ participantId: id, reason: 'lost' });
      for (const participant of snapshot.participants) if (participant.participantId !== ownId) this.#replaceOne(participant);
      const trackIds = new Set(snapshot.tracks.map(({ trackId }) => trackId));
      for (const { participantId, trackId } of this.#tracks()) if (!trackIds.has(trackId)) this.unpublish({ participantId, trackId });
      for (const track of snapshot.tracks) this.#replaceTrack(track);
    } finally {
      this.#emit = emit;
    }
  }

  /** @param {SnapshotParticipant} joined */
  join(joined) {
    const member = memberOf(joined);
    this.participants.set(member.participantId, member);
    this.#emit('participant:join', member);
  }

  /** @param {RoomEvents['participant:leave']} left */
  leave(left) {
    if (this.participants.delete(left.participantId)) this.#emit('participant:leave', left);
  }

  /** @param {RoomEvents['participant:update']} update */
  update(update) {
    const member = this.participants.get(update.participantId);
    if (!member) return;
    for (const key of /** @type {const} */ (['role', 'handRaised', 'connection', 'breakout'])) {
      if (update[key] !== undefined) Object.assign(member, { [key]: update[key] });
    }
    this.#emit('participant:update', update);
  }

  /** @param {Track} track */
  publish(track) {
    const member = this.participants.get(track.participantId);
    if (!member) return;
    member.tracks.set(track.source, track);
    this.#emit('track:publish', track);
  }

  /** @param {{participantId: string, trackId: string}} gone */
  unpublish({ participantId, trackId }) {
    const track = this.trackById(trackId);
    if (!track) return;
    this.participants.get(participantId)?.tracks.delete(track.source);
    this.#emit('track:unpublish', { participantId, trackId, source: track.source });
  }

  /** @param {RoomEvents['track:mute']} change */
  mute(change) {
    const track = this.trackById(change.trackId);
    if (!track) return;
    track.muted = change.muted;
    this.#emit('track:mute', { ...change, source: track.source });
  }

  /** @param {string} trackId */
  trackById(trackId) {
    return this.#tracks().find(track => track.trackId === trackId) ?? null;
  }

  /** @param {SnapshotParticipant} participant */
  #replaceOne(participant) {
    const known = this.participants.get(participant.participantId);
    if (!known) return this.join(participant);
    const fresh = memberOf(participant);
    const { role, handRaised, connection, breakout } = fresh;
    const same = known.role === role && known.handRaised === handRaised && known.connection === connection && known.breakout === breakout;
    if (!same) this.update({ participantId: participant.participantId, role, handRaised, connection, breakout });
  }

  /** @param {Track} track */
  #replaceTrack(track) {
    const known = this.trackById(track.trackId);
    if (!known) return this.publish(track);
    const { participantId, trackId, muted } = track;
    if (known.muted !== muted) this.mute({ participantId, trackId, muted });
  }

  #tracks() {
    return [...this.participants.values()].flatMap(({ tracks }) => [...tracks.values()]);
  }
}

/** @param {SnapshotParticipant} participant @returns {Member} */
function memberOf({ participantId, displayName, role, capabilities = {}, handRaised = false, connection = 'ok', breakout = null }) {
  return { participantId, displayName, role, capabilities, handRaised, connection, breakout, tracks: new Map() };
}
