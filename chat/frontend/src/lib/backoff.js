/** When to try again: attempt number in, milliseconds out. */

const START_MS = 500
const CAP_MS = 15_000

/**
 * Exponential backoff with jitter, so that a restarted server is not met by everybody at one instant.
 * @param {number} attempt 0 for the first retry
 * @returns {number} milliseconds between half the ceiling and the ceiling
 */
export function backoffDelay(attempt) {
  const ceiling = Math.min(CAP_MS, START_MS * 2 ** Math.min(attempt, 16))
  return ceiling / 2 + (Math.random() * ceiling) / 2
}
