// The public face of Weir's browser SDK. Names and shapes follow the wire protocol, so that its page is this SDK's reference too.

/** The version that this SDK reports when it joins. */
export const version: string;

/** Joins a room. `url` is where the server is: http(s) or ws(s), or a path on the page's own origin. */
export function connect(url: string, options: ConnectOptions): Promise<Room>;

/** Creates a room with these options, or finds it as it is, and joins it. */
export function createRoom(url: string, room: RoomOptions, options?: Omit<ConnectOptions, 'room'>): Promise<Room>;

/** What a call here rejects with: `code` is the server's, or one of this SDK's own (`connectionLost`, `unsupported`, `timeout`, `notPublished`). */
export class WeirError extends Error {
  constructor(code: string, message: string, retryAfterMs?: number);
  readonly code: string;
  /** When to ask again, where the server said so; `connect` has done so for a minute by then. */
  readonly retryAfterMs: number | undefined;
}

export interface ConnectOptions {
  room: string;
  /** The name that others see. */
  name?: string;
  /** A JWT for this room; not needed by a server in open mode. */
  token?: string;
  /** How many cameras and screens can be shown at once (default 9). */
  videoSlots?: number;
  /** The video codecs that this client is to receive; those that the browser can decode where it is left out. */
  codecs?: VideoCodec[];
  /** The most that this device decodes; the server keeps what it sends below that. */
  maxDecode?: { width: number; height: number; streams: number };
  /** Called once when the room has a waiting room and its host must admit us first. */
  waiting?: () => void;
  /** Gives up joining, also while waiting to be admitted; `connect` then rejects with its reason. */
  signal?: AbortSignal;
}

export type Kind = 'audio' | 'video';
export type VideoCodec = 'VP8' | 'VP9' | 'H264' | 'AV1';
export type Source = 'camera' | 'microphone' | 'screen' | 'screenAudio';
export type Role = 'host' | 'cohost' | 'guest' | 'viewer' | 'recorder';
export type Mode = 'sfu' | 'p2p';
export type LeaveReason = 'left' | 'lost' | 'removed' | 'ended' | 'expired';
/** `closed` is final, and says why; the others follow the network. */
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'closed';
export type ClosedReason = LeaveReason | 'replaced' | 'unavailable';

export interface SimulcastLayer {
  rid: string;
  width: number;
  height: number;
  maxBitrate: number;
  maxFramerate: number;
}

/** A room as the server describes it. */
export interface RoomBody {
  name: string;
  maxParticipants: number;
  mode: Mode | 'auto';
  autoSfuThreshold: number;
  p2pReturnDelayMs: number;
  adaptiveQuality: boolean;
  simulcast: { enabled: boolean; layers: SimulcastLayer[] };
  codecs: string[];
  audioSlots: number;
  maxViewers: number;
  waitingRoom: boolean;
  locked: boolean;
  e2ee: boolean;
}

export type RoomOptions = Partial<RoomBody> & { name: string };

export interface Capabilities {
  codecs?: string[];
  slots?: { audio: number; video: number };
  maxDecode?: { width: number; height: number; streams: number };
  sdk?: string;
}

export interface Track {
  participantId: string;
  trackId: string;
  kind: Kind;
  source: Source;
  muted: boolean;
  /** Identifies this source in every media packet. */
  csrc?: number;
  codec?: string;
  simulcastLayers?: SimulcastLayer[];
}

export interface Participant {
  readonly participantId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly capabilities: Capabilities;
  readonly handRaised: boolean;
  readonly connection: 'ok' | 'lost';
  readonly breakout?: string | null;
  /** What this participant publishes, by source. */
  readonly tracks: ReadonlyMap<Source, Track>;
}

export interface LocalTrack {
  readonly source: Source;
  readonly kind: Kind;
  /** What the browser captures; null while a camera is muted, which releases the device. */
  readonly media: MediaStreamTrack | null;
  readonly muted: boolean;
  /** What a picture is sent in: as chosen, or as the server asked for since. Null for audio. */
  readonly codec: string | null;
  /** Known once the server has answered. */
  readonly trackId: string | null;
}

export interface LocalParticipant {
  readonly participantId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly handRaised: boolean;
  /** The breakout room that we are in, or null. */
  readonly breakout: string | null;
  readonly tracks: ReadonlyMap<Source, LocalTrack>;
}

export interface ChatMessage {
  chatId?: string;
  participantId: string;
  text: string;
  displayName?: string;
  /** ISO 8601. */
  sentAt?: string;
}

export interface Waiting {
  participantId: string;
  displayName: string;
}

/** Those who are in no plan's list are spread at random over the rooms without one. */
export interface BreakoutPlan {
  name: string;
  participants?: string[];
}

export interface Breakouts {
  rooms: { name: string; participants: string[] }[];
  /** When they close by themselves, ISO 8601. */
  endsAt: string | null;
}

/** What hosts and co-hosts do. The server decides by role: others are rejected with `forbidden`. */
export interface Hosting {
  /** Lets one in who waits, or all. */
  admit(participantId?: string): Promise<void>;
  deny(participantId: string): Promise<void>;
  remove(participantId: string): Promise<void>;
  promote(participantId: string, role: Role): Promise<void>;
  mute(participantId: string, kind: Kind): Promise<void>;
  muteAll(kind: Kind): Promise<void>;
  /** Nobody is unmuted by another: he is asked by `host:unmute-request`. */
  askToUnmute(participantId: string, kind: Kind): Promise<void>;
  lock(locked: boolean): Promise<void>;
  /** Ends the room for everyone. */
  end(): Promise<void>;
  openBreakouts(rooms: BreakoutPlan[], options?: { durationMs?: number }): Promise<void>;
  /** `null` is the main room; a host visits by moving himself. */
  moveToBreakout(participantId: string, room: string | null): Promise<void>;
  /** A word to everyone, in whichever breakout room. */
  broadcast(text: string): Promise<void>;
  closeBreakouts(options?: { countdownMs?: number }): Promise<void>;
}

/** The events of a room: those of the wire by their own names, then those of this SDK. A listener gets the detail object. */
export interface RoomEvents {
  'participant:join': Participant;
  'participant:leave': { participantId: string; reason: LeaveReason };
  'participant:update': { participantId: string; role?: Role; handRaised?: boolean; connection?: 'ok' | 'lost'; breakout?: string | null };
  'track:publish': Track;
  'track:unpublish': { participantId: string; trackId: string; source?: Source };
  'track:mute': { participantId: string; trackId: string; muted: boolean; byHost?: boolean; source?: Source };
  'speaker:change': { participantId: string | null; audioLevel: number };
  'slot': { mid: string; trackId: string | null; participantId?: string | null; layer?: string | null; paused?: boolean };
  'mode:change': { mode: Mode; reason: string };
  'network:quality': { participantId: string; score: number };
  'waiting:request': { participantId: string; displayName: string };
  /** He waits no more and did not come in. */
  'waiting:leave': { participantId: string };
  'breakout:opened': Breakouts;
  /** Where we are now, what was said there, and who has the floor. */
  'breakout:assigned': { room: string | null; chat?: ChatMessage[]; speaker?: { participantId: string; audioLevel: number } | null };
  'breakout:message': { participantId: string; displayName: string; text: string };
  'breakout:closing': { countdownMs: number };
  'breakout:closed': object;
  'chat': ChatMessage;
  'hand': { participantId: string; raised: boolean; hands?: string[] };
  'reaction': { participantId: string; emoji: string };
  'recording:state': object;
  'e2ee:key': { participantId?: string; keyId: number | string; wrapped: string };
  'room:update': { room?: Partial<RoomBody> } & Partial<RoomBody>;
  'room:end': { reason?: string };
  'server:moving': { urls: string[]; reconnectAfterMs: number; deadlineMs: number };
  'track:undecodable': { trackId: string; codec: string };
  'host:unmute-request': { kind?: Kind; participantId?: string };

  /** The connection to the room changed; `reason` comes with `closed`. */
  'connection:state': { state: ConnectionState; reason?: ClosedReason };
  /** The browser does not let audio play (`blocked`) until `startAudio()` is called from a click. */
  'audio:blocked': { blocked: boolean };
  /** A captured device went away or a screen share was ended by the browser's own button; it is unpublished. */
  'local:ended': { source: Source };
  /** A local track was published, unpublished or muted, by us or by a host. */
  'local:change': { source: Source; muted: boolean; published: boolean; byHost: boolean };
}

/** `true` captures the default device, constraints choose one, a track is sent as it is. */
export type Capture = boolean | MediaTrackConstraints | MediaStreamTrack;

/** How a picture is encoded; what is left out suits room and browser. */
export interface EncodingOptions {
  /** One of the room's codecs, else the first of them that this browser can send. `publish` rejects with `unsupported` when room or browser lack it. */
  codec?: VideoCodec;
  /** For experiments: instead of `L1T3`, or `L3T3_KEY` for VP9 and AV1. */
  scalabilityMode?: string;
}

export interface PublishOptions extends EncodingOptions {
  audio?: Capture;
  video?: Capture;
}

export interface ScreenOptions extends EncodingOptions, DisplayMediaStreamOptions {
  /** `detail` (default) and `text` keep it sharp at up to 15 frames a second, `motion` is for films: 30. */
  contentHint?: 'detail' | 'text' | 'motion';
}

/** What a browser tells the server of its own call, every 5 s. */
export interface Quality {
  /** It does not keep up with encoding or decoding. */
  cpuLimited: boolean;
  rttMs: number;
  jitterMs: number;
  /** Share of packets lost on the way to it. */
  lossIn: number;
  /** Share of the received frames that it did not show. */
  framesDropped: number;
  /** Time spent on decoding pictures, in processors' worth of time. */
  decodeLoad: number;
}

export interface TrackStatistics {
  trackId: string | null;
  participantId: string | null;
  source: Source | null;
  mid: string | null;
  kind: Kind;
  direction: 'send' | 'receive';
  rid: string | null;
  codec: string | null;
  bytes: number;
  packets: number;
  packetsLost: number;
  jitterMs: number;
  nackCount: number;
  pliCount: number;
  /** Video only, as are the next six. */
  framesEncoded: number;
  framesReceived: number;
  framesDecoded: number;
  framesDropped: number;
  framesPerSecond: number;
  frameWidth: number;
  frameHeight: number;
  freezeCount: number;
  /** Audio only: linear 0..1, and its energy summed over time. */
  audioLevel: number;
  totalAudioEnergy: number;
  concealedSamples: number;
}

export interface RoomStatistics {
  mode: Mode;
  /** Everyone in the room, oneself included. */
  count: number;
  /** What this browser sends and receives, since the last call. */
  egressMbps: number;
  ingressMbps: number;
  rttMs: number | null;
  tracks: TrackStatistics[];
}

export interface Room extends EventTarget {
  readonly name: string;
  readonly body: RoomBody;
  readonly mode: Mode;
  readonly state: ConnectionState;
  /** Everyone but oneself. */
  readonly participants: ReadonlyMap<string, Participant>;
  /** Everyone, oneself included. */
  readonly participantCount: number;
  readonly localParticipant: LocalParticipant;
  readonly speaker: { participantId: string; audioLevel: number } | null;
  /** The last hundred messages, oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly audioBlocked: boolean;
  /** Who waits to come in; empty for those who are not host or co-host. */
  readonly waiting: readonly Waiting[];
  /** Who has a hand raised, first raised first. */
  readonly hands: readonly string[];
  /** The breakout rooms that are open, or null. */
  readonly breakouts: Breakouts | null;
  readonly hosting: Hosting;

  on<K extends keyof RoomEvents>(type: K, listener: (detail: RoomEvents[K]) => void): this;
  off<K extends keyof RoomEvents>(type: K, listener: (detail: RoomEvents[K]) => void): this;

  /** Captures and sends; rejects with the browser's own error when a device is refused or missing. */
  publish(what: PublishOptions): Promise<LocalTrack[]>;
  shareScreen(options?: ScreenOptions): Promise<LocalTrack[]>;
  unpublish(source: Source): Promise<void>;
  setMuted(source: Source, muted: boolean): Promise<void>;

  /** Shows a participant's video in this element, one's own too; its size and visibility decide what is received. */
  attach(element: HTMLVideoElement, participantId: string, source?: 'camera' | 'screen'): void;
  detach(element: HTMLVideoElement): void;
  pin(participantId: string, source: 'camera' | 'screen', pinned: boolean): void;
  /** No video at all, to save bandwidth. */
  setAudioOnly(audioOnly: boolean): void;
  /** Stops receiving one participant's audio, for oneself only. */
  setSilenced(participantId: string, silenced: boolean): void;
  /** Call from a click after `audio:blocked`. */
  startAudio(): Promise<void>;
  /** Plays everything through this output device, where the browser can. */
  setAudioOutput(deviceId: string): Promise<void>;

  sendChat(text: string): Promise<void>;
  setHandRaised(raised: boolean): Promise<void>;
  sendReaction(emoji: string): Promise<void>;

  getStats(): Promise<RoomStatistics>;
  leave(): Promise<void>;
}
