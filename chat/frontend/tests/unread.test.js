import { describe, expect, test } from 'vitest'
import {
  after,
  ann,
  bob,
  chat,
  cleo,
  flushPromises,
  listOf,
  message,
  newMessage,
  openPage,
  setVisible,
} from './people.js'
import { held, lost } from './server.js'

const badge = (page) => page.find('[data-testid="unread-badge"]')
const unreadOf = (page, chatId) => listOf(page).find(([id]) => id === chatId)[1]

describe('unread counts', () => {
  test('a new message in a chat that is not open makes its badge, which says so to a screen reader', async () => {
    const { page, sockets } = await openPage()
    expect(badge(page).exists()).toBe(false)
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(badge(page).text()).toBe('1')
    expect(badge(page).attributes('aria-label')).toBe('1 unread message')
    sockets[0].frame(newMessage(102, 10, 2))
    await flushPromises()
    expect(badge(page).attributes('aria-label')).toBe('2 unread messages')
  })

  test('a count older than the one shown is ignored', async () => {
    const { page, sockets } = await openPage()
    sockets[0].frame(newMessage(105, 10, 3))
    sockets[0].frame({ ...newMessage(103, 10, 9), type: 'message_deleted', message_id: 103 })
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(3)
  })

  test('the count that the catch-up gives, as of now, wins over those of its single events', async () => {
    const { page } = await openPage({
      routes: {
        'GET /sync': { events: [newMessage(101, 10, 7)], next: 101, has_more: false, unread: { 10: 2 }, as_of: 103 },
      },
    })
    expect(unreadOf(page, 10)).toBe(2)
  })

  test('opening one chat clears it and touches no other', async () => {
    const chats = [
      chat(10, { last: message(20, 10), unread: 2 }),
      chat(11, { members: [ann, cleo], last: message(19, 11, cleo), unread: 3 }),
    ]
    const { page, router, server } = await openPage({ chats })
    await router.push('/chats/10')
    await flushPromises()
    expect([unreadOf(page, 10), unreadOf(page, 11)]).toEqual([0, 3])
    expect(server.of('POST /chats/10/read').map(({ body }) => body.seq)).toEqual([20])
    expect(server.of('POST /chats/11/read')).toEqual([])
  })

  test('a chat that Ann leaves before its messages came was not read, and at no moment looked so', async () => {
    const messages = held()
    const { page, router, server } = await openPage({
      chats: [chat(10, { last: message(20, 10), unread: 2 }), chat(11, { members: [ann, cleo] })],
      routes: { 'GET /chats/10/messages': () => messages.promise },
    })
    await router.push('/chats/10')
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(2)
    await router.push('/chats/11')
    await flushPromises()
    expect(server.of('POST /chats/10/read')).toEqual([])
  })

  test('a message in the chat being viewed never shows a badge, and is reported as read', async () => {
    const { page, server, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(0)
    expect(server.of('POST /chats/10/read').at(-1).body.seq).toBe(101)
    expect(console.log).toHaveBeenCalledWith('📊 Unread count for chat 10: 0')
  })

  test('the badge does not come back when Ann moves on before the server has heard', async () => {
    const reading = held()
    const { page, router, sockets } = await openPage({
      path: '/chats/10',
      routes: { 'POST /chats/10/read': () => reading.promise },
    })
    sockets[0].frame(newMessage(101, 10, 1))
    await router.push('/chats/11')
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(0)
  })

  test('what is unread further up than what was loaded is read by opening the chat', async () => {
    const { router, server } = await openPage({
      chats: [chat(10, { last: message(20, 10, ann), unread: 1 })],
      routes: { 'GET /chats/10/messages': { messages: [message(20, 10, ann)], has_more: true } },
    })
    await router.push('/chats/10')
    await flushPromises()
    expect(server.of('POST /chats/10/read').map(({ body }) => body.seq)).toEqual([20])
  })

  test('what was read is told also when the window closes at once', async () => {
    const { server, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(server.of('POST /chats/10/read').at(-1).keepalive).toBe(true)
  })

  test('a hidden tab reads nothing until it is visible', async () => {
    const { page, server, sockets } = await openPage({ path: '/chats/10' })
    setVisible(false)
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(1)
    expect(server.of('POST /chats/10/read').map(({ body }) => body.seq)).toEqual([20])
    setVisible(true)
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(0)
    expect(server.of('POST /chats/10/read').at(-1).body.seq).toBe(101)
  })

  test('reading in another tab clears the badge here', async () => {
    const { page, sockets } = await openPage()
    sockets[0].frame(newMessage(101, 10, 1))
    sockets[0].frame({ type: 'read', seq: 102, chat_id: 10, user_id: ann.id, last_read_seq: 101, unread_count: 0 })
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(0)
  })

  test("another member's reading changes no count of Ann's", async () => {
    const { page, sockets } = await openPage()
    sockets[0].frame(newMessage(101, 10, 1))
    sockets[0].frame({ type: 'read', seq: 102, chat_id: 10, user_id: bob.id, last_read_seq: 101 })
    await flushPromises()
    expect(unreadOf(page, 10)).toBe(1)
  })

  test('deleting an unread message lowers the count', async () => {
    const { page, sockets } = await openPage()
    sockets[0].frame(newMessage(101, 10, 1))
    const tombstone = { ...message(101, 10), content: '', deleted: true }
    sockets[0].frame({
      type: 'message_deleted',
      seq: 102,
      chat_id: 10,
      message_id: 101,
      message: tombstone,
      unread_count: 0,
    })
    await flushPromises()
    expect(listOf(page)[0]).toEqual([10, 0, 'Message deleted'])
  })

  test('what was read is reported again when the report was lost', async () => {
    const { server, script } = await openPage({ path: '/chats/10', routes: { 'POST /chats/10/read': () => lost } })
    const before = server.of('POST /chats/10/read').length
    script['POST /chats/10/read'] = { chat_id: 10, last_read_seq: 20, unread_count: 0 }
    await after(5_000)
    expect(server.of('POST /chats/10/read')).toHaveLength(before + 1)
  })

  test('the title of the page tells the total', async () => {
    const { sockets } = await openPage()
    sockets[0].frame(newMessage(101, 10, 2))
    sockets[0].frame(newMessage(102, 11, 1, cleo))
    await flushPromises()
    expect(document.title).toBe('(3) Chat')
  })
})

describe('receipts', () => {
  const status = (page) => page.find('[data-testid="message"]').attributes('data-status')

  test('an own message is read when the other has read it', async () => {
    const chats = [chat(10, { last: message(20, 10, ann) })]
    const { page, sockets } = await openPage({ path: '/chats/10', chats })
    expect(status(page)).toBe('sent')
    sockets[0].frame({ type: 'read', seq: 101, chat_id: 10, user_id: bob.id, last_read_seq: 20 })
    await flushPromises()
    expect(status(page)).toBe('read')
  })

  test('it stays read when somebody joins who need not read it', async () => {
    const chats = [chat(10, { members: [ann, bob], last: message(20, 10, ann), name: 'Plans', is_group: true })]
    const { page, sockets } = await openPage({ path: '/chats/10', chats })
    sockets[0].frame({ type: 'read', seq: 101, chat_id: 10, user_id: bob.id, last_read_seq: 20 })
    sockets[0].frame({ type: 'member_added', seq: 102, chat_id: 10, user: { ...cleo, last_read_seq: 20 } })
    await flushPromises()
    expect(status(page)).toBe('read')
  })

  test('a snapshot that was taken before takes no receipt back', async () => {
    const group = chat(10, { members: [ann, bob, cleo], last: message(20, 10, ann), name: 'Plans' })
    const { page, sockets } = await openPage({ path: '/chats/10', chats: [group] })
    for (const user of [bob, cleo]) {
      sockets[0].frame({ type: 'read', seq: 101, chat_id: 10, user_id: user.id, last_read_seq: 20 })
    }
    sockets[0].frame({ type: 'chat_created', seq: 103, chat: { ...group, unread_as_of: 103 }, chat_id: 10 })
    await flushPromises()
    expect(status(page)).toBe('read')
  })

  test('in a group it is read when every other member has read it', async () => {
    const chats = [chat(10, { members: [ann, bob, cleo], last: message(20, 10, ann), name: 'Plans' })]
    const { page, sockets } = await openPage({ path: '/chats/10', chats })
    sockets[0].frame({ type: 'read', seq: 101, chat_id: 10, user_id: bob.id, last_read_seq: 20 })
    await flushPromises()
    expect(status(page)).toBe('sent')
    sockets[0].frame({ type: 'read', seq: 102, chat_id: 10, user_id: cleo.id, last_read_seq: 20 })
    await flushPromises()
    expect(status(page)).toBe('read')
  })
})
