import { button, byId, make } from './elements.js';

const notes = byId('notes', HTMLElement);
const NOTE_MS = 6000;
const MOST = 3;

/** @typedef {{label: string, act: () => unknown}} NoteAction */
/** @typedef {{text: string, problem?: boolean, actions?: NoteAction[]}} Note one that is a problem or asks something stays until it is answered */

/** What happens in the room, in words, for a few seconds. */
export class Notes {
  /**
   * @param {Note} what
   * @returns {() => void} takes it back
   */
  show({ text, problem = false, actions = problem ? [{ label: 'OK', act: () => {} }] : [] }) {
    const note = make('div', problem ? 'note problem' : 'note', make('span', '', text));
    const remove = () => note.remove();
    for (const { label, act } of actions) {
      note.append(button('quiet', label, () => {
        remove();
        act();
      }));
    }
    if (actions.length === 0) setTimeout(remove, NOTE_MS);
    notes.append(note);
    while (notes.children.length > MOST) (notes.querySelector('.note:not(:has(button), :last-child)') ?? notes.firstElementChild)?.remove();
    return remove;
  }

  close() {
    notes.replaceChildren();
  }
}
