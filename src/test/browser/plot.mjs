// Lines over time as an SVG file, to be looked at in a browser.

/** @typedef {{name: string, colour: string, step?: boolean, points: {x: number, y: number}[]}} Line */
/** @typedef {{label: string, most: number, lines: Line[]}} Panel */

const WIDTH = 900;
const PANEL_HEIGHT = 200;
const LEFT = 70;
const RIGHT = 20;
const TOP = 30;
const GAP = 50;
const TICKS = 4;

/**
 * Panels one above the other over the same time.
 * @param {string} title
 * @param {number} seconds
 * @param {Panel[]} panels
 */
export function plot(title, seconds, panels) {
  const height = TOP + panels.length * (PANEL_HEIGHT + GAP);
  const x = (/** @type {number} */ value) => LEFT + value / seconds * (WIDTH - LEFT - RIGHT);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`, text(LEFT, 18, title, 'start'),
    ...panels.map((panel, i) => drawPanel(panel, TOP + i * (PANEL_HEIGHT + GAP), seconds, x)),
    '</svg>', '',
  ].join('\n');
}

/**
 * @param {Panel} panel
 * @param {number} top
 * @param {number} seconds
 * @param {(value: number) => number} x
 */
function drawPanel({ label, most, lines }, top, seconds, x) {
  const bottom = top + PANEL_HEIGHT;
  const y = (/** @type {number} */ value) => bottom - Math.min(1, Math.max(0, value / most)) * PANEL_HEIGHT;
  const parts = [`<rect x="${x(0)}" y="${top}" width="${x(seconds) - x(0)}" height="${PANEL_HEIGHT}" fill="none" stroke="#888"/>`, text(LEFT, top - 6, label, 'start')];
  for (let i = 0; i <= TICKS; i++) parts.push(text(LEFT - 6, y(most * i / TICKS) + 4, String(Math.round(most * i / TICKS)), 'end'));
  for (let at = 0; at <= seconds; at += 5) parts.push(`<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}" stroke="#eee"/>`, text(x(at), bottom + 16, `${at} s`, 'middle'));
  lines.forEach(({ name, colour, step, points }, i) => {
    parts.push(`<path fill="none" stroke="${colour}" stroke-width="1.5" d="${path(points.map(point => ({ x: x(point.x), y: y(point.y) })), step ?? false)}"/>`);
    parts.push(`<g fill="${colour}">${text(WIDTH - RIGHT - 140 * (lines.length - i), top - 6, name, 'start')}</g>`);
  });
  return parts.join('\n');
}

/** @param {{x: number, y: number}[]} points @param {boolean} step */
function path(points, step) {
  return points.map((point, i) => {
    const at = `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
    return i === 0 ? `M${at}` : `${step ? `H${point.x.toFixed(1)} ` : ''}L${at}`;
  }).join(' ');
}

/** @param {number} x @param {number} y @param {string} words @param {'start' | 'middle' | 'end'} anchor */
function text(x, y, words, anchor) {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}
