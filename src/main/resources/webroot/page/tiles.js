import { byId } from './elements.js';
import { bestGrid } from './grid.js';
import { Tile } from './tile.js';

/** @import { Participant, Room, Source } from '/sdk/weir.js' */

const area = byId('stage-area', HTMLElement);
const stage = byId('stage', HTMLElement);
const grid = byId('grid', HTMLElement);
const GAP = 8;
/** Our own tile's key: our id changes when the server has forgotten us and we join anew. */
const OWN = 'own';

/** @typedef {'camera' | 'screen'} Picture */

/** All tiles: one per person, one per shared screen; a screen or a pinned tile stands on the stage, the rest beside it. */
export class Tiles {
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  #room;
  /** @type {string | null} */ #pinned = null;
  #resized = new ResizeObserver(() => this.#layOut());

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    for (const participant of room.participants.values()) this.#addPerson(participant);
    this.#add(room.localParticipant.participantId, 'camera', room.localParticipant.displayName || 'You', true);
    room.on('participant:join', participant => this.#addPerson(participant));
    room.on('participant:leave', ({ participantId }) => this.#removePerson(participantId));
    room.on('participant:update', ({ participantId, breakout, role }) => {
      this.#draw(participantId);
      if (breakout !== undefined || role !== undefined) this.#layOut();
    });
    room.on('breakout:assigned', () => this.#layOut());
    room.on('breakout:closed', () => this.#layOut());
    room.on('hand', () => this.#drawHands());
    room.on('track:publish', ({ participantId, source }) => this.#onPublish(participantId, source));
    room.on('track:unpublish', ({ participantId, source }) => this.#onUnpublish(participantId, source));
    room.on('track:mute', ({ participantId }) => this.#draw(participantId));
    room.on('local:change', ({ source, published }) => this.#onOwn(source, published));
    room.on('speaker:change', ({ participantId }) => this.#onSpeaker(participantId));
    room.on('slot', ({ participantId, paused }) => {
      if (participantId) this.#tile(participantId, 'camera')?.setNote(paused ? 'Video paused: slow connection' : '');
    });
    this.#onSpeaker(room.speaker?.participantId ?? null);
    this.#drawHands();
    this.#resized.observe(area);
    this.#layOut();
  }

  /**
   * @param {string} participantId
   * @param {string} emoji
   */
  react(participantId, emoji) {
    this.#tile(participantId, 'camera')?.react(emoji);
  }

  close() {
    this.#resized.disconnect();
    for (const tile of this.#tiles.values()) tile.element.remove();
    this.#tiles.clear();
  }

  /** @param {Participant} participant */
  #addPerson({ participantId, displayName, tracks }) {
    this.#add(participantId, 'camera', displayName, false);
    if (tracks.has('screen')) this.#add(participantId, 'screen', displayName, false);
    this.#draw(participantId);
  }

  /**
   * @param {string} participantId
   * @param {Picture} picture
   * @param {string} name
   * @param {boolean} own
   */
  #add(participantId, picture, name, own) {
    const key = this.#keyOf(participantId, picture);
    if (this.#tiles.has(key)) return;
    const tile = new Tile(key, { name, own, screen: picture === 'screen', pin: () => this.#togglePin(participantId, picture) });
    this.#tiles.set(key, tile);
    this.#markFirstFrame(tile, participantId, own);
    this.#layOut();
    this.#room.attach(tile.video, participantId, picture);
    this.#draw(participantId);
  }

  /** @param {string} participantId */
  #removePerson(participantId) {
    this.#remove(participantId, 'camera');
    this.#remove(participantId, 'screen');
  }

  /**
   * @param {string} participantId
   * @param {Picture} picture
   */
  #remove(participantId, picture) {
    const key = this.#keyOf(participantId, picture);
    const tile = this.#tiles.get(key);
    if (!tile) return;
    if (this.#pinned === key) this.#togglePin(participantId, picture);
    this.#tiles.delete(key);
    this.#room.detach(tile.video);
    tile.element.remove();
    this.#layOut();
  }

  /**
   * @param {string} participantId
   * @param {Source} source
   */
  #onPublish(participantId, source) {
    if (source === 'screen') this.#add(participantId, 'screen', this.#room.participants.get(participantId)?.displayName ?? '', false);
    this.#draw(participantId);
  }

  /**
   * @param {string} participantId
   * @param {Source | undefined} source
   */
  #onUnpublish(participantId, source) {
    if (source === 'screen') this.#remove(participantId, 'screen');
    this.#draw(participantId);
  }

  /**
   * @param {Source} source
   * @param {boolean} published
   */
  #onOwn(source, published) {
    const { participantId, displayName } = this.#room.localParticipant;
    if (source === 'screen' && published) this.#add(participantId, 'screen', displayName || 'You', true);
    if (source === 'screen' && !published) this.#remove(participantId, 'screen');
    this.#draw(participantId);
  }

  /** @param {string | null} participantId */
  #onSpeaker(participantId) {
    for (const tile of this.#tiles.values()) tile.setSpeaking(participantId !== null && tile.key === this.#keyOf(participantId, 'camera'));
  }

  /** Brings a person's tile up to what is known of him. @param {string} participantId */
  #draw(participantId) {
    const own = participantId === this.#room.localParticipant.participantId;
    const person = own ? this.#room.localParticipant : this.#room.participants.get(participantId);
    const tile = this.#tile(participantId, 'camera');
    if (!person || !tile) return;
    const camera = person.tracks.get('camera');
    const microphone = person.tracks.get('microphone');
    tile.setCameraMuted(!camera || camera.muted);
    tile.setMicrophoneMuted(!microphone || microphone.muted);
    tile.setNote('connection' in person && person.connection === 'lost' ? 'Connection lost…' : '');
  }

  /**
   * @param {string} participantId
   * @param {Picture} picture
   */
  #togglePin(participantId, picture) {
    const key = this.#keyOf(participantId, picture);
    const pinned = this.#pinned !== key;
    const [previousPicture, previousId] = this.#pinned?.split(' ') ?? [];
    if (previousId) this.#room.pin(previousId, /** @type {Picture} */ (previousPicture), false);
    if (pinned) this.#room.pin(participantId, picture, true);
    this.#pinned = pinned ? key : null;
    for (const tile of this.#tiles.values()) tile.setPinned(tile.key === this.#pinned);
    this.#layOut();
  }

  #drawHands() {
    const places = new Map(this.#room.hands.map((id, i) => [this.#keyOf(id, 'camera'), i + 1]));
    for (const tile of this.#tiles.values()) tile.setHand(places.get(tile.key) ?? 0);
  }

  /** Whether one is where we are, and has something to show. @param {Tile} tile */
  #isHere({ key }) {
    const { localParticipant, participants } = this.#room;
    const person = participants.get(key.slice(key.indexOf(' ') + 1));
    if (!person) return localParticipant.role !== 'viewer' || localParticipant.tracks.size > 0 || participants.size === 0;
    return (person.breakout ?? null) === localParticipant.breakout && (person.role !== 'viewer' || person.tracks.size > 0);
  }

  /** Puts each tile where it belongs and sizes the grid to the space that is left. */
  #layOut() {
    const tiles = [...this.#tiles.values()].filter(tile => this.#isHere(tile));
    const own = `camera ${OWN}`;
    const main = tiles.find(tile => tile.key === this.#pinned) ?? tiles.find(tile => tile.screen) ?? null;
    area.classList.toggle('has-stage', main !== null);
    stage.hidden = main === null;
    const others = tiles.filter(tile => tile !== main).sort((a, b) => Number(a.key === own) - Number(b.key === own));
    place(stage, main ? [main.element] : []);
    place(grid, others.map(tile => tile.element));
    if (main) return; // Beside a stage the style sheet sizes the strip.
    const { columns, width, height } = bestGrid(others.length, { width: grid.clientWidth, height: grid.clientHeight }, GAP);
    grid.style.setProperty('--columns', String(columns));
    grid.style.setProperty('--tile-width', `${width}px`);
    grid.style.setProperty('--tile-height', `${height}px`);
  }

  /**
   * A user timing mark per person, for measuring how long a picture takes.
   * @param {Tile} tile
   * @param {string} participantId
   * @param {boolean} own
   */
  #markFirstFrame(tile, participantId, own) {
    if (!own && 'requestVideoFrameCallback' in tile.video) tile.video.requestVideoFrameCallback(() => performance.mark('weir:first-frame', { detail: participantId }));
  }

  /**
   * @param {string} participantId
   * @param {Picture} picture
   */
  #tile(participantId, picture) {
    return this.#tiles.get(this.#keyOf(participantId, picture));
  }

  /**
   * @param {string} participantId
   * @param {Picture} picture
   */
  #keyOf(participantId, picture) {
    return `${picture} ${participantId === this.#room.localParticipant.participantId ? OWN : participantId}`;
  }
}

/**
 * Moves only what is not in place already: a video that is moved in the document stops for a moment.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
function place(parent, children) {
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}
