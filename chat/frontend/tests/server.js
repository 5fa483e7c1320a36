/** Stand-ins for the server: REST by scripted answers, sockets opened, fed and closed by the test. */
import { vi } from 'vitest'

/** An answer that never comes until the test settles it. */
export function held() {
  let settle
  const promise = new Promise((resolve) => (settle = resolve))
  return { promise, answer: (status, body) => settle({ status, body }), lose: () => settle({ lost: true }) }
}

export const lost = { lost: true }
export const refused = (status, detail) => ({ status, body: { detail } })

/**
 * Replaces `fetch`. `routes` maps `METHOD /path` to a body, an answer `{status, body}`, or a function of
 * `{body, query, token}` that gives either, or a promise of one.
 */
export function serve(routes) {
  const calls = []
  vi.stubGlobal('fetch', async (url, { method, body, headers, signal, keepalive }) => {
    const { pathname, searchParams } = new URL(url)
    const route = `${method} ${pathname.replace(/^\/api/, '')}`
    const request = {
      route,
      body: body && JSON.parse(body),
      query: Object.fromEntries(searchParams),
      token: headers.Authorization?.slice(7),
      keepalive,
    }
    calls.push(request)
    const aborted = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    let answer = routes[route]
    if (answer === undefined) throw new Error(`no answer scripted for ${route}`)
    if (typeof answer === 'function') answer = answer(request)
    answer = await Promise.race([answer, aborted])
    if (answer?.lost) throw new TypeError('Failed to fetch')
    const { status = 200, body: content = answer } = answer?.status ? answer : {}
    return new Response(status === 204 ? null : JSON.stringify(content), { status })
  })
  return { calls, of: (route) => calls.filter((call) => call.route === route) }
}

/** Replaces `WebSocket`. The newest one made is `sockets.at(-1)`. */
export function serveSockets() {
  const sockets = []
  class FakeSocket {
    static CONNECTING = 0
    static OPEN = 1
    static CLOSING = 2
    static CLOSED = 3
    readyState = 0
    sent = []
    constructor(url) {
      this.url = url
      sockets.push(this)
    }
    send(text) {
      this.sent.push(JSON.parse(text))
    }
    close() {
      this.readyState = FakeSocket.CLOSING
    }
    /* what the test does */
    open() {
      this.readyState = FakeSocket.OPEN
      this.onopen?.()
    }
    frame(frame) {
      this.onmessage?.({ data: JSON.stringify(frame) })
    }
    end(code = 1006, reason = '') {
      this.readyState = FakeSocket.CLOSED
      this.onclose?.({ code, reason })
    }
  }
  vi.stubGlobal('WebSocket', FakeSocket)
  return sockets
}
