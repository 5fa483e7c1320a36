/** Repeats a call until the server answers: network trouble is waited out, a refusal is thrown. */
import { backoffDelay } from '../lib/backoff.js'
import { isTransient, SessionEnded, sessionSignal } from './api.js'
import { websocket } from './websocket.js'

/**
 * @template T
 * @param {() => Promise<T>} call safe to repeat
 * @param {(error: Error) => void} [onTrouble] told of each failure that will be tried again
 * @returns {Promise<T>}
 * @throws {ApiError} the server refused · {SessionEnded} nobody is signed in any more
 */
export async function persistently(call, onTrouble = () => {}) {
  const signal = sessionSignal()
  for (let attempt = 0; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!isTransient(error)) throw error
      onTrouble(error)
      await pause(backoffDelay(attempt), signal)
    }
  }
}

/** Lets work go on unattended: the end of the session is its normal end, anything else is reported. */
export function inBackground(promise) {
  promise.catch((error) => {
    if (!(error instanceof SessionEnded)) reportError(error)
  })
}

/** Ends early when the socket opens or the browser is online again: then the server is worth asking. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      unsubscribe()
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      signal.aborted ? reject(new SessionEnded()) : resolve()
    }
    const timer = setTimeout(done, ms)
    const unsubscribe = websocket.on('open', done)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
