// What hosts do with a meeting, in real Chromiums: partly by the page's own buttons, partly by the SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture, long, median, pause } from './harness.mjs';
import { Stage } from './stage.mjs';
import { FRAME_MS, connectionOf, heardOf, installEars, toneOf } from './tones.mjs';

/** @import { People, Person } from './harness.mjs' */
/** @import { Heard } from './tones.mjs' */
/** @import { Frame } from './stage.mjs' */

const VISITS = long ? 40 : 3;
const STAY_MS = 2500;
/** Of different shapes, by which a frame tells whose it is, whatever the slot. */
const CAMERAS = { Ben: { width: 320, height: 180 }, Cy: { width: 240, height: 180 } };
/** The stated time in which what is heard changes; beside it goes what a browser buffers, which on a machine with other work is as much again. */
const HEARD_WITHIN_MS = 300;
const SLACK = 3;

const { room, test: withPeople } = fixture();

test('nothing of a room reaches who waits, until a host admits him by the page', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  await createRoom(people.url, { name, waitingRoom: true });
  const ada = await people.join(name, 'Ada');
  await ada.page.evaluate(() => window.weirRoom?.sendChat('Not for those outside.'));
  const coming = people.join(name, 'Ben', { before: installEars });
  coming.catch(() => {});
  await ada.until('Ben waits', () => window.weirRoom?.waiting.length === 1);
  const page = people.all.map(each => /** @type {Person} */ (each)).find(({ name: who }) => who === 'Ben')?.page;
  assert(page);
  await page.waitForSelector('#waiting:not([hidden])');
  await ada.page.evaluate(() => window.weirRoom?.sendChat('Nor is this.'));
  await pause(1500);
  const seen = await page.evaluate(() => /** @type {any} */ (window).messages.filter((/** @type {any} */ { type, id }) => !(type === 'ok' && id !== '1')));
  assert.deepEqual(seen.map((/** @type {any} */ message) => Object.keys(message).sort()), [['id', 'participantId', 'resume', 'seq', 'type', 'waiting']], `he was told ${JSON.stringify(seen)}`);
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).connections.filter((/** @type {any} */ each) => each.connectionState !== 'new' && each.connectionState !== 'closed').length), 0, 'he has a connection');
  assert.equal(await ada.page.evaluate(() => window.weirRoom?.participantCount), 1);

  await press(ada, 'Admit');
  const ben = await coming;
  await ben.sees(ada);
  await ada.sees(ben);
  assert.deepEqual(await ben.page.evaluate(() => window.weirRoom?.messages.map(({ text }) => text)), ['Not for those outside.', 'Nor is this.']);
}));

test('who is denied is told so, and who gives up waiting is gone from the list', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  await createRoom(people.url, { name, waitingRoom: true });
  const ada = await people.join(name, 'Ada');
  people.join(name, 'Ben').catch(() => {});
  await ada.until('Ben waits', () => window.weirRoom?.waiting.length === 1);
  people.join(name, 'Cy').catch(() => {});
  await ada.until('both wait', () => window.weirRoom?.waiting.length === 2);
  const [, ben, cy] = people.all.map(each => /** @type {Person} */ (each));
  await ada.page.click('#open-people');
  await press(ada, 'Deny Ben');
  await ben.until('is told', () => document.getElementById('lobby-problem')?.textContent === 'The host did not admit you.');
  await cy.page.click('#waiting-cancel');
  await ada.until('nobody waits', () => window.weirRoom?.waiting.length === 0 && !document.querySelector('.asking'));
  await cy.until('is in the lobby', () => document.getElementById('lobby')?.hidden === false);
}));

test('the page is worked by keyboard alone: chat, people, hand, reactions', { timeout: 120_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  const focused = () => ada.page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute('aria-label') || document.activeElement?.textContent);
  await ada.page.bringToFront();
  await ada.page.keyboard.press('c');
  assert.equal(await focused(), 'chat-text');
  await ada.page.keyboard.type('See https://example.org/a_b. <b>m</b>');
  await ada.page.keyboard.press('Enter');
  await ben.until('counts one message', () => document.querySelector('#open-chat .badge')?.textContent === '1');
  await ben.page.click('#open-chat');
  await ben.until('reads it, with a link and without markup', () => document.querySelector('#messages .message p')?.textContent === 'See https://example.org/a_b. <b>m</b>'
    && document.querySelector('#messages a')?.getAttribute('href') === 'https://example.org/a_b');
  await ada.page.keyboard.press('Escape');
  assert.equal(await focused(), 'open-chat');
  await ada.page.keyboard.press('h');
  await ben.page.click('#tab-people');
  await ben.until('sees the hand in the list and on the tile', id => document.querySelector('.hands-list')?.textContent === 'Ada' && !document.querySelector(`[data-key="camera ${id}"] .tile-hand`)?.hasAttribute('hidden'), [ada.id]);
  await ada.page.keyboard.press('e');
  assert.equal(await focused(), 'Thumbs up');
  await ada.page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'Applause');
  await ada.page.keyboard.press('Enter');
  await ben.until('sees the applause', () => document.querySelector('.rising')?.getAttribute('aria-label') === 'Applause');
  await ada.page.keyboard.press('Escape');
  await ada.page.keyboard.press('p');
  assert.equal(await focused(), 'tab-people');
  await ada.page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'tab-rooms');
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('[aria-label="What to do with Ben"]'))?.focus());
  await ada.page.keyboard.press('Enter');
  assert.equal(await focused(), 'What to do with Ben');
  await ada.page.keyboard.press('Tab');
  assert.equal(await focused(), 'Turn off microphone');
  await ada.page.keyboard.press('Enter');
  await ben.until('is muted', () => document.getElementById('microphone')?.ariaPressed === 'false');
  await ada.until('stays where he was', () => document.activeElement?.textContent === 'Ask to turn on microphone');
}));

test('a viewer who is promoted takes part on the connection that he has', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben', { before: installEars, query: `video=0&audio=0&${toneOf('Ben')}` });
  await ben.sees(ada);
  await ada.page.evaluate(id => window.weirRoom?.hosting.promote(id, 'viewer'), ben.id);
  await ben.until('is a viewer', () => window.weirRoom?.localParticipant.role === 'viewer' && document.getElementById('camera')?.hidden);
  const refused = await ben.page.evaluate(() => window.weirRoom?.publish({ audio: true }).then(() => 'published', error => error.code));
  assert.equal(refused, 'forbidden');
  await ben.sees(ada);
  const before = await connectionOf(ben.page);

  await ada.page.click('#open-people');
  await press(ada, 'What to do with Ben');
  await press(ada, 'Let take part');
  await ben.until('may take part', () => window.weirRoom?.localParticipant.role === 'guest' && !document.getElementById('camera')?.hidden);
  await press(ben, 'Camera');
  await ada.sees(ben);
  await ben.sees(ada);
  const after = await connectionOf(ben.page);
  assert(after.offers > before.offers, 'nothing was offered');
  assert.deepEqual({ ...after, offers: 0 }, { ...before, offers: 0 }, 'the connection is another');
  const left = (await ada.events()).filter(({ type }) => type === 'participant:leave');
  assert.deepEqual(left, []);
}));

test('whom a host mutes is not heard any more, sees why, and is asked before he is', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: 'audio=0&video=0' });
  const ben = await people.join(name, 'Ben', { before: installEars, query: `video=0&${toneOf('Ben')}` });
  const cy = await people.join(name, 'Cy', { before: installEars, query: 'audio=0&video=0' });
  await hears(cy, 'Ben');
  await ada.page.click('#open-people');
  await press(ada, 'What to do with Ben');
  const at = Date.now();
  await press(ada, 'Turn off microphone');
  await cy.event('track:mute', ({ participantId, muted, byHost }) => participantId === ben.id && muted && byHost === true, 5000);
  await cy.until('shows him muted', id => document.querySelector(`[data-key="camera ${id}"] .tile-muted`)?.hasAttribute('hidden') === false, [ben.id], 3000);
  await ben.until('is told', () => document.getElementById('notes')?.textContent?.includes('The host turned off your microphone.') && document.getElementById('microphone')?.ariaPressed === 'false');
  await pause(2500);
  const sounds = await heardOf(cy.page, 'Ben', at);
  const last = (sounds.at(-1)?.at ?? at) - at;
  console.log(`muted by a host: last heard ${last.toFixed(0)} ms after the click`);
  assert(last < 1500, `Ben was heard for ${last} ms after he was muted`);

  await press(ada, 'Ask to turn on microphone');
  await ben.page.waitForFunction(() => document.getElementById('notes')?.textContent?.includes('Ada asks you to turn on your microphone.'), { polling: 50 });
  await pause(500);
  assert.equal((await heardOf(cy.page, 'Ben', at + 2000)).length, 0, 'he was heard without having agreed');
  const agreed = Date.now();
  await press(ben, 'Turn it on');
  await hears(cy, 'Ben', agreed);
}));

test('who is removed is told so, and so are the others', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  const cy = await people.join(name, 'Cy');
  await cy.sees(ben);
  await ada.page.click('#open-people');
  await press(ada, 'What to do with Ben');
  await press(ada, 'Remove');
  await ada.page.waitForSelector('#confirm[open]');
  await ada.page.click('#confirm-yes');
  await ben.until('is told', () => document.getElementById('ended')?.hidden === false && document.getElementById('ended-title')?.textContent === 'You were removed');
  for (const other of [ada, cy]) {
    await other.event('participant:leave', ({ participantId, reason }) => participantId === ben.id && reason === 'removed', 5000);
    await other.until('shows him no more', id => !document.querySelector(`[data-key="camera ${id}"]`), [ben.id]);
  }
  await cy.sees(ada);
}));

test('breakout rooms by the page: opened, shown to all, visited, and closed with a countdown', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada');
  const ben = await people.join(name, 'Ben');
  const cy = await people.join(name, 'Cy');
  await cy.sees(ben);
  await ada.page.click('#open-people');
  await ada.page.click('#tab-rooms');
  await press(ada, 'Open the rooms');
  for (const each of [ben, cy]) await each.until('is in a room of his own', () => /^Room [12]$/.test(document.getElementById('whereabouts')?.textContent ?? ''));
  await cy.until('sees nobody else', () => document.querySelectorAll('#grid .tile').length === 1);
  const where = await ben.page.evaluate(() => window.weirRoom?.localParticipant.breakout);
  await ada.page.evaluate(where => /** @type {HTMLElement | null} */ (document.querySelector(`[data-focus="visit ${where}"]`))?.click(), where);
  await ada.sees(ben);
  await ben.sees(ada);
  await ada.page.type('[data-focus="broadcast"]', 'Two more minutes.');
  await ada.page.keyboard.press('Enter');
  for (const each of [ben, cy]) await each.until('reads it', () => document.getElementById('notes')?.textContent?.includes('Ada to all rooms: Two more minutes.'));
  await ada.page.evaluate(() => window.weirRoom?.hosting.closeBreakouts({ countdownMs: 3000 }));
  await cy.until('sees the countdown', () => /^Room [12] · 0:0[123]$/.test(document.getElementById('whereabouts')?.textContent ?? ''));
  await cy.until('is back', () => document.getElementById('whereabouts')?.hidden && document.querySelectorAll('#grid .tile').length === 3);
  await cy.sees(ben);
}));

test(`${VISITS} visits of a breakout room and back: what is heard and seen changes at once, on one connection`, { timeout: 180_000 + VISITS * 2 * STAY_MS }, withPeople(async people => {
  const name = room();
  const host = await Stage.join(people, name, 'Host', { process: 'host' });
  const [ben, cy] = [await singer(people, name, 'Ben'), await singer(people, name, 'Cy')];
  const visitor = await Stage.join(people, name, 'Dee', { process: 'viewer', before: installEars });
  for (const other of [ben, cy]) {
    await visitor.knows(other);
    await visitor.show(other.id, 180);
  }
  await open(host, { [ROOM]: [cy.id] });
  await hears(visitor, 'Ben');
  await visitor.firstFrame(ben.id, null, 0, 10_000);
  await pause(2000);
  assert((await framesOf(visitor, ben, 0)).length > 10, 'Ben has another shape than his camera');
  const before = await connectionOf(visitor.page);
  const start = Date.now();
  /** @type {{heardMs: number, unheardMs: number, seenMs: number}[]} */
  const changes = [];
  for (let i = 0; i < VISITS; i++) {
    changes.push(await change(host, visitor, ROOM, [cy, ben]));
    changes.push(await change(host, visitor, null, [ben, cy]));
  }
  const voices = (await Promise.all([heardOf(visitor.page, 'Ben', start), heardOf(visitor.page, 'Cy', start)])).flat().toSorted((a, b) => a.at - b.at);
  const pictures = (await Promise.all([framesOf(visitor, ben, start), framesOf(visitor, cy, start)])).flat().toSorted((a, b) => a.at - b.at);
  for (const [what, key] of /** @type {const} */ ([['heard', 'heardMs'], ['the old one heard no more', 'unheardMs'], ['seen', 'seenMs']])) {
    const times = changes.map(each => each[key]);
    console.log(`${changes.length} changes, ${what} after: median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms (the move's own request and answer included)`);
  }
  console.log(`longest gap of decoded frames ${longestGap(pictures).toFixed(0)} ms, of sound ${(longestGap(voices) - FRAME_MS).toFixed(0)} ms`);
  const heard = changes.map(({ heardMs }) => heardMs);
  assert(Math.max(...heard) < SLACK * HEARD_WITHIN_MS, `what is heard changed after ${Math.max(...heard)} ms at worst`);
  assert(Math.max(...changes.map(({ seenMs }) => seenMs)) < Infinity, 'a picture never came');
  assert.deepEqual(await connectionOf(visitor.page), before, 'the connection is another, or there was an offer');
}));

const ROOM = 'one';

/** @param {People} people @param {string} name @param {'Ben' | 'Cy'} who */
async function singer(people, name, who) {
  const stage = await Stage.join(people, name, who, { process: `${who}'s`, before: installEars, query: toneOf(who) });
  await stage.publish({ ...CAMERAS[who], frameRate: 30, audio: true });
  return stage;
}

/** @param {Stage} host @param {Record<string, string[]>} rooms */
async function open(host, rooms) {
  await host.page.evaluate(rooms => /** @type {any} */ (window).stage.room.hosting.openBreakouts(Object.entries(rooms).map(([name, participants]) => ({ name, participants }))), rooms);
}

/**
 * Moves one, and says how soon he heard and saw the one who is there, and no longer heard who is not.
 * @param {Stage} host
 * @param {Stage} visitor
 * @param {string | null} where
 * @param {[there: Stage, gone: Stage]} people
 */
async function change(host, visitor, where, [there, gone]) {
  const at = await host.page.evaluate((id, where) => {
    const at = performance.timeOrigin + performance.now();
    return /** @type {any} */ (window).stage.room.hosting.moveToBreakout(id, where).then(() => at);
  }, visitor.id, where);
  await pause(at + STAY_MS - Date.now());
  const [firstSeen] = await framesOf(visitor, there, at);
  const [now, before] = [await heardOf(visitor.page, nameOf(there), at), await heardOf(visitor.page, nameOf(gone), at)];
  return { heardMs: (now[0]?.at ?? Infinity) - at, unheardMs: (before.at(-1)?.at ?? at) - at, seenMs: (firstSeen?.at ?? Infinity) - at };
}

/** The decoded frames that have somebody's shape. @param {Stage} viewer @param {Stage} other @param {number} since */
async function framesOf(viewer, other, since) {
  const shape = CAMERAS[nameOf(other)];
  return (await viewer.frames(other.id, since)).filter(({ width, height }) => Math.abs(width / height - shape.width / shape.height) < 0.1);
}

/** @param {Stage} stage */
function nameOf({ name }) {
  return /** @type {'Ben' | 'Cy'} */ (name);
}

/** @param {(Heard | Frame)[]} moments in their order */
function longestGap(moments) {
  return moments.slice(1).reduce((longest, { at }, i) => Math.max(longest, at - moments[i].at), 0);
}

/** Waits until somebody's tone comes out of a page. @param {Person | Stage} listener @param {'Ben' | 'Cy'} name @param {number} [since] */
async function hears(listener, name, since = 0) {
  const deadline = Date.now() + 20_000;
  while ((await heardOf(listener.page, name, since)).length < 20) {
    assert(Date.now() < deadline, `${listener.name} does not hear ${name}`);
    await pause(100);
  }
}

/** Presses what assistive technology finds under this name. @param {Person} person @param {string} name */
async function press(person, name) {
  await person.page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(15_000).click();
}

/** @param {string} url @param {object} body */
async function createRoom(url, body) {
  const answer = await fetch(`${url}/api/v1/rooms`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 201);
}
