import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { byId } from './elements.js';
import { Notes } from './notes.js';
import { Panel } from './panel.js';
import { People } from './people.js';
import { Reactions } from './reactions.js';
import { Rooms } from './rooms.js';
import { Tiles } from './tiles.js';
import { roleWords, stateWords } from './words.js';

/** @import { ClosedReason, Room, RoomEvents } from '/sdk/weir.js' */
/** @import { Choice } from './lobby.js' */

/** Does something that may fail, and says so then; the button that asked for it rests meanwhile. @typedef {(what: () => Promise<unknown>, button?: HTMLButtonElement) => Promise<void>} Act */

const call = byId('call', HTMLElement);
const banner = byId('banner', HTMLElement);
const state = byId('state', HTMLElement);
const count = byId('count', HTMLElement);
const locked = byId('locked', HTMLElement);
const whereabouts = byId('whereabouts', HTMLElement);
const KEYS = { m: 'microphone', v: 'camera', s: 'share', h: 'hand', e: 'react', c: 'open-chat', p: 'open-people' };

/** The room as one is in it: tiles, controls, the panel and what happens there. */
export class Call {
  #room;
  #listening = new AbortController();
  #notes = new Notes();
  #tiles;
  #controls;
  #panel;
  #rooms;
  #unread = 0;
  /** Takes back the question whether to let one in. @type {Map<string, () => void>} */ #asked = new Map();

  /**
   * @param {Room} room
   * @param {Choice} choice
   * @param {(reason: ClosedReason | undefined) => void} ended
   */
  constructor(room, choice, ended) {
    const { signal } = this.#listening;
    this.#room = room;
    call.hidden = false;
    byId('room-name', HTMLElement).textContent = room.name;
    this.#tiles = new Tiles(room);
    this.#controls = new Controls(room, choice, this.#notes, this.#act, signal);
    this.#rooms = new Rooms(room, this.#act, () => this.#drawWhereabouts());
    const chat = new Chat(room, error => this.#fail(error), signal);
    this.#panel = new Panel({ chat: { draw: () => chat.draw(), opened: () => this.#onChatOpened(chat) }, people: new People(room, this.#act, () => this.#onPeopleOpened()), rooms: { draw: () => this.#rooms.draw() } }, signal);
    void new Reactions(emoji => this.#act(() => room.sendReaction(emoji)), signal);
    this.#listen(ended);
    this.#listenToMeeting();
    this.#drawState();
    this.#changed();
    for (const waiting of room.waiting) this.#onWaiting(waiting);
    banner.hidden = !room.audioBlocked;
  }

  /** Sends what was chosen in the lobby. */
  async publish() {
    await this.#controls.publish();
  }

  close() {
    this.#listening.abort();
    this.#rooms.closed();
    this.#panel.close();
    this.#tiles.close();
    this.#notes.close();
    call.hidden = true;
  }

  /** @param {(reason: ClosedReason | undefined) => void} ended */
  #listen(ended) {
    const room = this.#room;
    room.on('connection:state', ({ state: now, reason }) => now === 'closed' ? ended(reason) : this.#drawState());
    room.on('audio:blocked', ({ blocked }) => { banner.hidden = !blocked; });
    room.on('local:ended', ({ source }) => this.#say(source === 'screen' ? 'Your screen is no longer shared.' : `Your ${source} went away.`));
    room.on('local:change', ({ source, byHost }) => {
      if (byHost) this.#say(`The host turned off your ${source}.`);
      this.#changed();
    });
    const { signal } = this.#listening;
    const onClick = (/** @type {string} */ id, /** @type {() => Promise<unknown>} */ act) => {
      const button = byId(id, HTMLButtonElement);
      button.addEventListener('click', () => this.#act(act, button), { signal });
    };
    onClick('leave', () => room.leave());
    onClick('start-audio', () => room.startAudio());
    onClick('copy-link', () => this.#copyLink());
    document.addEventListener('keydown', event => this.#onKey(event), { signal });
  }

  #listenToMeeting() {
    const room = this.#room;
    const changed = () => this.#changed();
    room.on('participant:join', ({ participantId, displayName }) => {
      this.#askedNoMore(participantId);
      this.#say(`${displayName} joined.`);
      changed();
    });
    for (const type of /** @type {const} */ (['participant:leave', 'track:publish', 'track:unpublish', 'track:mute'])) room.on(type, changed);
    room.on('participant:update', update => this.#onUpdate(update));
    room.on('room:update', changed);
    room.on('hand', ({ participantId, raised }) => {
      if (raised && !this.#isSelf(participantId)) this.#say(`${this.#nameOf(participantId)} raises a hand.`);
      changed();
    });
    room.on('reaction', ({ participantId, emoji }) => this.#tiles.react(participantId, emoji));
    room.on('chat', message => this.#onChat(message.participantId));
    room.on('waiting:request', waiting => this.#onWaiting(waiting));
    room.on('waiting:leave', ({ participantId }) => this.#askedNoMore(participantId));
    room.on('host:unmute-request', request => this.#onUnmuteRequest(request));
    room.on('breakout:opened', breakouts => {
      this.#rooms.opened(breakouts);
      this.#say('Breakout rooms are open.');
      changed();
    });
    room.on('breakout:assigned', ({ room: to }) => {
      this.#say(to === null ? 'You are back in the main room.' : `You are in ${to} now.`);
      this.#unread = 0;
      this.#panel.changed('chat');
      changed();
    });
    room.on('breakout:message', ({ displayName, text }) => this.#notes.show({ text: `${displayName} to all rooms: ${text}`, actions: [{ label: 'OK', act: () => {} }] }));
    room.on('breakout:closing', ({ countdownMs }) => {
      this.#rooms.closing(countdownMs);
      this.#say(`Breakout rooms close in ${Math.round(countdownMs / 1000)} seconds.`);
      changed();
    });
    room.on('breakout:closed', () => {
      this.#rooms.closed();
      changed();
    });
  }

  /** @type {Act} */
  #act = async (what, button) => {
    if (button) button.disabled = true;
    const focused = document.activeElement === button || document.activeElement === document.body;
    try {
      await what();
    } catch (error) {
      this.#fail(error);
    } finally {
      if (button) button.disabled = false;
      if (button && focused && !button.hidden) button.focus({ preventScroll: true });
    }
  };

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog')) return;
    const id = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())];
    if (!id) return;
    event.preventDefault(); // Or a key that opens the chat would be its first letter.
    byId(id, HTMLButtonElement).click();
  }

  /** @param {RoomEvents['participant:update']} update */
  #onUpdate({ participantId, role }) {
    if (role && this.#isSelf(participantId)) {
      this.#say(roleWords(role));
      for (const waiting of this.#room.waiting) this.#onWaiting(waiting);
    }
    this.#changed();
  }

  /** @param {string} participantId */
  #onChat(participantId) {
    if (!this.#panel.isShown('chat') && !this.#isSelf(participantId)) this.#unread++;
    this.#panel.changed('chat');
    this.#drawBadges();
  }

  /** @param {Chat} chat */
  #onChatOpened(chat) {
    this.#unread = 0;
    this.#drawBadges();
    chat.opened();
  }

  /** Who waits is asked about in the list now. */
  #onPeopleOpened() {
    for (const takeBack of this.#asked.values()) takeBack();
    this.#asked.clear();
  }

  /** @param {{participantId: string, displayName: string}} waiting */
  #onWaiting({ participantId, displayName }) {
    this.#changed();
    if (this.#asked.has(participantId) || this.#panel.isShown('people')) return;
    const { hosting } = this.#room;
    this.#asked.set(participantId, this.#notes.show({
      text: `${displayName} asks to come in.`,
      actions: [{ label: 'Admit', act: () => this.#act(() => hosting.admit(participantId)) }, { label: 'Deny', act: () => this.#act(() => hosting.deny(participantId)) }],
    }));
  }

  /** @param {string} participantId */
  #askedNoMore(participantId) {
    this.#asked.get(participantId)?.();
    this.#asked.delete(participantId);
    this.#changed();
  }

  /** @param {RoomEvents['host:unmute-request']} request */
  #onUnmuteRequest({ kind = 'audio', participantId }) {
    const source = kind === 'audio' ? 'microphone' : 'camera';
    if (this.#room.localParticipant.tracks.get(source)?.muted === false) return;
    this.#notes.show({
      text: `${participantId ? this.#nameOf(participantId) : 'The host'} asks you to turn on your ${source}.`,
      actions: [{ label: 'Turn it on', act: () => this.#act(() => this.#controls.toggle(source)) }, { label: 'Not now', act: () => {} }],
    });
  }

  async #copyLink() {
    const link = new URL(`/r/${encodeURIComponent(this.#room.name)}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.#say('The link is copied.');
    } catch {
      this.#say(link);
    }
  }

  /** Brings everything that is shown of the meeting up to date. */
  #changed() {
    const { body, participantCount, localParticipant: { role }, breakouts } = this.#room;
    count.textContent = participantCount === 1 ? 'Only you' : `${participantCount} people`;
    locked.hidden = !body.locked;
    this.#controls.draw();
    this.#panel.offer('rooms', breakouts !== null || role === 'host' || role === 'cohost');
    this.#panel.changed('people');
    this.#panel.changed('rooms');
    this.#drawBadges();
    this.#drawWhereabouts();
  }

  #drawBadges() {
    const { waiting, hands } = this.#room;
    this.#panel.badge('chat', this.#unread, `${this.#unread} new messages`);
    this.#panel.badge('people', waiting.length + hands.length, `${waiting.length} waiting, ${hands.length} hands raised`);
  }

  #drawWhereabouts() {
    const { breakouts, localParticipant: { breakout } } = this.#room;
    whereabouts.hidden = breakouts === null;
    whereabouts.textContent = [breakout ?? 'Main room', this.#rooms.remaining].filter(Boolean).join(' · ');
  }

  #drawState() {
    state.textContent = stateWords(this.#room.state);
    state.dataset['state'] = this.#room.state;
  }

  /** @param {string} participantId */
  #isSelf(participantId) {
    return participantId === this.#room.localParticipant.participantId;
  }

  /** @param {string} participantId */
  #nameOf(participantId) {
    return this.#room.participants.get(participantId)?.displayName ?? 'Somebody';
  }

  /** @param {string} text */
  #say(text) {
    this.#notes.show({ text });
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#notes.show({ text: error instanceof Error ? error.message : String(error), problem: true });
  }
}
