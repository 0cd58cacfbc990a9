/** What the SDK rejects with. `code` is the server's word, or one of the SDK's own; `retryAfterMs` where the server said when to ask again. */
export class WeirError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number} [retryAfterMs]
   */
  constructor(code, message, retryAfterMs) {
    super(message);
    this.name = 'WeirError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** @param {unknown} error */
export function isConnectionLost(error) {
  return error instanceof WeirError && error.code === 'connectionLost';
}
