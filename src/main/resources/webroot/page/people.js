import { button, byId, confirmed, focusedBy, icon, make, redraw } from './elements.js';

/** @import { Participant, Role, Room } from '/sdk/weir.js' */
/** @import { Act } from './call.js' */

const body = byId('people-panel', HTMLElement);

const ROLES = { host: 'Host', cohost: 'Co-host', guest: '', viewer: 'Viewer', recorder: 'Recorder' };

/** Who is here, who waits and who wants to speak; for hosts also what they may do with whom. */
export class People {
  #room;
  #act;
  #seen;
  /** Whose actions are shown. @type {string | null} */ #opened = null;

  /**
   * @param {Room} room
   * @param {Act} act
   * @param {() => void} seen whenever it is drawn
   */
  constructor(room, act, seen) {
    this.#room = room;
    this.#act = act;
    this.#seen = seen;
  }

  draw() {
    this.#seen();
    const sections = [this.#waiting(), this.#hands(), this.#everyone(), this.#tools()];
    redraw(body, ...sections.filter(section => section !== null));
  }

  #waiting() {
    const { waiting, hosting } = this.#room;
    if (waiting.length === 0) return null;
    const rows = waiting.map(({ participantId, displayName }) => make(
      'li', 'person',
      make('span', 'person-name', displayName),
      focusedBy(button('small primary', `Admit ${displayName}`, () => this.#act(() => hosting.admit(participantId)), ['Admit']), `admit ${participantId}`),
      focusedBy(button('small', `Deny ${displayName}`, () => this.#act(() => hosting.deny(participantId)), ['Deny']), `deny ${participantId}`),
    ));
    const all = focusedBy(button('small', 'Admit all', () => this.#act(() => hosting.admit())), 'admit all');
    return make('section', 'people-part asking', heading(`Waiting (${waiting.length})`, all), make('ul', 'people-list', ...rows));
  }

  #hands() {
    const raised = this.#room.hands.map(id => this.#nameOf(id)).filter(name => name !== null);
    if (raised.length === 0) return null;
    return make('section', 'people-part', heading(`Hands (${raised.length})`), make('ol', 'hands-list', ...raised.map(name => make('li', '', name))));
  }

  #everyone() {
    const { localParticipant, participants, participantCount } = this.#room;
    const others = [...participants.values()].filter(({ role }) => role !== 'recorder').sort((a, b) => a.displayName.localeCompare(b.displayName));
    const rows = [this.#row(localParticipant, true), ...others.map(person => this.#row(person, false))];
    return make('section', 'people-part', heading(participantCount === 1 ? 'Only you are here' : `In this room (${participantCount})`), make('ul', 'people-list', ...rows));
  }

  /**
   * @param {Pick<Participant, 'participantId' | 'displayName' | 'role' | 'handRaised' | 'breakout'> & {tracks: ReadonlyMap<string, {muted: boolean}>}} person
   * @param {boolean} own
   */
  #row({ participantId, displayName, role, handRaised, breakout, tracks }, own) {
    const name = own ? `${displayName || 'You'} (you)` : displayName;
    const row = make('li', 'person', make('span', 'person-name', name));
    const badge = [ROLES[role], breakout].filter(Boolean).join(' · ');
    if (badge) row.append(make('span', 'person-role', badge));
    if (handRaised) row.append(sign('hand', `Hand raised, number ${this.#room.hands.indexOf(participantId) + 1}`, 'sign raised'));
    if (tracks.has('screen')) row.append(sign('screen', 'Shares a screen', 'sign'));
    if (role !== 'viewer') {
      const [audible, visible] = ['microphone', 'camera'].map(source => tracks.get(source)?.muted === false);
      row.append(audible ? sign('microphone', 'Microphone on', 'sign') : sign('microphone-off', 'Microphone off', 'sign off'));
      row.append(visible ? sign('camera', 'Camera on', 'sign') : sign('camera-off', 'Camera off', 'sign off'));
    }
    const actions = own ? [] : this.#actions(participantId, displayName, role, tracks);
    if (actions.length > 0) {
      const open = this.#opened === participantId;
      const more = focusedBy(button('bare', `What to do with ${displayName}`, () => this.#toggle(participantId), [icon('more')]), `more ${participantId}`);
      more.setAttribute('aria-expanded', String(open));
      row.append(more);
      if (open) row.append(make('div', 'person-actions', ...actions));
    }
    return row;
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {Role} role
   * @param {ReadonlyMap<string, {muted: boolean}>} tracks
   */
  #actions(id, name, role, tracks) {
    const own = this.#room.localParticipant.role;
    const { hosting } = this.#room;
    /** @type {HTMLElement[]} */ const actions = [];
    const add = (/** @type {string} */ key, /** @type {string} */ label, /** @type {() => Promise<void>} */ act, className = 'small') => actions.push(focusedBy(button(className, label, () => this.#act(act)), `${key} ${id}`));
    if (own !== 'host' && own !== 'cohost') return actions;
    for (const [source, kind, word] of /** @type {const} */ ([['microphone', 'audio', 'microphone'], ['camera', 'video', 'camera']])) {
      if (role === 'viewer') break;
      if (tracks.get(source)?.muted === false) add(kind, `Turn off ${word}`, () => hosting.mute(id, kind));
      else add(kind, `Ask to turn on ${word}`, () => hosting.askToUnmute(id, kind));
    }
    if (own === 'cohost' && role === 'host') return actions;
    for (const [to, label] of /** @type {const} */ ([['host', 'Make host'], ['cohost', 'Make co-host'], ['guest', role === 'viewer' ? 'Let take part' : 'Make guest'], ['viewer', 'Make viewer']])) {
      if (to === role || (to === 'host' && own !== 'host')) continue;
      add(to, label, () => hosting.promote(id, to));
    }
    add('remove', 'Remove', async () => {
      if (await confirmed(`Remove ${name} from the room?`, 'Remove')) await hosting.remove(id);
    }, 'small danger');
    return actions;
  }

  /** @param {string} participantId */
  #toggle(participantId) {
    this.#opened = this.#opened === participantId ? null : participantId;
    this.draw();
  }

  /** What concerns everybody. */
  #tools() {
    const { localParticipant: { role }, hosting, body: { locked } } = this.#room;
    if (role !== 'host' && role !== 'cohost') return null;
    const lock = focusedBy(button('small', locked ? 'Unlock the room' : 'Lock the room', () => this.#act(() => hosting.lock(!locked))), 'lock');
    const tools = make('div', 'person-actions', focusedBy(button('small', 'Mute all', () => this.#act(() => hosting.muteAll('audio'))), 'mute all'), lock);
    if (role === 'host') {
      tools.append(focusedBy(button('small danger', 'End for everyone', () => this.#act(async () => {
        if (await confirmed('End this meeting for everyone?', 'End it')) await hosting.end();
      })), 'end'));
    }
    return make('section', 'people-part', heading('For hosts'), tools);
  }

  /** @param {string} participantId */
  #nameOf(participantId) {
    const { localParticipant, participants } = this.#room;
    return participantId === localParticipant.participantId ? 'You' : participants.get(participantId)?.displayName ?? null;
  }
}

/**
 * @param {string} text
 * @param {Node[]} beside
 */
export function heading(text, ...beside) {
  return make('div', 'part-head', make('h2', '', text), ...beside);
}

/**
 * @param {string} symbol
 * @param {string} label
 * @param {string} className
 */
function sign(symbol, label, className) {
  const element = make('span', className, icon(symbol));
  element.role = 'img';
  element.ariaLabel = label;
  element.title = label;
  return element;
}
