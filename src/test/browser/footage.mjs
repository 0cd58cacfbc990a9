// Footage for fake cameras, so busy that an encoder uses all the bits it may.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const FRAMES = 30;
const GRAIN = 12;

/**
 * A second of a panning pattern with fresh grain in each frame, as Y4M; it repeats from its start.
 * @param {string} file made if it is not there
 * @param {number} width
 * @param {number} height
 */
export function film(file, width, height) {
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const out = openSync(unfinished, 'w');
  writeSync(out, `YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  const luma = width * height;
  const frame = Buffer.alloc(luma * 3 / 2, 128);
  let noise = 1;
  for (let t = 0; t < FRAMES; t++) {
    const shift = Math.round(t * width / FRAMES / 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
        const squares = (((x + shift) >> 5) + (y >> 5)) & 1 ? 40 : 0;
        frame[y * width + x] = 70 + squares + 60 * (((x + shift) % (width / 4)) / (width / 4)) + ((noise >>> 24) * GRAIN >> 8);
      }
    }
    writeSync(out, 'FRAME\n');
    writeSync(out, frame);
  }
  closeSync(out);
  renameSync(unfinished, file);
  return file;
}
