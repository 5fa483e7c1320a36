import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { whenSessionRefused } from '../src/services/api.js'
import { ChatSocket } from '../src/services/websocket.js'
import { storeSignedIn } from './people.js'
import { held, lost, refused, serve, serveSockets } from './server.js'

let link
let sockets
let signedOut

beforeEach(() => {
  storeSignedIn()
  sockets = serveSockets()
  signedOut = vi.fn(() => link.close())
  whenSessionRefused(signedOut)
  link = new ChatSocket()
})
afterEach(() => link.close())

const later = (ms) => vi.advanceTimersByTimeAsync(ms)
const lines = () => console.log.mock.calls
const hello = { type: 'connected', user_id: 1, online: [] }

async function connected() {
  const opened = link.connect()
  sockets[0].open()
  sockets[0].frame(hello)
  await opened
}

describe('connecting', () => {
  test('tells each step in the console, the token masked', async () => {
    await connected()
    sockets[0].end(1012, 'restart')
    expect(lines()).toEqual([
      ['🔌 WebSocket connect() called'],
      ['Current state:', 3],
      ['Is connecting:', false],
      ['🔗 Connecting to:', 'ws://localhost:8000/ws?token=***'],
      ['✅ WebSocket onopen fired'],
      ['🔌 WebSocket closed:', 1012, 'restart'],
    ])
  })

  test('dials the address of VITE_WS_URL with the stored access token', () => {
    vi.stubEnv('VITE_WS_URL', 'ws://chat.example:9')
    link.connect()
    vi.unstubAllEnvs()
    expect(sockets[0].url).toBe('ws://chat.example:9/ws?token=access-1')
  })

  test('a second connect() while connecting or connected dials no second time', async () => {
    link.connect()
    link.connect()
    sockets[0].open()
    await link.connect()
    expect(sockets).toHaveLength(1)
  })

  test('isConnected() is true only while the socket is open', async () => {
    link.connect()
    expect(link.isConnected()).toBe(false)
    sockets[0].open()
    expect(link.isConnected()).toBe(true)
    sockets[0].end()
    expect(link.isConnected()).toBe(false)
  })

  test('an error is told by console.error', () => {
    link.connect()
    console.error.mockImplementation(() => {})
    const error = new Event('error')
    sockets[0].onerror(error)
    expect(console.error.mock.calls).toEqual([['❌ WebSocket onerror fired:', error]])
    console.error.mockClear()
  })

  test('without a token nothing is dialled: the sign-in page', () => {
    localStorage.removeItem('access_token')
    link.connect()
    expect(sockets).toHaveLength(0)
    expect(signedOut).toHaveBeenCalledTimes(1)
  })
})

describe('frames', () => {
  test('go to the handlers of their type until those are taken off', async () => {
    await connected()
    const heard = vi.fn()
    const off = link.on('typing', heard)
    sockets[0].frame({ type: 'typing', chat_id: 1 })
    off()
    sockets[0].frame({ type: 'typing', chat_id: 2 })
    expect(heard.mock.calls).toEqual([[{ type: 'typing', chat_id: 1 }]])
  })

  test('a handler that throws keeps no other from hearing', async () => {
    await connected()
    console.error.mockImplementation(() => {})
    const heard = vi.fn()
    link.on('typing', () => {
      throw new Error('broken')
    })
    link.on('typing', heard)
    sockets[0].frame({ type: 'typing' })
    expect(heard).toHaveBeenCalledTimes(1)
    console.error.mockClear()
  })

  test('what is no JSON is ignored', async () => {
    await connected()
    sockets[0].onmessage({ data: '{' })
    expect(link.isConnected()).toBe(true)
  })
})

describe('reconnecting', () => {
  test('waits longer each time, with jitter, up to 15 seconds, for as long as it takes', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    link.connect()
    const waits = []
    for (let attempt = 0; attempt < 40; attempt++) {
      sockets.at(-1).end()
      waits.push(link.status.retryAt - Date.now())
      await later(waits.at(-1))
    }
    expect(waits.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000])
    expect(waits.at(-1)).toBe(15000)
    expect(sockets).toHaveLength(41)
    Math.random.mockReturnValue(0)
    sockets.at(-1).end()
    expect(link.status.retryAt - Date.now()).toBe(7500)
  })

  test('starts again with short waits after the server took us in', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    link.connect()
    for (let attempt = 0; attempt < 5; attempt++) {
      sockets.at(-1).end()
      await later(15_000)
    }
    sockets.at(-1).open()
    sockets.at(-1).frame(hello)
    sockets.at(-1).end()
    expect(link.status.retryAt - Date.now()).toBe(500)
  })

  test('a socket that opens and is refused at once is not retried ever faster', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    link.connect()
    for (const expected of [500, 1000, 2000]) {
      sockets.at(-1).open()
      sockets.at(-1).end(1008, 'origin not allowed')
      expect(link.status.retryAt - Date.now()).toBe(expected)
      await later(expected)
    }
  })

  test.each([
    ['the browser is online again', () => window.dispatchEvent(new Event('online'))],
    ['the page becomes visible', () => document.dispatchEvent(new Event('visibilitychange'))],
  ])('at once when %s', async (_, happen) => {
    await connected()
    sockets[0].end()
    happen()
    expect(sockets).toHaveLength(2)
    await later(30_000)
    expect(sockets.filter((socket) => socket.readyState === 0).length).toBeLessThanOrEqual(1)
  })

  test('a socket that is closing is given up when the browser is online again, and its end costs the next one nothing', async () => {
    await connected()
    sockets[0].readyState = 2
    window.dispatchEvent(new Event('online'))
    sockets[1].open()
    sockets[1].frame(hello)
    sockets[0].end()
    await later(20_000)
    expect(sockets).toHaveLength(2)
    expect(link.isConnected()).toBe(true)
  })

  test('an attempt that hangs is given up when the browser is online again', async () => {
    await connected()
    sockets[0].end()
    await later(500)
    window.dispatchEvent(new Event('online'))
    expect(sockets).toHaveLength(3)
    expect(sockets[1].readyState).toBe(2)
  })

  test.each([
    ['failed', () => sockets[0].end()],
    ['was given up', () => window.dispatchEvent(new Event('online'))],
  ])('connect() is fulfilled by the attempt that succeeds when the first one %s', async (_, happen) => {
    const opened = vi.fn()
    link.connect().then(opened)
    happen()
    await later(500)
    expect(opened).not.toHaveBeenCalled()
    sockets[1].open()
    await later(0)
    expect(opened).toHaveBeenCalledOnce()
  })

  test('close() is final', async () => {
    await connected()
    link.close()
    window.dispatchEvent(new Event('online'))
    await later(60_000)
    expect(sockets).toHaveLength(1)
    expect(link.status.state).toBe('idle')
  })
})

describe('a silent link', () => {
  test('is asked every 15 seconds', async () => {
    await connected()
    await later(15_000)
    expect(sockets[0].sent).toEqual([{ type: 'ping' }])
    sockets[0].frame({ type: 'pong' })
    await later(15_000)
    expect(sockets[0].sent).toHaveLength(2)
  })

  test('is given up 10 seconds after an unanswered ping, and dialled anew', async () => {
    await connected()
    await later(15_000 + 9_999)
    expect(link.isConnected()).toBe(true)
    await later(1)
    expect(link.isConnected()).toBe(false)
    await later(500)
    expect(sockets).toHaveLength(2)
  })

  test('any frame counts as an answer', async () => {
    await connected()
    await later(20_000)
    sockets[0].frame({ type: 'presence', user_id: 2, online: true })
    await later(9_000)
    expect(link.isConnected()).toBe(true)
  })

  test('a socket that never opens is given up too', async () => {
    link.connect()
    await later(10_500)
    expect(sockets).toHaveLength(2)
  })

  test('a socket given up is not heard any more', async () => {
    await connected()
    const heard = vi.fn()
    link.on('typing', heard)
    await later(25_000)
    sockets[0].frame({ type: 'typing' })
    expect(heard).not.toHaveBeenCalled()
  })
})

describe('refused by the server', () => {
  test('an expired token is refreshed once, then dialled again at once', async () => {
    const server = serve({ 'POST /auth/refresh': { access_token: 'access-2' } })
    await connected()
    sockets[0].end(1008, 'token expired')
    await later(0)
    expect(server.calls).toHaveLength(1)
    expect(sockets[1].url).toContain('token=access-2')
    expect(signedOut).not.toHaveBeenCalled()
  })

  test('a dead refresh token leads to the sign-in page once, with no loop', async () => {
    const server = serve({ 'POST /auth/refresh': () => refused(401, 'Session is over') })
    await connected()
    sockets[0].end(1008, 'token expired')
    await later(60_000)
    expect(server.calls).toHaveLength(1)
    expect(sockets).toHaveLength(1)
    expect(signedOut).toHaveBeenCalledTimes(1)
  })

  test('a refresh that is lost is no sign-out', async () => {
    serve({ 'POST /auth/refresh': () => lost })
    await connected()
    sockets[0].end(1008, 'token expired')
    await later(500)
    expect(signedOut).not.toHaveBeenCalled()
    expect(sockets).toHaveLength(2)
  })

  test('a fresh token that is expired at once makes no loop', async () => {
    let number = 2
    const server = serve({ 'POST /auth/refresh': () => ({ access_token: `access-${number++}` }) })
    link.connect()
    for (let attempt = 0; attempt < 3; attempt++) {
      sockets.at(-1).open()
      sockets.at(-1).end(1008, 'token expired')
      await later(0)
    }
    expect(server.calls.length).toBeLessThanOrEqual(3)
    expect(sockets).toHaveLength(2)
    expect(link.status.state).toBe('waiting')
  })

  test('becoming visible during a refresh dials no second socket with the old token', async () => {
    const renewal = held()
    serve({ 'POST /auth/refresh': () => renewal.promise })
    await connected()
    sockets[0].end(1008, 'token expired')
    window.dispatchEvent(new Event('online'))
    document.dispatchEvent(new Event('visibilitychange'))
    renewal.answer(200, { access_token: 'access-2' })
    await later(0)
    expect(sockets.map(({ url }) => url.split('=')[1])).toEqual(['access-1', 'access-2'])
  })

  test.each(['token invalid', 'signed out', 'token missing'])('%s leads to the sign-in page once', async (reason) => {
    await connected()
    sockets[0].end(1008, reason)
    await later(60_000)
    expect(signedOut).toHaveBeenCalledTimes(1)
    expect(sockets).toHaveLength(1)
  })

  test.each([
    [1006, ''],
    [1012, 'restart'],
    [1013, 'too slow'],
    [1008, 'origin not allowed'],
  ])('%i %s is no sign-out but tried again', async (code, reason) => {
    await connected()
    sockets[0].end(code, reason)
    await later(500)
    expect(signedOut).not.toHaveBeenCalled()
    expect(sockets).toHaveLength(2)
  })
})
