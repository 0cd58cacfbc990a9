// What went wrong, in words for the person in front of the screen.

/** @import { ClosedReason, ConnectionState, Role } from '/sdk/weir.js' */

/**
 * @param {unknown} error
 * @param {string} device `camera`, `microphone` or `camera and microphone`
 */
export function deviceProblem(error, device) {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError': return `The browser does not let this page use your ${device}. You can allow it beside the address; until then you are here without it.`;
    case 'NotFoundError':
    case 'OverconstrainedError': return `No ${device} was found. You are here without it.`;
    case 'NotReadableError':
    case 'AbortError': return `Your ${device} cannot be opened; another program may be using it. You are here without it.`;
    case 'TypeError': return `Browsers give a ${device} only to pages over https or on this machine. You are here without it.`;
    default: return `Your ${device} could not be used (${error instanceof Error ? error.message : String(error)}).`;
  }
}

/** @param {unknown} error */
export function joinProblem(error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'unavailable':
    case 'connectionLost': return 'The server did not let us in. It may be down, or this room may need an invitation with a token.';
    case 'unauthorized':
    case 'forbidden': return 'This room needs a valid invitation.';
    case 'roomFull': return 'The room is full.';
    case 'roomLimit': return 'The server has no place for another room now. Try again in a while.';
    case 'rateLimited': return 'Too many attempts. Wait a few seconds and try again.';
    case 'denied': return 'The host did not admit you.';
    case 'ended': return 'The meeting has ended.';
    case 'replaced': return 'You joined from elsewhere.';
    case 'expired': return 'Your invitation has expired.';
    case 'unsupported': return 'This browser cannot make video calls.';
    default: return `Joining did not work: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @param {ConnectionState} state */
export function stateWords(state) {
  switch (state) {
    case 'connecting': return 'Connecting…';
    case 'connected': return 'Connected';
    case 'reconnecting': return 'Reconnecting…';
    case 'closed': return 'Ended';
  }
}

/** @param {ClosedReason | undefined} reason @returns {[title: string, text: string]} */
export function endWords(reason) {
  switch (reason) {
    case 'ended': return ['The meeting has ended', 'The host closed the room.'];
    case 'removed': return ['You were removed', 'The host removed you from the room.'];
    case 'replaced': return ['You joined from elsewhere', 'This session goes on in another window.'];
    case 'expired': return ['Your invitation has expired', 'Ask for a new one to come back.'];
    case 'unavailable':
    case 'lost': return ['The connection was lost', 'We tried to come back and could not reach the room.'];
    default: return ['You left the room', ''];
  }
}

/** Minutes and seconds. @param {number} ms */
export function clockWords(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What one may from now on. @param {Role} role */
export function roleWords(role) {
  switch (role) {
    case 'host': return 'You are the host now.';
    case 'cohost': return 'You are a co-host now.';
    case 'guest': return 'You can take part now: turn on your microphone or camera.';
    case 'viewer': return 'You watch and listen from now on.';
    case 'recorder': return 'You record from now on.';
  }
}
