// The largest offer that a browser is likely to make: fifty slots, and nobody trimmed it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SMALL, fixture } from './harness.mjs';

const { room, test: withPeople, server } = fixture();

test('an untrimmed offer with 3 audio and 50 video slots is answered, and a slot shows a picture', { timeout: 180_000 }, withPeople(async people => {
  const name = room();
  const ada = await people.join(name, 'Ada', { query: SMALL });
  const wide = await people.join(room(), 'Wide', { query: 'video=0&audio=0' }); // Only for its page, on the server's own origin.
  const result = await wide.page.evaluate(joinWithFiftySlots, `${(await server()).url.replace(/^http/, 'ws')}/ws/${name}`, ada.id);
  console.log(`offer of ${result.offerBytes} bytes, answer of ${result.answerBytes}, answered in ${result.answerMs.toFixed(0)} ms`);
  assert(result.offerBytes > 150_000, 'the offer is smaller than it should be');
  assert.equal(result.slots, 53);
  assert(result.framesDecoded > 0, `no picture came: ${JSON.stringify(result)}`);
}));

/**
 * Runs in the page, without the SDK, which would trim.
 * @param {string} url
 * @param {string} publisher
 */
async function joinWithFiftySlots(url, publisher) {
  const socket = new WebSocket(url, ['weir']);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: () => reject(new Error('no socket')) }));
  let lastId = 0;
  /** @type {Map<string, (answer: any) => void>} */
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    waiting.get(message.id)?.(message);
  };
  const request = (/** @type {object} */ message) => new Promise((resolve, reject) => {
    const id = String(++lastId);
    waiting.set(id, answer => answer.type === 'ok' ? resolve(answer) : reject(new Error(JSON.stringify(answer))));
    socket.send(JSON.stringify({ ...message, id }));
  });

  const joined = await /** @type {Promise<any>} */ (request({ type: 'join', name: 'Wide', protocol: 1, capabilities: { codecs: ['VP8'], slots: { audio: 3, video: 50 } } }));
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  for (let i = 0; i < 53; i++) pc.addTransceiver(i < 3 ? 'audio' : 'video', { direction: 'recvonly' });
  await pc.setLocalDescription();
  const sdp = pc.localDescription?.sdp ?? '';
  const askedAt = performance.now();
  const answer = await /** @type {Promise<any>} */ (request({ type: 'offer', sdp, tracks: [] }));
  const answerMs = performance.now() - askedAt;
  await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  const camera = joined.snapshot.tracks.find((/** @type {any} */ track) => track.participantId === publisher && track.source === 'camera');
  await request({ type: 'view', tiles: [{ trackId: camera.trackId, width: 640, height: 360 }], audioOnly: false, mutedAudio: [] });

  let framesDecoded = 0;
  for (const deadline = performance.now() + 20_000; framesDecoded === 0 && performance.now() < deadline;) {
    await new Promise(resolve => setTimeout(resolve, 100));
    for (const entry of (await pc.getStats()).values()) if (entry.type === 'inbound-rtp' && entry.kind === 'video') framesDecoded += entry.framesDecoded ?? 0;
  }
  const slots = pc.getTransceivers().filter(({ currentDirection }) => currentDirection === 'recvonly').length;
  const state = pc.connectionState;
  await request({ type: 'leave' });
  pc.close();
  return { offerBytes: sdp.length, answerBytes: answer.sdp.length, answerMs, framesDecoded, slots, state };
}
