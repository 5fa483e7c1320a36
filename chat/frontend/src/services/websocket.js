/**
 * The live connection: frames in as events (`on(type, handler)`), `ping` and `typing` out.
 * Reconnects for as long as it takes. Beside the server's frames it emits `open`, `close` and `status`.
 *
 * @typedef {{state: 'idle' | 'connecting' | 'connected' | 'waiting' | 'reconnecting', retryAt?: number}} Status
 */
import { backoffDelay } from '../lib/backoff.js'
import { refreshToken, refuseSession } from './api.js'
import { tokens } from './storage.js'

const PING_EVERY_MS = 15_000
const ANSWER_WITHIN_MS = 10_000
const POLICY_VIOLATION = 1008
const GIVEN_UP = 4000
const DEAD_SESSION_REASONS = ['token missing', 'token invalid', 'signed out']

export class ChatSocket {
  #handlers = new Map()
  #socket = null
  #token = null
  #wanted = false
  #renewing = false
  #renewedInVain = false
  #failures = 0
  #retryTimer = 0
  #pingTimer = 0
  #deadline = 0
  #opened = deferred()
  /** @type {Status} */
  status = { state: 'idle' }

  isConnected() {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  get isConnecting() {
    return this.#socket?.readyState === WebSocket.CONNECTING
  }

  /** @returns {() => void} takes the handler off again */
  on(type, handler) {
    if (!this.#handlers.has(type)) this.#handlers.set(type, new Set())
    this.#handlers.get(type).add(handler)
    return () => this.#handlers.get(type).delete(handler)
  }

  /** @returns {Promise<void>} fulfilled when the socket is open, however many attempts that takes */
  connect() {
    console.log('🔌 WebSocket connect() called')
    console.log('Current state:', this.#socket?.readyState ?? WebSocket.CLOSED)
    console.log('Is connecting:', this.isConnecting)
    if (!this.#wanted) {
      this.#wanted = true
      addEventListener('online', this.#onOnline)
      document.addEventListener('visibilitychange', this.#onVisible)
    }
    if (this.isConnected()) return Promise.resolve()
    if (!this.isConnecting && !this.#renewing) this.#dial()
    return this.#opened.promise
  }

  close() {
    this.#wanted = false
    this.#failures = 0
    this.#renewedInVain = false
    removeEventListener('online', this.#onOnline)
    document.removeEventListener('visibilitychange', this.#onVisible)
    clearTimeout(this.#retryTimer)
    if (this.#socket) this.#drop(1000, 'closed by the page')
    else this.#setStatus({ state: 'idle' })
  }

  /** @returns {boolean} whether it could be handed to an open socket */
  send(frame) {
    if (!this.isConnected()) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #dial() {
    clearTimeout(this.#retryTimer)
    this.#token = tokens.access()
    if (!this.#token) return refuseSession()
    const address = `${import.meta.env.VITE_WS_URL || 'ws://localhost:8000'}/ws?token=`
    console.log('🔗 Connecting to:', `${address}***`)
    this.#setStatus({ state: this.status.state === 'idle' ? 'connecting' : 'reconnecting' })
    const socket = new WebSocket(address + encodeURIComponent(this.#token))
    this.#socket = socket
    socket.onopen = () => this.#onOpen()
    socket.onmessage = ({ data }) => this.#onMessage(data)
    socket.onerror = (error) => console.error('❌ WebSocket onerror fired:', error)
    socket.onclose = ({ code, reason }) => this.#onClose(code, reason)
    this.#expectAnswer()
  }

  #onOpen() {
    console.log('✅ WebSocket onopen fired')
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS)
    this.#opened.resolve()
    this.#opened = deferred()
    this.#setStatus({ state: 'connected' })
    this.#emit('open')
  }

  #onMessage(data) {
    clearTimeout(this.#deadline)
    this.#deadline = 0
    // Only a greeting proves the server took us in: a socket may open and be refused at once.
    this.#failures = 0
    this.#renewedInVain = false
    let frame
    try {
      frame = JSON.parse(data)
    } catch {
      return
    }
    if (frame && typeof frame.type === 'string') this.#emit(frame.type, frame)
  }

  #onClose(code, reason) {
    console.log('🔌 WebSocket closed:', code, reason)
    clearInterval(this.#pingTimer)
    clearTimeout(this.#deadline)
    this.#deadline = 0
    this.#socket = null
    this.#emit('close', { code, reason })
    if (!this.#wanted) return this.#setStatus({ state: 'idle' })
    if (code === POLICY_VIOLATION && this.#token === tokens.access()) {
      if (reason === 'token expired') return this.#renew()
      if (DEAD_SESSION_REASONS.includes(reason)) return refuseSession()
    }
    this.#retryLater()
  }

  /** Gives a socket up without waiting for a peer that may never answer the closing handshake. */
  #drop(code, reason) {
    const socket = this.#socket
    socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null
    socket.close(code, reason)
    this.#onClose(code, reason)
  }

  async #renew() {
    const again = this.#renewedInVain
    this.#renewing = this.#renewedInVain = true
    this.#setStatus({ state: 'reconnecting' })
    try {
      await refreshToken(this.#token)
    } catch {
      if (this.#wanted) this.#retryLater()
      return
    } finally {
      this.#renewing = false
    }
    if (!this.#wanted) return
    if (again) this.#retryLater()
    else this.connect()
  }

  #retryLater() {
    clearTimeout(this.#retryTimer)
    const delay = backoffDelay(this.#failures++)
    this.#setStatus({ state: 'waiting', retryAt: Date.now() + delay })
    this.#retryTimer = setTimeout(() => this.connect(), delay)
  }

  #ping() {
    if (this.send({ type: 'ping' })) this.#expectAnswer()
  }

  /** Any frame is an answer. A link that went silent is closed by nobody, so the page gives it up itself. */
  #expectAnswer() {
    this.#deadline ||= setTimeout(() => this.#drop(GIVEN_UP, 'no answer'), ANSWER_WITHIN_MS)
  }

  #onOnline = () => {
    if (this.isConnected()) return this.#ping()
    this.#failures = 0
    // What was dialled while offline may hang until its deadline, and what is closing until the peer answers.
    if (this.#socket) this.#drop(GIVEN_UP, 'online again')
    if (!this.#renewing) this.connect()
  }

  #onVisible = () => {
    if (document.visibilityState !== 'visible') return
    if (this.isConnected()) this.#ping()
    else if (this.status.state === 'waiting') this.connect()
  }

  #setStatus(status) {
    this.status = status
    this.#emit('status', status)
  }

  #emit(type, detail) {
    for (const handler of [...(this.#handlers.get(type) ?? [])]) {
      try {
        handler(detail)
      } catch (error) {
        reportError(error)
      }
    }
  }
}

function deferred() {
  let resolve
  const promise = new Promise((fulfil) => (resolve = fulfil))
  return { promise, resolve }
}

export const websocket = new ChatSocket()
