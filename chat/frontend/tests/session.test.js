import { describe, expect, test } from 'vitest'
import { api } from '../src/services/api.js'
import { websocket } from '../src/services/websocket.js'
import {
  after,
  ann,
  bob,
  chat,
  flushPromises,
  message,
  newMessage,
  openPage,
  send,
  signOut,
  textsOf,
} from './people.js'
import { held, lost, refused } from './server.js'

const session = (user, number) => ({
  access_token: `access-${number}`,
  refresh_token: `refresh-${number}`,
  token_type: 'bearer',
  user,
})

async function signIn(page, username) {
  const [name, password] = page.findAll('input')
  await name.setValue(username)
  await password.setValue('secret')
  await page.find('form').trigger('submit')
  await flushPromises()
}

function storageEvent(key, newValue) {
  window.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }))
}

const path = (router) => router.currentRoute.value.path

describe('signing in', () => {
  test('stores the session and shows the chats, the console lines in order', async () => {
    const { page, router, sockets } = await openPage({
      signedIn: false,
      routes: { 'POST /auth/login': session(ann, 1) },
    })
    expect(path(router)).toBe('/login')
    await signIn(page, 'ann')
    sockets[0].open()
    await flushPromises()
    expect(path(router)).toBe('/')
    expect(localStorage.access_token).toBe('access-1')
    expect(localStorage.refresh_token).toBe('refresh-1')
    expect(JSON.parse(localStorage.user)).toEqual(ann)
    expect(console.log.mock.calls.map(([line]) => line)).toEqual([
      '🔌 Connecting to WebSocket from ChatsView...',
      '🔌 WebSocket connect() called',
      'Current state:',
      'Is connecting:',
      '🔗 Connecting to:',
      '✅ WebSocket onopen fired',
      '✅ WebSocket connected in ChatsView',
      '📡 Subscribing to WebSocket events in ChatsView',
    ])
  })

  test('the connection is "connected" only once the page has subscribed', async () => {
    const { page, sockets } = await openPage({ open: false })
    const text = () => page.find('[data-testid="connection"]').text()
    expect(text()).toBe('connecting')
    sockets[0].open()
    await flushPromises()
    expect(text()).toBe('connected')
    sockets[0].end()
    await flushPromises()
    expect(text()).toMatch(/^reconnecting in \d+ s$/)
    await after(500)
    expect(text()).toBe('reconnecting')
  })

  test('a refusal is told in an alert', async () => {
    const { page } = await openPage({
      signedIn: false,
      routes: { 'POST /auth/login': () => refused(401, 'Wrong username or password') },
    })
    await signIn(page, 'ann')
    expect(page.find('[role="alert"]').text()).toBe('Wrong username or password')
  })

  test('leads to the address that was asked for', async () => {
    const { page, router } = await openPage({
      path: '/chats/10',
      signedIn: false,
      routes: { 'POST /auth/login': session(ann, 1) },
    })
    await signIn(page, 'ann')
    expect(path(router)).toBe('/chats/10')
  })

  test('whoever stored only tokens is asked for by name', async () => {
    localStorage.setItem('access_token', 'access-1')
    const { server } = await openPage({ signedIn: false, routes: { 'GET /users/me': ann } })
    expect(server.of('GET /users/me')).toHaveLength(1)
    expect(JSON.parse(localStorage.user)).toEqual(ann)
  })
})

describe('an access token that ran out', () => {
  const expiring = (answer) => (request) => (request.token === 'access-1' ? refused(401, 'Token expired') : answer)

  test('is refreshed once for all calls, each of which is repeated once', async () => {
    const { page, server } = await openPage({
      path: '/chats/10',
      routes: {
        'GET /chats': expiring({ chats: [chat(10, { last: message(20, 10) })], cursor: 100 }),
        'GET /chats/10/messages': expiring({ messages: [message(20, 10)], has_more: false }),
        'POST /auth/refresh': { access_token: 'access-2' },
      },
    })
    expect(textsOf(page)).toEqual(['message 20'])
    expect(server.of('POST /auth/refresh')).toHaveLength(1)
    expect(server.of('GET /chats')).toHaveLength(2)
    expect(localStorage.access_token).toBe('access-2')
  })

  test.each(['Signed out', 'Token invalid', 'Token expired'])(
    'leads to the sign-in page once, without a loop, when the refresh is refused: %s',
    async (detail) => {
      const { router, server } = await openPage({
        open: false,
        routes: {
          'GET /chats': () => refused(401, 'Token expired'),
          'POST /auth/refresh': () => refused(401, detail),
        },
      })
      expect(path(router)).toBe('/login')
      const before = server.calls.length
      await after(60_000)
      expect(server.calls).toHaveLength(before)
      expect(server.of('POST /auth/refresh')).toHaveLength(1)
      expect(localStorage.access_token).toBeUndefined()
    },
  )

  test('is taken from another tab that refreshed first', async () => {
    const { server, script } = await openPage()
    script['GET /users'] = (request) => {
      if (request.token === 'access-2') return []
      localStorage.setItem('access_token', 'access-2')
      return refused(401, 'Token expired')
    }
    await api.findUsers('b')
    expect(server.of('POST /auth/refresh')).toEqual([])
  })

  test('is no reason to sign out when the refresh is lost', async () => {
    const { router } = await openPage({
      open: false,
      routes: { 'GET /chats': () => refused(401, 'Token expired'), 'POST /auth/refresh': () => lost },
    })
    expect(path(router)).toBe('/')
    expect(localStorage.refresh_token).toBe('refresh-1')
  })
})

describe('signing out', () => {
  test('closes the socket, ends the session at the server and forgets all that was stored', async () => {
    const { page, router, server, sockets } = await openPage({
      path: '/chats/10',
      routes: { 'POST /chats/10/messages': () => lost },
    })
    await send(page, 'unsent')
    await signOut(page)
    expect(sockets[0].readyState).toBe(2)
    expect(websocket.isConnected()).toBe(false)
    expect(server.of('POST /auth/logout').map(({ token }) => token)).toEqual(['access-1'])
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
    expect(path(router)).toBe('/login')
    expect(document.title).toBe('Chat')
  })

  test('ends the session at the server also with an access token that ran out', async () => {
    const { page, server } = await openPage({
      routes: {
        'POST /auth/logout': ({ token }) => (token === 'access-1' ? refused(401, 'Token expired') : { status: 204 }),
        'POST /auth/refresh': { access_token: 'access-2' },
      },
    })
    await signOut(page)
    expect(server.of('POST /auth/logout').map(({ token }) => token)).toEqual(['access-1', 'access-2'])
    expect(localStorage.access_token).toBeUndefined()
  })

  test('nothing of the last user is shown to the next, not even by an answer that comes late', async () => {
    const late = held()
    const { page, router, sockets, script } = await openPage({ path: '/chats/10' })
    script['GET /chats/11/messages'] = () => late.promise
    await router.push('/chats/11')
    sockets[0].frame(newMessage(101, 10, 1, bob, 'secret'))
    await signOut(page)
    expect(page.text()).not.toContain('secret')
    script['POST /auth/login'] = session(bob, 2)
    script['GET /chats'] = { chats: [], cursor: 200 }
    await signIn(page, 'bob')
    late.answer(200, { messages: [message(19, 11, ann, 'secret')], has_more: false })
    await flushPromises()
    expect(page.text()).toContain('No chats yet')
    expect(page.text()).not.toContain('secret')
    expect(page.text()).toContain('Bob')
  })

  test('in another tab signs out this one, which asks the server for nothing', async () => {
    const { router, server, sockets } = await openPage()
    localStorage.clear()
    storageEvent('access_token', null)
    await flushPromises()
    expect(path(router)).toBe('/login')
    expect(sockets[0].readyState).toBe(2)
    expect(server.of('POST /auth/logout')).toEqual([])
  })

  test('another user signing in in another tab takes this one along, and keeps their tokens', async () => {
    const { page, script } = await openPage()
    script['GET /chats'] = { chats: [], cursor: 200 }
    localStorage.setItem('user', JSON.stringify(bob))
    localStorage.setItem('refresh_token', 'refresh-2')
    localStorage.setItem('access_token', 'access-2')
    storageEvent('access_token', 'access-2')
    await flushPromises()
    expect(page.find('footer').text()).toContain('Bob')
    expect(localStorage.access_token).toBe('access-2')
  })

  test('at the server, from elsewhere, leads to the sign-in page', async () => {
    const { router, sockets } = await openPage()
    sockets[0].end(1008, 'signed out')
    await flushPromises()
    expect(path(router)).toBe('/login')
    await after(60_000)
    expect(sockets).toHaveLength(1)
  })

  test('before the socket ever opened leaves nothing that listens for whoever signs in next', async () => {
    const { page, sockets } = await openPage({ open: false, routes: { 'POST /auth/login': session(ann, 2) } })
    await signOut(page)
    await signIn(page, 'ann')
    sockets.at(-1).open()
    await flushPromises()
    expect(console.log.mock.calls.filter(([line]) => line.startsWith('📡'))).toHaveLength(1)
  })
})
