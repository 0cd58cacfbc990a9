/**
 * The server's base URL from what an application gave: http(s), ws(s), or a path on the page's origin.
 * @param {string} url
 * @param {string} [base]
 */
export function baseUrl(url, base = globalThis.location?.href) {
  const parsed = new URL(url, base);
  parsed.search = '';
  parsed.hash = '';
  parsed.pathname = parsed.pathname.replace(/\/+$/, '');
  return parsed;
}

/**
 * @param {string} url
 * @param {string} room
 */
export function socketUrl(url, room) {
  const parsed = baseUrl(url);
  parsed.protocol = parsed.protocol.replace(/^http/, 'ws');
  parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/ws/${encodeURIComponent(room)}`;
  return parsed.href;
}

/**
 * @param {string} url
 * @param {string} path below `/api/v1`
 */
export function apiUrl(url, path) {
  const parsed = baseUrl(url);
  parsed.protocol = parsed.protocol.replace(/^ws/, 'http');
  parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/api/v1${path}`;
  return parsed.href;
}
