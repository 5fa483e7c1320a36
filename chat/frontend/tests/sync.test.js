import { describe, expect, test } from 'vitest'
import {
  after,
  ann,
  bob,
  chat,
  cleo,
  flushPromises,
  greet,
  listOf,
  message,
  newMessage,
  nothingMissed,
  openPage,
  textsOf,
} from './people.js'
import { held, lost, refused } from './server.js'

const eventsPage = (events, next, has_more = false) => ({ events, next, has_more, unread: {}, as_of: next })

async function reconnect(sockets) {
  sockets.at(-1).end()
  await after(600)
  sockets.at(-1).open()
  await flushPromises()
  await greet(sockets.at(-1))
}

describe('what was sent while away is there after reconnecting', () => {
  test('a message sent while the socket was down appears without a reload', async () => {
    const { page, sockets, script } = await openPage({ path: '/chats/10' })
    script['GET /sync'] = () => eventsPage([newMessage(101, 10, 1)], 101)
    await reconnect(sockets)
    expect(textsOf(page)).toEqual(['message 20', 'message 101'])
  })

  test('a burst longer than a page is fetched page by page until caught up', async () => {
    const { page, server, sockets, script } = await openPage({ path: '/chats/10' })
    script['GET /sync'] = ({ query }) =>
      query.after === '100'
        ? eventsPage([newMessage(101, 10, 1)], 101, true)
        : eventsPage([newMessage(102, 10, 2)], 102)
    await reconnect(sockets)
    expect(textsOf(page)).toEqual(['message 20', 'message 101', 'message 102'])
    expect(server.of('GET /sync').map(({ query }) => query.after)).toEqual(['100', '100', '101'])
  })

  test('a live message during the catch-up does not hide the gap when that is cut off', async () => {
    const { page, sockets, script } = await openPage({ path: '/chats/10' })
    script['GET /sync'] = () => held().promise
    await reconnect(sockets)
    sockets.at(-1).frame(newMessage(105, 10, 1))
    script['GET /sync'] = ({ query }) =>
      query.after === '100' ? eventsPage([newMessage(101, 10, 1), newMessage(105, 10, 2)], 105) : eventsPage([], 105)
    await reconnect(sockets)
    expect(textsOf(page)).toEqual(['message 20', 'message 101', 'message 105'])
  })

  test('once caught up, live messages move the cursor', async () => {
    const { server, sockets } = await openPage()
    sockets[0].frame(newMessage(101, 10, 1))
    await reconnect(sockets)
    expect(server.of('GET /sync').at(-1).query.after).toBe('101')
  })

  test.each([
    ['lost', lost],
    ['refused with 503', refused(503, 'Database away')],
  ])('a resync that is %s is tried again', async (_, trouble) => {
    const { page, sockets, script } = await openPage({ path: '/chats/10' })
    script['GET /sync'] = () => trouble
    await reconnect(sockets)
    script['GET /sync'] = () => eventsPage([newMessage(101, 10, 1)], 101)
    await after(1_000)
    expect(textsOf(page)).toEqual(['message 20', 'message 101'])
  })

  test('what came between loading the list and subscribing is there', async () => {
    const { page } = await openPage({ routes: { 'GET /sync': () => eventsPage([newMessage(101, 11, 1, cleo)], 101) } })
    expect(listOf(page)).toEqual([
      [11, 1, 'message 101'],
      [10, 0, 'message 20'],
    ])
  })

  test('frames that come before the list is loaded are not lost', async () => {
    const list = held()
    const { page, sockets } = await openPage({ routes: { 'GET /chats': () => list.promise } })
    sockets[0].frame(newMessage(101, 10, 1))
    list.answer(200, { chats: [chat(10, { last: message(20, 10) })], cursor: 100 })
    await flushPromises()
    expect(listOf(page)).toEqual([[10, 1, 'message 101']])
  })

  test('what comes between the opening of the socket and its greeting is there', async () => {
    const { page, server, sockets, script } = await openPage({ open: false })
    sockets[0].open()
    await flushPromises()
    expect(server.of('GET /sync')).toEqual([])
    script['GET /sync'] = () => eventsPage([newMessage(101, 10, 1)], 101)
    await greet(sockets[0])
    expect(listOf(page)[0]).toEqual([10, 1, 'message 101'])
  })

  test('frames sent in the instant after the socket opened are not lost', async () => {
    const { page, sockets } = await openPage({ open: false })
    sockets[0].open()
    await Promise.resolve() // a browser drains its microtasks before the next frame's task
    await Promise.resolve()
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(listOf(page)[0]).toEqual([10, 1, 'message 101'])
  })

  test('a chat opened directly has no gap between its page and the cursor of the list', async () => {
    const list = held()
    const { page } = await openPage({
      path: '/chats/10',
      routes: {
        'GET /chats': () => list.promise,
        'GET /chats/10/messages': ({ query }) =>
          query.after === '20'
            ? { messages: [message(99, 10)], has_more: false }
            : { messages: [message(20, 10)], has_more: false },
      },
    })
    list.answer(200, { chats: [chat(10, { last: message(99, 10) })], cursor: 100 })
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20', 'message 99'])
  })

  test('a chat opened directly has no gap either when the list is a long time coming', async () => {
    const list = held()
    const { page, script } = await openPage({
      path: '/chats/10',
      routes: {
        'GET /chats': () => list.promise,
        'GET /chats/10/messages': ({ query }) => ({ messages: query.after ? [] : [message(20, 10)], has_more: false }),
      },
    })
    script['GET /chats/10/messages'] = ({ query }) => ({
      messages: query.after === '20' ? [message(99, 10)] : [],
      has_more: false,
    })
    list.answer(200, { chats: [chat(10, { last: message(99, 10) })], cursor: 100 })
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20', 'message 99'])
  })

  test('a chat opened before, left, and opened again has no gap', async () => {
    const { page, router, sockets } = await openPage({ path: '/chats/10' })
    await router.push('/chats/11')
    sockets[0].frame(newMessage(101, 10, 1))
    await router.push('/chats/10')
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20', 'message 101'])
  })

  test('an edit that came while the page of messages was on its way is not undone by it', async () => {
    const messages = held()
    const { page, sockets } = await openPage({
      path: '/chats/10',
      routes: { 'GET /chats/10/messages': () => messages.promise },
    })
    const edited = { ...message(20, 10), content: 'better', edited_at: '2026-03-10T11:59:00Z' }
    sockets[0].frame({ type: 'message_edited', seq: 101, chat_id: 10, message: edited })
    messages.answer(200, { messages: [message(20, 10)], has_more: false })
    await flushPromises()
    expect(textsOf(page)).toEqual(['better'])
  })

  test('the same message live and caught up is shown, logged and counted once', async () => {
    const caught = held()
    const { page, sockets } = await openPage({ path: '/chats/10', routes: { 'GET /sync': () => caught.promise } })
    sockets[0].frame(newMessage(101, 10, 1))
    caught.answer(200, eventsPage([newMessage(101, 10, 1)], 101))
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20', 'message 101'])
    expect(console.log.mock.calls.filter(([line]) => line === '📨 New message in chat list:')).toHaveLength(1)
  })
})

describe('chats come and go live', () => {
  test('a chat created while Ann is online appears in her list', async () => {
    const { page, sockets } = await openPage()
    const made = chat(12, { members: [cleo, ann, bob], name: 'Plans', asOf: 101, activity_seq: 101 })
    sockets[0].frame({ type: 'chat_created', seq: 101, chat: made })
    await flushPromises()
    expect(listOf(page)[0]).toEqual([12, 0, 'No messages yet'])
  })

  test('a live message from a chat whose creation is yet to be caught up brings the chat', async () => {
    const { page, sockets } = await openPage({
      routes: { 'GET /chats/12': chat(12, { last: message(102, 12), unread: 1, asOf: 102 }) },
    })
    sockets[0].frame(newMessage(102, 12, 1))
    await flushPromises()
    expect(listOf(page)[0]).toEqual([12, 1, 'message 102'])
  })

  test('a removed member loses the chat and what was in it', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame({ type: 'member_removed', seq: 101, chat_id: 10, user_id: ann.id })
    await flushPromises()
    expect(listOf(page).map(([id]) => id)).toEqual([11])
    expect(textsOf(page)).toEqual([])
  })

  test('a removed member who is added again to the chat that is open sees what is in it', async () => {
    const group = chat(12, { members: [bob, ann, cleo], name: 'Plans', last: message(20, 12) })
    const { page, sockets } = await openPage({ path: '/chats/12', chats: [group] })
    sockets[0].frame({ type: 'member_removed', seq: 101, chat_id: 12, user_id: ann.id })
    sockets[0].frame({ type: 'chat_created', seq: 102, chat: { ...group, unread_as_of: 102 }, chat_id: 12 })
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20'])
  })

  test('what is asked of a chat that is lost does not refuse it when one is taken in again meanwhile', async () => {
    const group = chat(12, { members: [bob, ann, cleo], name: 'Plans', last: message(20, 12) })
    const { page, sockets, script } = await openPage({ path: '/chats/12', chats: [group] })
    const late = held()
    script['GET /chats/12/messages'] = () => late.promise
    sockets[0].frame({ type: 'member_removed', seq: 101, chat_id: 12, user_id: ann.id })
    await flushPromises()
    script['GET /chats/12/messages'] = { messages: [message(20, 12)], has_more: false }
    sockets[0].frame({ type: 'chat_created', seq: 102, chat: { ...group, unread_as_of: 102 }, chat_id: 12 })
    await flushPromises()
    late.answer(404, { detail: 'No such chat' })
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20'])
  })

  test('a chat that was refused is shown once one is a member', async () => {
    const { page, sockets, script } = await openPage({
      path: '/chats/12',
      routes: { 'GET /chats/12/messages': () => refused(404, 'No such chat') },
    })
    const group = chat(12, { members: [bob, ann, cleo], name: 'Plans', last: message(20, 12) })
    script['GET /chats/12/messages'] = { messages: [message(20, 12)], has_more: false }
    script['POST /chats/12/read'] = { chat_id: 12, last_read_seq: 20, unread_count: 0 }
    sockets[0].frame({ type: 'chat_created', seq: 101, chat: { ...group, unread_as_of: 101 }, chat_id: 12 })
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20'])
  })

  test('a membership change older than the one shown is ignored', async () => {
    const group = chat(12, { members: [ann, bob, cleo], name: 'Plans' })
    const { page, sockets } = await openPage({ path: '/chats/12', chats: [group] })
    sockets[0].frame({ type: 'member_removed', seq: 105, chat_id: 12, user_id: cleo.id })
    sockets[0].frame({ type: 'member_added', seq: 103, chat_id: 12, user: cleo })
    await flushPromises()
    expect(page.find('.pane__sub').text()).toBe('2 members')
  })

  test('the list is loaded again and again while the server is away, and nobody is signed out', async () => {
    const { page, script } = await openPage({ routes: { 'GET /chats': () => lost } })
    expect(page.find('nav').text()).toContain('Trying again')
    script['GET /chats'] = { chats: [chat(10, { last: message(20, 10) })], cursor: 100 }
    await after(1_000)
    expect(listOf(page)).toEqual([[10, 0, 'message 20']])
  })
})

test('the list and the socket are asked for at once, neither waits for the other', async () => {
  const { server, sockets } = await openPage({ routes: { 'GET /chats': () => held().promise }, open: false })
  expect(server.of('GET /chats')).toHaveLength(1)
  expect(sockets).toHaveLength(1)
})

test('nothing to catch up asks the server once per connection', async () => {
  const { server } = await openPage({ routes: { 'GET /sync': nothingMissed } })
  expect(server.of('GET /sync')).toHaveLength(1)
})
