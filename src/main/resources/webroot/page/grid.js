/** Narrower tiles are no use to look at; then the grid scrolls. */
const LEAST_WIDTH = 150;

/**
 * The largest tiles of one shape that fit `count` times into an area.
 * @param {number} count
 * @param {{width: number, height: number}} area
 * @param {number} gap
 * @returns {{columns: number, width: number, height: number}}
 */
export function bestGrid(count, area, gap) {
  const aspect = area.width < area.height ? 4 / 3 : 16 / 9;
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.floor(Math.min((area.width - gap * (columns - 1)) / columns, ((area.height - gap * (rows - 1)) / rows) * aspect));
    if (width > best.width) best = { columns, width, height: Math.floor(width / aspect) };
  }
  if (best.width >= Math.min(LEAST_WIDTH, area.width)) return best;
  const columns = Math.max(1, Math.floor((area.width + gap) / (LEAST_WIDTH + gap)));
  const width = Math.floor((area.width - gap * (columns - 1)) / columns);
  return { columns, width, height: Math.floor(width / aspect) };
}
