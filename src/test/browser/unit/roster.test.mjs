import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Roster } from '../../../main/resources/webroot/sdk/roster.js';

/** @import { Track } from '../../../main/resources/webroot/sdk/weir.js' */

const room = /** @type {any} */ ({});

/** @param {string} participantId @returns {any} */
function person(participantId, extra = {}) {
  return { participantId, displayName: participantId.toUpperCase(), role: 'guest', ...extra };
}

/** @param {string} participantId @returns {Track} */
function camera(participantId, muted = false) {
  return { participantId, trackId: `camera-${participantId}`, kind: 'video', source: 'camera', muted };
}

/** @param {any[]} participants @param {Track[]} tracks */
function snapshot(participants, tracks) {
  return { room, participants, tracks, speaker: null, slots: [] };
}

function recorded() {
  /** @type {[string, any][]} */
  const events = [];
  return { events, roster: new Roster((type, detail) => events.push([type, detail])) };
}

test('the first snapshot fills the roster without oneself and is no news', () => {
  const { events, roster } = recorded();
  roster.replace(snapshot([person('me'), person('a')], [camera('a'), camera('me')]), 'me', true);
  assert.deepEqual([...roster.participants.keys()], ['a']);
  assert.equal(roster.participants.get('a')?.tracks.get('camera')?.trackId, 'camera-a');
  assert.deepEqual(events, []);
});

test('a fresh snapshot after a loss becomes the events that were missed', () => {
  const { events, roster } = recorded();
  roster.replace(snapshot([person('a'), person('b'), person('c')], [camera('a'), camera('b'), camera('c')]), 'me', true);
  roster.replace(snapshot([person('a', { handRaised: true }), person('b'), person('d')], [camera('a', true), camera('d')]), 'me', false);
  assert.deepEqual(events.map(([type, detail]) => `${type} ${detail.participantId}`), [
    'participant:leave c', 'participant:update a', 'participant:join d', 'track:unpublish b', 'track:mute a', 'track:publish d',
  ]);
  assert.equal(roster.participants.get('a')?.handRaised, true);
  assert.equal(roster.participants.get('a')?.tracks.get('camera')?.muted, true);
});

test('each change is made before it is told', () => {
  const roster = new Roster((type, detail) => {
    if (type === 'participant:leave') assert(!roster.participants.has(/** @type {any} */ (detail).participantId));
    if (type === 'track:publish') assert(roster.trackById(/** @type {any} */ (detail).trackId));
  });
  roster.join(person('a'));
  roster.publish(camera('a'));
  roster.leave({ participantId: 'a', reason: 'left' });
  assert.equal(roster.participants.size, 0);
});

test('news of strangers is ignored', () => {
  const { events, roster } = recorded();
  roster.publish(camera('stranger'));
  roster.unpublish({ participantId: 'stranger', trackId: 'x' });
  roster.mute({ participantId: 'stranger', trackId: 'x', muted: true });
  roster.update({ participantId: 'stranger', role: 'host' });
  roster.leave({ participantId: 'stranger', reason: 'left' });
  assert.deepEqual(events, []);
});
