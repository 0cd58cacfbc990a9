import { button, byId, confirmed, focusedBy, make, redraw } from './elements.js';
import { heading } from './people.js';
import { clockWords } from './words.js';

/** @import { BreakoutPlan, Breakouts, Room } from '/sdk/weir.js' */
/** @import { Act } from './call.js' */

const body = byId('rooms-panel', HTMLElement);
const MOST_ROOMS = 50;
const COUNTDOWN_MS = 30_000;
const MINUTE_MS = 60_000;

/** Breakout rooms: hosts open, visit, fill and close them, everybody sees who is where. */
export class Rooms {
  #room;
  #act;
  /** What is chosen for the rooms to come. */
  #plan = { count: 2, minutes: 0, byHand: false, /** @type {Map<string, string>} */ places: new Map() };
  /** When those that are open close, in milliseconds of this page's clock. */ #closesAt = Infinity;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #ticking;
  #ticked;

  /**
   * @param {Room} room
   * @param {Act} act
   * @param {() => void} ticked every second while they are about to close
   */
  constructor(room, act, ticked) {
    this.#room = room;
    this.#act = act;
    this.#ticked = ticked;
    if (room.breakouts) this.opened(room.breakouts);
  }

  /** @param {Breakouts} breakouts */
  opened({ endsAt }) {
    this.#closeAt(endsAt ? performance.now() + Date.parse(endsAt) - Date.now() : Infinity);
  }

  /** @param {number} countdownMs */
  closing(countdownMs) {
    this.#closeAt(performance.now() + countdownMs);
  }

  closed() {
    this.#closeAt(Infinity);
  }

  /** How long they stay open, in words; empty without an end. */
  get remaining() {
    return Number.isFinite(this.#closesAt) ? clockWords(this.#closesAt - performance.now()) : '';
  }

  draw() {
    const { breakouts } = this.#room;
    if (breakouts) redraw(body, ...this.#whoIsWhere(breakouts));
    else redraw(body, this.#planner());
    this.#drawRemaining();
  }

  #isHosting() {
    const { role } = this.#room.localParticipant;
    return role === 'host' || role === 'cohost';
  }

  /** @param {number} at */
  #closeAt(at) {
    this.#closesAt = at;
    clearInterval(this.#ticking);
    if (Number.isFinite(at)) {
      this.#ticking = setInterval(() => {
        this.#drawRemaining();
        this.#ticked();
      }, 1000);
    }
  }

  #drawRemaining() {
    const clock = body.querySelector('.clock');
    if (clock) clock.textContent = this.remaining && `Closes in ${this.remaining}`;
  }

  /** @param {Breakouts} breakouts */
  #whoIsWhere({ rooms }) {
    const { localParticipant, participants } = this.#room;
    const everyone = [{ ...localParticipant, displayName: 'You' }, ...participants.values()].filter(({ role }) => role !== 'recorder');
    const places = [null, ...rooms.map(({ name }) => name)];
    const lists = places.map(place => this.#place(place, everyone.filter(({ breakout }) => (breakout ?? null) === place), places));
    const clock = make('p', 'clock');
    clock.role = 'timer';
    return [make('section', 'people-part', heading('Breakout rooms'), clock, ...lists), ...this.#isHosting() ? [this.#broadcast(), this.#closer()] : []];
  }

  /**
   * @param {string | null} place null: the main room
   * @param {{participantId: string, displayName: string}[]} people
   * @param {(string | null)[]} places
   */
  #place(place, people, places) {
    const { localParticipant: { participantId: own, breakout }, hosting } = this.#room;
    const head = make('div', 'part-head', make('h3', '', place ?? 'Main room'));
    if (breakout === place) head.append(make('span', 'person-role', 'You are here'));
    else if (this.#isHosting()) head.append(focusedBy(button('small', `${place === null ? 'Return' : 'Join'}`, () => this.#act(() => hosting.moveToBreakout(own, place))), `visit ${place ?? ''}`));
    const rows = people.map(({ participantId, displayName }) => {
      const row = make('li', 'person', make('span', 'person-name', displayName));
      if (this.#isHosting() && participantId !== own) row.append(this.#mover(participantId, displayName, place, places));
      return row;
    });
    return make('div', 'place', head, rows.length > 0 ? make('ul', 'people-list', ...rows) : make('p', 'empty', 'Nobody'));
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {string | null} place
   * @param {(string | null)[]} places
   */
  #mover(id, name, place, places) {
    const select = choice(`Where ${name} is`, places.map(each => each ?? 'Main room'), place ?? 'Main room');
    select.addEventListener('change', () => this.#act(() => this.#room.hosting.moveToBreakout(id, places[select.selectedIndex])));
    return focusedBy(select, `move ${id}`);
  }

  #broadcast() {
    const field = focusedBy(Object.assign(document.createElement('input'), { maxLength: 1000, placeholder: 'A word to all rooms', ariaLabel: 'A word to all rooms', required: true }), 'broadcast');
    const form = make('form', 'row', field, Object.assign(make('button', 'small', 'Send')));
    form.addEventListener('submit', event => {
      event.preventDefault();
      const text = field.value.trim();
      field.value = '';
      if (text) this.#act(() => this.#room.hosting.broadcast(text));
    });
    return make('section', 'people-part', heading('To all rooms'), form);
  }

  #closer() {
    const { hosting } = this.#room;
    const soon = focusedBy(button('small', `Close in ${COUNTDOWN_MS / 1000} s`, () => this.#act(() => hosting.closeBreakouts({ countdownMs: COUNTDOWN_MS }))), 'close soon');
    const now = focusedBy(button('small danger', 'Close now', () => this.#act(async () => {
      if (await confirmed('Bring everybody back now?', 'Close the rooms')) await hosting.closeBreakouts();
    })), 'close now');
    return make('section', 'people-part', make('div', 'person-actions', soon, now));
  }

  #planner() {
    const plan = this.#plan;
    const names = Array.from({ length: plan.count }, (_, i) => `Room ${i + 1}`);
    const count = number('How many rooms', plan.count, 1, MOST_ROOMS, value => { plan.count = value || 1; });
    const minutes = number('For how many minutes (0: until closed)', plan.minutes, 0, 24 * 60, value => { plan.minutes = value; });
    const how = choice('Who goes where', ['At random', 'I choose'], plan.byHand ? 'I choose' : 'At random');
    how.addEventListener('change', () => {
      plan.byHand = how.selectedIndex === 1;
      this.draw();
    });
    count.addEventListener('change', () => this.draw());
    const fields = [labelled('How many rooms', focusedBy(count, 'count')), labelled('For how many minutes (0: until closed)', focusedBy(minutes, 'minutes')), labelled('Who goes where', focusedBy(how, 'how'))];
    const form = make('form', 'planner', ...fields, ...plan.byHand ? [this.#assignment(names)] : [], make('button', 'primary', 'Open the rooms'));
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#act(() => this.#room.hosting.openBreakouts(this.#rooms(names), plan.minutes ? { durationMs: plan.minutes * MINUTE_MS } : {}));
    });
    return make('section', 'people-part', heading('Open breakout rooms'), form);
  }

  /** @param {string[]} names */
  #assignment(names) {
    const { places } = this.#plan;
    const rows = [...this.#room.participants.values()].filter(({ role }) => role !== 'recorder').map(({ participantId, displayName }) => {
      const select = choice(`Where ${displayName} goes`, ['Stays', ...names], places.get(participantId) ?? 'Stays');
      select.addEventListener('change', () => places.set(participantId, select.value));
      return make('li', 'person', make('span', 'person-name', displayName), focusedBy(select, `assign ${participantId}`));
    });
    return rows.length > 0 ? make('ul', 'people-list', ...rows) : make('p', 'empty', 'Nobody else is here yet.');
  }

  /** @param {string[]} names @returns {BreakoutPlan[]} */
  #rooms(names) {
    const { byHand, places } = this.#plan;
    if (!byHand) return names.map(name => ({ name }));
    return names.map(name => ({ name, participants: [...places].filter(([id, place]) => place === name && this.#room.participants.has(id)).map(([id]) => id) }));
  }
}

/**
 * @param {string} label
 * @param {string[]} values
 * @param {string} chosen
 */
function choice(label, values, chosen) {
  const select = document.createElement('select');
  select.ariaLabel = label;
  select.append(...values.map(value => new Option(value, value, false, value === chosen)));
  return select;
}

/**
 * @param {string} label
 * @param {number} value
 * @param {number} min
 * @param {number} max
 * @param {(value: number) => void} changed
 */
function number(label, value, min, max, changed) {
  const field = Object.assign(document.createElement('input'), { type: 'number', min: String(min), max: String(max), value: String(value), required: true, ariaLabel: label });
  field.addEventListener('input', () => {
    if (field.validity.valid) changed(field.valueAsNumber);
  });
  return field;
}

/** @param {string} text @param {HTMLElement} field */
function labelled(text, field) {
  field.ariaLabel = null;
  return make('label', '', text, field);
}
