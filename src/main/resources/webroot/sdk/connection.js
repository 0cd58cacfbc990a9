import { trimCodecs } from './codecs.js';
import { Emitter } from './events.js';

/** @import { Kind, RoomBody, Source } from './weir.js' */
/** @import { OfferedTrack, Requests } from './messages.js' */

/** @typedef {{mid: string, kind: Kind, receiver: RTCRtpReceiver}} SlotLine */

/**
 * The peer connection to the server. We make every offer and the server answers, so offers are only kept in line, one at a time; requests for one that come
 * while another is on its way share the next.
 * @extends {Emitter<{state: {state: RTCPeerConnectionState}}>}
 */
export class Connection extends Emitter {
  /** @type {RTCPeerConnection} */ pc;
  #room;
  #offer;
  /** One sending m-line per source, reused when that source is published again. @type {Map<Source, RTCRtpTransceiver>} */
  #sending = new Map();
  /** @type {{kind: Kind, transceiver: RTCRtpTransceiver}[]} */ #slots = [];
  /** @type {Map<string, string>} mid -> trackId, as last answered */ #trackIds = new Map();
  /** @type {Promise<unknown>} */ #tail = Promise.resolve();
  /** @type {Promise<void> | null} */ #next = null;
  #restartIce = false;

  /**
   * @param {RTCIceServer[]} iceServers
   * @param {RoomBody} room
   * @param {(fields: Requests['offer']['fields']) => Promise<Requests['offer']['answer']>} offer
   */
  constructor(iceServers, room, offer) {
    super();
    this.#room = room;
    this.#offer = offer;
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.pc.addEventListener('connectionstatechange', () => this.emit('state', { state: this.pc.connectionState }));
  }

  get state() {
    return this.pc.connectionState;
  }

  /**
   * @param {Kind} kind
   * @param {number} count
   */
  addSlots(kind, count) {
    for (let i = 0; i < count; i++) {
      const transceiver = this.pc.addTransceiver(kind, { direction: 'recvonly' });
      trimCodecs(transceiver, kind, this.#room.codecs);
      this.#slots.push({ kind, transceiver });
    }
  }

  /** The slots whose mid is known, which is from the first offer on. @returns {SlotLine[]} */
  get slotLines() {
    return this.#slots.flatMap(({ kind, transceiver }) => transceiver.mid === null ? [] : [{ mid: transceiver.mid, kind, receiver: transceiver.receiver }]);
  }

  /**
   * Prepares the m-line for a source; `negotiate` publishes it.
   * @param {Source} source
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} media
   * @param {RTCRtpEncodingParameters[]} encodings
   */
  async send(source, kind, media, encodings) {
    const freed = this.#sending.get(source);
    if (freed && sameRids(freed.sender.getParameters().encodings, encodings)) {
      freed.direction = 'sendonly';
      await this.#setParameters(freed.sender, old => ({ ...old, ...encodings.find(encoding => encoding.rid === old.rid) }));
      await freed.sender.replaceTrack(media);
      return;
    }
    const transceiver = this.pc.addTransceiver(media ?? kind, encodings.length > 0 ? { direction: 'sendonly', sendEncodings: encodings } : { direction: 'sendonly' });
    trimCodecs(transceiver, kind, this.#room.codecs);
    this.#sending.set(source, transceiver);
  }

  /** @param {Source} source */
  async stopSending(source) {
    const transceiver = this.#sending.get(source);
    if (!transceiver) return;
    if (transceiver.sender.getParameters().encodings.length > 1) {
      // Firefox 153 loses simulcast for good on an m-line that was inactive once; a stopped one is reused under a new mid.
      this.#sending.delete(source);
      transceiver.stop();
      return;
    }
    transceiver.direction = 'inactive';
    await transceiver.sender.replaceTrack(null);
  }

  /**
   * Swaps what a published source sends; needs no offer.
   * @param {Source} source
   * @param {MediaStreamTrack | null} media
   */
  async replace(source, media) {
    await this.#sending.get(source)?.sender.replaceTrack(media);
  }

  /**
   * @param {Source} source
   * @param {{rid: string, active: boolean, maxBitrate?: number}[]} layers
   */
  async setLayers(source, layers) {
    const sender = this.#sending.get(source)?.sender;
    if (!sender) return;
    const only = layers.length === 1 ? layers[0] : undefined; // A browser drops the rid of a single encoding.
    await this.#setParameters(sender, old => {
      const layer = layers.find(({ rid }) => rid === old.rid) ?? (old.rid === undefined ? only : undefined);
      if (!layer) return old;
      return { ...old, active: layer.active, ...(layer.maxBitrate ? { maxBitrate: layer.maxBitrate } : {}) };
    });
  }

  /** @param {Source} source */
  midOf(source) {
    return this.#sending.get(source)?.mid ?? null;
  }

  /** @param {Source} source */
  trackIdOf(source) {
    const mid = this.midOf(source);
    return mid === null ? null : this.#trackIds.get(mid) ?? null;
  }

  /** @param {{iceRestart?: boolean}} [options] */
  negotiate({ iceRestart = false } = {}) {
    this.#restartIce ||= iceRestart;
    if (!this.#next) {
      this.#next = this.#tail.then(() => {
        this.#next = null;
        return this.#exchange();
      });
      this.#tail = this.#next.catch(() => {});
    }
    return this.#next;
  }

  close() {
    this.pc.close();
  }

  async #exchange() {
    if (this.pc.signalingState === 'closed') return;
    const iceRestart = this.#restartIce;
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    try {
      const answer = await this.#offer({ sdp: this.pc.localDescription?.sdp ?? '', tracks: this.#offeredTracks() });
      await this.pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
      this.#trackIds = new Map(answer.tracks.map(({ mid, trackId }) => [mid, trackId]));
      if (iceRestart) this.#restartIce = false;
    } catch (error) {
      if (this.pc.signalingState === 'have-local-offer') await this.pc.setLocalDescription({ type: 'rollback' });
      throw error;
    }
  }

  /** @returns {OfferedTrack[]} */
  #offeredTracks() {
    /** @type {OfferedTrack[]} */
    const tracks = [];
    for (const [source, transceiver] of this.#sending) {
      if (transceiver.mid === null || transceiver.direction !== 'sendonly') continue;
      tracks.push({ mid: transceiver.mid, kind: source === 'camera' || source === 'screen' ? 'video' : 'audio', source });
    }
    return tracks;
  }

  /**
   * Parameters may only be set from those read last, so changes to one sender must not overlap.
   * @param {RTCRtpSender} sender
   * @param {(encoding: RTCRtpEncodingParameters) => RTCRtpEncodingParameters} change
   */
  #setParameters(sender, change) {
    const done = this.#parameters.then(() => {
      const parameters = sender.getParameters();
      parameters.encodings = parameters.encodings.map(change);
      return sender.setParameters(parameters);
    });
    this.#parameters = done.catch(() => {});
    return done;
  }

  /** @type {Promise<unknown>} */ #parameters = Promise.resolve();
}

/**
 * @param {RTCRtpEncodingParameters[]} a
 * @param {RTCRtpEncodingParameters[]} b
 */
function sameRids(a, b) {
  if (a.length <= 1 && b.length <= 1) return true;
  return a.length === b.length && a.every((encoding, i) => encoding.rid === b[i].rid);
}
