/** What the SDK rejects with. `code` is the server's word, or one of the SDK's own. */
export class WeirError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'WeirError';
    this.code = code;
  }
}

/** @param {unknown} error */
export function isConnectionLost(error) {
  return error instanceof WeirError && error.code === 'connectionLost';
}
