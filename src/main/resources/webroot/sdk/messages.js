// The wire's messages as types, mirroring the server's records; the shapes that applications see too are in weir.d.ts.

/** @import { Capabilities, ChatMessage, Kind, LeaveReason, Mode, Quality, Role, RoomBody, RoomEvents, Source, Track } from './weir.js' */

/**
 * @typedef {object} SnapshotParticipant
 * @property {string} participantId
 * @property {string} displayName
 * @property {Role} role
 * @property {Capabilities} [capabilities]
 * @property {boolean} [handRaised]
 * @property {'ok' | 'lost'} [connection]
 * @property {string | null} [breakout]
 */

/**
 * @typedef {object} Snapshot
 * @property {RoomBody} room
 * @property {SnapshotParticipant[]} participants
 * @property {Track[]} tracks
 * @property {{participantId: string, audioLevel: number} | null} speaker
 * @property {{mid: string, trackId: string | null}[]} slots
 * @property {ChatMessage[]} [chat]
 * @property {{participantId: string, displayName: string}[]} [waiting]
 * @property {object | null} [recording]
 * @property {string[]} [hands]
 * @property {import('./weir.js').Breakouts | null} [breakouts]
 */

/** @typedef {{protocol: 1, name?: string, capabilities: Capabilities, resume?: {token: string, seq: number}}} Join */

/**
 * @typedef {object} Joined
 * @property {string} participantId
 * @property {Role} role
 * @property {Mode} mode
 * @property {string} resume
 * @property {boolean} resumed
 * @property {number} seq
 * @property {RTCIceServer[]} [iceServers]
 * @property {string[]} [urls]
 * @property {Snapshot} [snapshot]
 */

/** @typedef {{mid: string, kind: Kind, source: Source}} OfferedTrack */
/** @typedef {{trackId: string, width: number, height: number, pinned?: boolean}} Tile */
/** @typedef {{tiles: Tile[], audioOnly: boolean, mutedAudio: string[]}} View */

/**
 * Requests that anyone makes: fields and answer by type.
 * @typedef {object} PlainRequests
 * @property {{fields: Join, answer: Joined | {waiting: true, resume?: string, seq?: number}}} join
 * @property {{fields: {sdp: string, tracks: OfferedTrack[]}, answer: {sdp: string, tracks: {mid: string, trackId: string}[]}}} offer
 * @property {{fields: View, answer: {}}} view
 * @property {{fields: {trackId: string, muted: boolean}, answer: {}}} mute
 * @property {{fields: {trackId: string}, answer: {}}} unpublish
 * @property {{fields: {text: string}, answer: {}}} chat
 * @property {{fields: {raised: boolean}, answer: {}}} hand
 * @property {{fields: {emoji: string}, answer: {}}} reaction
 * @property {{fields: Quality, answer: {}}} quality
 * @property {{fields: {}, answer: {}}} ping
 * @property {{fields: {}, answer: {}}} leave
 */

/**
 * All requests that this SDK makes; the server grants these of hosts by role.
 * @typedef {PlainRequests & {
 *   'host:admit': {fields: {participantId: string} | {all: true}, answer: {}},
 *   'host:deny': {fields: {participantId: string}, answer: {}},
 *   'host:remove': {fields: {participantId: string}, answer: {}},
 *   'host:promote': {fields: {participantId: string, role: Role}, answer: {}},
 *   'host:mute': {fields: ({participantId: string} | {all: true}) & {kind: Kind, muted: boolean}, answer: {}},
 *   'host:lock': {fields: {locked: boolean}, answer: {}},
 *   'host:end': {fields: {}, answer: {}},
 *   'breakout:open': {fields: {rooms: import('./weir.js').BreakoutPlan[], durationMs?: number}, answer: {}},
 *   'breakout:move': {fields: {participantId: string, room: string | null}, answer: {}},
 *   'breakout:broadcast': {fields: {text: string}, answer: {}},
 *   'breakout:close': {fields: {countdownMs?: number}, answer: {}},
 * }} Requests
 */

/** Events that reach an application as they are. @typedef {Omit<RoomEvents, 'participant:join' | 'connection:state' | 'audio:blocked' | 'local:ended' | 'local:change'>} PassedEvents */

/**
 * Events of the wire, by type.
 * @typedef {PassedEvents & {
 *   'participant:join': SnapshotParticipant,
 *   'waiting:admitted': Joined,
 *   'waiting:denied': {},
 *   'publish:layers': {trackId: string, layers: {rid: string, active: boolean, maxBitrate?: number}[]},
 *   'publish:codec': {trackId: string, codec: string},
 *   'negotiate': {reason?: string, iceRestart?: boolean},
 * }} ServerEvents
 */

/** One event as it arrives: the tagged union of the above. @typedef {{[K in keyof ServerEvents]: {type: K, seq: number} & ServerEvents[K]}[keyof ServerEvents]} ServerEvent */

/** Makes a `switch` over a union fail to compile when a case is missing; at run time an unknown type is ignored. @param {never} _message */
export function ignoreUnknown(_message) {}

/** @typedef {LeaveReason} Reason */
