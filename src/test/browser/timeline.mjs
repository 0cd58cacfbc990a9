// What a viewer gets over time: a row for each sample, as a table and as a drawing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { plot } from './plot.mjs';
import { Stage } from './stage.mjs';

/** @import { Sample } from './stage.mjs' */
/** @typedef {{seconds: number, kbps: number, videoKbps: number, audioKbps: number, height: number, fps: number, lost: number, nacks: number, plis: number, freezes: number, bufferMs: number, estimateKbps: number | null, layer: string}} Row */

export const SAMPLE_MS = 250;
/** Rates are those of the last second, or pictures of one large frame would look like peaks. */
const RATE_SAMPLES = 1000 / SAMPLE_MS;

/** @param {Sample[]} samples @param {Stage} publisher */
export function rowOf(samples, publisher) {
  const last = samples[samples.length - 1];
  const first = samples[Math.max(0, samples.length - 1 - RATE_SAMPLES)];
  const [video, audio, videoBefore, audioBefore] = [last, first].flatMap(sample => [Stage.of(sample, publisher.id), Stage.of(sample, publisher.id, 'microphone')]);
  if (!video || !videoBefore || last === first) return null;
  const kbps = (/** @type {any} */ from, /** @type {any} */ to) => from && to ? 8 * (to.bytesReceived + to.headerBytesReceived - from.bytesReceived - from.headerBytesReceived) / (last.at - first.at) : 0;
  const emitted = video.jitterBufferEmittedCount - videoBefore.jitterBufferEmittedCount;
  return {
    videoKbps: kbps(videoBefore, video), audioKbps: kbps(audioBefore, audio), height: video.frameHeight,
    fps: 1000 * (video.framesDecoded - videoBefore.framesDecoded) / (last.at - first.at), lost: video.packetsLost + (audio?.packetsLost ?? 0), nacks: video.nackCount, plis: video.pliCount, freezes: video.freezeCount,
    bufferMs: emitted > 0 ? 1000 * (video.jitterBufferDelay - videoBefore.jitterBufferDelay) / emitted : 0,
  };
}

/** What the server thinks that the link carries, if it tells. @param {string} url @param {string} id */
export async function estimate(url, id) {
  const answer = await fetch(url);
  if (!answer.ok) return null;
  const { participants } = await answer.json();
  const bps = participants.find((/** @type {any} */ each) => each.participantId === id)?.estimate;
  return typeof bps === 'number' ? bps / 1000 : null;
}

/** The longest time in which neither a frame was decoded nor a packet of sound came, as far as the samples tell. @param {Sample[]} samples @param {Stage} publisher */
export function longestSilence(samples, publisher) {
  const count = (/** @type {Sample} */ sample) => (Stage.of(sample, publisher.id)?.framesDecoded ?? 0) + (Stage.of(sample, publisher.id, 'microphone')?.packetsReceived ?? 0);
  let [since, longest] = [samples[0].at, 0];
  samples.forEach((sample, i) => {
    longest = Math.max(longest, sample.at - since);
    if (i > 0 && count(sample) !== count(samples[i - 1])) since = sample.at;
  });
  return Math.round(longest);
}

/** @param {Sample[]} samples @param {Stage} publisher */
export function sound(samples, publisher) {
  const [from, to] = [samples[0], samples[samples.length - 1]].map(sample => Stage.of(sample, publisher.id, 'microphone'));
  if (!from || !to) return 'no sound at all';
  const share = (to.concealedSamples - from.concealedSamples) / (to.totalSamplesReceived - from.totalSamplesReceived);
  return `sound: ${to.packetsReceived - from.packetsReceived} packets, ${to.packetsLost - from.packetsLost} lost, ${(100 * share).toFixed(1)} % concealed`;
}

/** @param {Row[]} rows */
export function print(rows) {
  console.log('   time    link   video  audio  estimate  height   fps  buffer  lost  NACKs   PLIs freezes  layer');
  for (const row of rows.filter((_, i) => i % (1000 / SAMPLE_MS) === 0)) {
    const cells = [row.seconds.toFixed(1).padStart(5), row.kbps, row.videoKbps.toFixed(0), row.audioKbps.toFixed(0).padStart(6), (row.estimateKbps?.toFixed(0) ?? '-').padStart(9), row.height, row.fps.toFixed(0).padStart(5), row.bufferMs.toFixed(0), row.lost.toFixed(0).padStart(5), row.nacks, row.plis, row.freezes, row.layer];
    console.log(cells.map(cell => String(cell).padStart(7)).join(''));
  }
}

/**
 * @param {string} file
 * @param {string} title
 * @param {number} mostLines
 * @param {Row[]} rows
 */
export function draw(file, title, mostLines, rows) {
  const line = (/** @type {keyof Row} */ key) => rows.filter(row => row[key] !== null).map(row => ({ x: row.seconds, y: Number(row[key]) }));
  const rates = [
    { name: 'link', colour: '#888', step: true, points: line('kbps') }, { name: 'video received', colour: '#06c', points: line('videoKbps') },
    { name: 'audio received', colour: '#0a0', points: line('audioKbps') }, { name: 'estimate', colour: '#c60', points: line('estimateKbps') },
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, plot(title, rows[rows.length - 1].seconds, [
    { label: 'kbps', most: 3000, lines: rates.filter(({ points }) => points.length > 0) },
    { label: 'lines of the decoded picture', most: mostLines, lines: [{ name: 'height', colour: '#06c', step: true, points: line('height') }] },
  ]));
  console.log(`drawn in ${file}`);
}
