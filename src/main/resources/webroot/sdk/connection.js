import { chooseCodec, describeDependencies, nameOf, trimCodecs } from './codecs.js';
import { Emitter } from './events.js';
import { asWanted, inCodec } from './simulcast.js';

/** @import { Kind, RoomBody, Source } from './weir.js' */
/** @import { OfferedTrack, Requests } from './messages.js' */
/** @import { Encoding, LayerWish } from './simulcast.js' */

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
  /** The encodings of each as they were asked for. @type {Map<Source, Encoding[]>} */ #encodings = new Map();
  /** What the server wanted of them last. @type {Map<Source, LayerWish[]>} */ #wishes = new Map();
  #receives;
  /** @type {{kind: Kind, transceiver: RTCRtpTransceiver}[]} */ #slots = [];
  /** @type {Map<string, string>} mid -> trackId, as last answered */ #trackIds = new Map();
  /** @type {Promise<unknown>} */ #tail = Promise.resolve();
  /** @type {Promise<void> | null} */ #next = null;
  #restartIce = false;

  /**
   * @param {RTCIceServer[]} iceServers
   * @param {RoomBody} room
   * @param {string[]} receives the codecs that slots may show
   * @param {(fields: Requests['offer']['fields']) => Promise<Requests['offer']['answer']>} offer
   */
  constructor(iceServers, room, receives, offer) {
    super();
    this.#room = room;
    this.#receives = receives;
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
      trimCodecs(transceiver, kind, this.#room.codecs.filter(name => this.#receives.includes(name)));
      if (kind === 'video') describeDependencies(transceiver);
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
   * @param {Encoding[]} encodings
   * @param {RTCDegradationPreference} [degradation] what suffers first
   */
  async send(source, kind, media, encodings, degradation) {
    this.#encodings.set(source, encodings);
    this.#wishes.delete(source);
    const freed = this.#sending.get(source);
    if (freed && sameRids(freed.sender.getParameters().encodings, encodings)) {
      freed.direction = 'sendonly';
      await this.#setEncodings(freed.sender, present => present.map(old => ({ ...old, ...encodings.find(({ rid }) => rid === old.rid) })));
      await freed.sender.replaceTrack(media);
      return;
    }
    const transceiver = this.pc.addTransceiver(media ?? kind, encodings.length > 0 ? { direction: 'sendonly', sendEncodings: encodings } : { direction: 'sendonly' });
    trimCodecs(transceiver, kind, this.#offeredFor(transceiver.sender, encodings));
    if (kind === 'video') describeDependencies(transceiver);
    this.#sending.set(source, transceiver);
    if (degradation) await this.#prefer(transceiver.sender, degradation);
  }

  /**
   * All of the room's codecs, so that another can be sent without an offer. But answers have the room's order, of which a browser sends the first
   * where it does not know `encodings[].codec`: what was chosen instead is then offered alone.
   * @param {RTCRtpSender} sender
   * @param {Encoding[]} encodings
   */
  #offeredFor(sender, [wanted]) {
    const [taken] = /** @type {Encoding[]} */ (sender.getParameters().encodings);
    const name = wanted?.codec && !taken?.codec ? nameOf(wanted.codec) : null;
    return name && name !== chooseCodec(this.#room.codecs) ? [name] : this.#room.codecs;
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
   * @param {LayerWish[]} layers
   */
  async setLayers(source, layers) {
    const sender = this.#sending.get(source)?.sender;
    if (!sender) return;
    this.#wishes.set(source, layers);
    await this.#setEncodings(sender, present => asWanted(present, layers, this.#encodings.get(source) ?? []));
  }

  /**
   * Sends a source in another codec from the next frame on. All of the room's codecs are negotiated, so it takes no offer;
   * a browser that does not know `encodings[].codec` gets an offer of that codec alone.
   * @param {Source} source
   * @param {string} codec
   * @param {Encoding[]} encodings as they would be published in it
   */
  async setCodec(source, codec, encodings) {
    const transceiver = this.#sending.get(source);
    if (!transceiver) return;
    this.#encodings.set(source, encodings);
    const wishes = this.#wishes.get(source) ?? [];
    const [now] = /** @type {Encoding[]} */ (transceiver.sender.getParameters().encodings);
    if (!now?.codec) {
      trimCodecs(transceiver, 'video', [codec]);
      await this.negotiate(); // Before the encodings: a browser refuses a scalabilityMode that the codec it sends does not have.
    }
    await this.#setEncodings(transceiver.sender, present => {
      const changed = inCodec(present, encodings);
      return wishes.length > 0 ? asWanted(changed, wishes, encodings) : changed;
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
   * @param {(encodings: Encoding[]) => Encoding[]} change
   */
  #setEncodings(sender, change) {
    return this.#setParameters(sender, parameters => {
      parameters.encodings = change(parameters.encodings);
    });
  }

  /**
   * @param {RTCRtpSender} sender
   * @param {RTCDegradationPreference} degradation
   */
  #prefer(sender, degradation) {
    return this.#setParameters(sender, parameters => {
      parameters.degradationPreference = degradation;
    }).catch(() => {}); // It is a preference, and not all browsers have it.
  }

  /**
   * @param {RTCRtpSender} sender
   * @param {(parameters: RTCRtpSendParameters) => void} change
   */
  #setParameters(sender, change) {
    const done = this.#parameters.then(() => {
      const parameters = sender.getParameters();
      change(parameters);
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
