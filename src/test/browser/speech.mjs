// Speech for fake microphones: sentences by espeak-ng, in turns, over the noise of a room and a keyboard.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SENTENCES = [
  'Good morning everyone, shall we begin with the list of last week?', 'Fine, but please keep it short, since we have only ten minutes.',
  'So the first thing is that the new release went out on Tuesday.', 'There were two small problems, and both of them are solved by now.',
  'Perhaps we should look at the numbers before we decide anything.', 'Could you share the table that you showed us yesterday?',
];
const HEADER_BYTES = 44;
/** A sample this loud begins or ends a sentence. */
const AUDIBLE = 0.01;
const SPEECH_PEAK = 0.5;
const NOISE = 0.002;
/** Before the first sentence a page has to have published its microphone. */
export const LEAD_MS = 2000;

/** @typedef {{file: string, turns: {fromMs: number, toMs: number}[], periodMs: number}} Recording */

export function canSpeak() {
  return spawnSync('espeak-ng', ['--version']).status === 0;
}

/**
 * A recording in which one speaks a sentence in every period, two seconds after its start. It repeats from its start.
 * @param {string} folder
 * @param {string} name
 * @param {{voice: string, turns: number, firstSentence: number, periodMs: number, seed: number}} what
 * @returns {Recording}
 */
export function record(folder, name, { voice, turns, firstSentence, periodMs, seed }) {
  mkdirSync(folder, { recursive: true });
  const spoken = Array.from({ length: turns }, (_, i) => say(folder, voice, SENTENCES[(firstSentence + i) % SENTENCES.length]));
  const { rate } = spoken[0];
  const periodSamples = Math.round(rate * periodMs / 1000);
  const samples = new Float32Array(periodSamples * turns);
  const random = generator(seed);
  for (let i = 0; i < samples.length; i++) samples[i] = NOISE * (2 * random() - 1);
  const times = spoken.map((sentence, turn) => {
    const start = turn * periodSamples + Math.round(rate * LEAD_MS / 1000);
    sentence.samples.forEach((sample, i) => { samples[start + i] += sample; });
    type(samples, start + sentence.samples.length + rate, (turn + 1) * periodSamples - rate, rate, random);
    return { fromMs: 1000 * start / rate, toMs: 1000 * (start + sentence.samples.length) / rate };
  });
  const file = join(folder, `${name}.wav`);
  writeFileSync(file, wav(samples, rate));
  return { file, turns: times, periodMs };
}

/** @param {string} folder @param {string} voice @param {string} sentence */
function say(folder, voice, sentence) {
  const file = join(folder, 'sentence.wav');
  execFileSync('espeak-ng', ['-v', voice, '-s', '185', '-w', file, sentence]);
  const bytes = readFileSync(file);
  const rate = bytes.readUInt32LE(24);
  const all = Float32Array.from({ length: (bytes.length - HEADER_BYTES) >> 1 }, (_, i) => bytes.readInt16LE(HEADER_BYTES + 2 * i) / 32768);
  const peak = all.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const from = all.findIndex(sample => Math.abs(sample) > AUDIBLE);
  const to = all.findLastIndex(sample => Math.abs(sample) > AUDIBLE);
  return { rate, samples: all.slice(from, to).map(sample => sample * SPEECH_PEAK / peak) };
}

/**
 * Keys, some five a second, each a click of 8 ms.
 * @param {Float32Array} samples
 * @param {number} from
 * @param {number} to
 * @param {number} rate
 * @param {() => number} random
 */
function type(samples, from, to, rate, random) {
  for (let key = Math.round(from); key < to; key += Math.round(rate * (0.12 + 0.16 * random()))) {
    for (let i = 0; i < rate * 0.008; i++) samples[key + i] += 0.2 * (2 * random() - 1) * Math.exp(-400 * i / rate);
  }
}

/** @param {Float32Array} samples @param {number} rate */
function wav(samples, rate) {
  const bytes = Buffer.alloc(HEADER_BYTES + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) => bytes.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, sample))), HEADER_BYTES + 2 * i));
  return bytes;
}

/** Numbers from 0 to 1, the same for the same seed. @param {number} seed */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
