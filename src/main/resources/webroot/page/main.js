import { connect, createRoom } from '/sdk/weir.js';
import { Call } from './call.js';
import { byId } from './elements.js';
import { Lobby } from './lobby.js';
import { readOptions } from './options.js';
import { endWords, joinProblem } from './words.js';

/** @import { ClosedReason } from '/sdk/weir.js' */
/** @import { Choice } from './lobby.js' */

const options = readOptions(new URL(location.href));
const lobby = new Lobby(options, join);
const ended = byId('ended', HTMLElement);
const waiting = byId('waiting', HTMLElement);

/** @param {Choice} choice */
async function join(choice) {
  lobby.joining();
  performance.mark('weir:join');
  try {
    const room = await enter(choice);
    Object.assign(window, { weirRoom: room }); // For the console and for tests.
    lobby.close();
    waiting.hidden = true;
    ended.hidden = true;
    history.replaceState(null, '', `/r/${encodeURIComponent(room.name)}${location.search}`);
    document.title = `${room.name} · Weir`;
    const call = new Call(room, choice, reason => {
      call.close();
      showEnd(choice, reason);
    });
    await call.publish();
  } catch (error) {
    waiting.hidden = true;
    ended.hidden = true;
    if (error instanceof DOMException && error.name === 'AbortError') lobby.open();
    else lobby.fail(joinProblem(error));
  }
}

/** Joins, which may take a host to let us in. @param {Choice} choice */
async function enter(choice) {
  const givingUp = new AbortController();
  byId('waiting-cancel', HTMLButtonElement).onclick = () => givingUp.abort();
  const how = { name: choice.name, token: options.token, codecs: options.codecs, signal: givingUp.signal, waiting: () => showWaiting(choice) };
  return choice.waitingRoom ? createRoom('/', { name: choice.room, waitingRoom: true }, how) : connect('/', { room: choice.room, ...how });
}

/** @param {Choice} choice */
function showWaiting({ room }) {
  lobby.close();
  ended.hidden = true;
  waiting.hidden = false;
  document.title = `Waiting · ${room} · Weir`;
  byId('waiting-text', HTMLElement).textContent = `The hosts of ${room} see that you are here. You come in as soon as one of them admits you.`;
  byId('waiting-title', HTMLElement).focus();
}

/**
 * @param {Choice} choice
 * @param {ClosedReason | undefined} reason
 */
function showEnd(choice, reason) {
  const [title, text] = endWords(reason);
  byId('ended-title', HTMLElement).textContent = title;
  byId('ended-text', HTMLElement).textContent = text;
  ended.hidden = false;
  const rejoin = byId('rejoin', HTMLButtonElement);
  rejoin.onclick = () => join(choice);
  rejoin.focus();
}

if (options.auto && options.room) void join(lobby.choice());
else lobby.open();
