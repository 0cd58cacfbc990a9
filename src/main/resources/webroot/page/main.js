import { connect } from '/sdk/weir.js';
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

/** @param {Choice} choice */
async function join(choice) {
  lobby.joining();
  performance.mark('weir:join');
  try {
    const room = await connect('/', { room: choice.room, name: choice.name, token: options.token, codecs: options.codecs });
    Object.assign(window, { weirRoom: room }); // For the console and for tests.
    lobby.close();
    ended.hidden = true;
    history.replaceState(null, '', `/r/${encodeURIComponent(room.name)}${location.search}`);
    document.title = `${room.name} · Weir`;
    const call = new Call(room, choice, reason => {
      call.close();
      showEnd(choice, reason);
    });
    await call.publish();
  } catch (error) {
    lobby.fail(joinProblem(error));
  }
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
