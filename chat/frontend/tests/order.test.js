import { expect, test } from 'vitest'
import { ann, bob, chat, cleo, flushPromises, listOf, message, newMessage, openPage, send, textsOf } from './people.js'

const order = (page) => listOf(page).map(([id]) => id)
const edited = (seq, original, content, at = '2026-03-10T11:30:00Z') => ({
  type: 'message_edited',
  seq,
  chat_id: original.chat_id,
  message: { ...original, content, edited_at: at },
})

test('a new message moves its chat to the top at once', async () => {
  const { page, sockets } = await openPage()
  expect(order(page)).toEqual([10, 11])
  sockets[0].frame(newMessage(101, 11, 1, cleo))
  await flushPromises()
  expect(order(page)).toEqual([11, 10])
})

test('an own message moves its chat to the top too', async () => {
  const { page } = await openPage({
    path: '/chats/11',
    routes: { 'POST /chats/11/messages': ({ body }) => ({ ...message(101, 11, ann), ...body }) },
  })
  await send(page, 'hello')
  expect(listOf(page)[0]).toEqual([11, 0, 'hello'])
})

test('the order is that of sequence numbers, not of clocks', async () => {
  const { page, sockets } = await openPage()
  const late = newMessage(101, 11, 1, cleo)
  late.message.created_at = '2020-01-01T00:00:00Z'
  sockets[0].frame(late)
  await flushPromises()
  expect(order(page)).toEqual([11, 10])
})

test('opening, reading, editing and typing move nothing', async () => {
  const { page, router, sockets } = await openPage()
  await router.push('/chats/11')
  sockets[0].frame({ type: 'typing', chat_id: 11, user_id: cleo.id, typing: true })
  sockets[0].frame({ type: 'read', seq: 101, chat_id: 11, user_id: cleo.id, last_read_seq: 19 })
  sockets[0].frame(edited(102, message(19, 11, cleo), 'better'))
  await flushPromises()
  expect(listOf(page)).toEqual([
    [10, 0, 'message 20'],
    [11, 0, 'better'],
  ])
})

test('an edit of an older message changes no preview', async () => {
  const { page, sockets } = await openPage()
  sockets[0].frame(edited(101, message(5, 10), 'long ago'))
  await flushPromises()
  expect(listOf(page)[0]).toEqual([10, 0, 'message 20'])
})

test('an edit older than the one shown overwrites nothing', async () => {
  const { page, sockets } = await openPage({ path: '/chats/10' })
  sockets[0].frame(edited(105, message(20, 10), 'newest', '2026-03-10T11:40:00Z'))
  sockets[0].frame(edited(103, message(20, 10), 'stale', '2026-03-10T11:50:00Z'))
  await flushPromises()
  expect(textsOf(page)).toEqual(['newest'])
  expect(listOf(page)[0]).toEqual([10, 0, 'newest'])
})

test('messages stand in the order of their seq, whatever order they came in', async () => {
  const { page, sockets } = await openPage({ path: '/chats/10' })
  sockets[0].frame(newMessage(103, 10, 1))
  sockets[0].frame(newMessage(102, 10, 1))
  await flushPromises()
  expect(textsOf(page)).toEqual(['message 20', 'message 102', 'message 103'])
})

test('one new message changes order, badge and preview in one step', async () => {
  const { page, sockets } = await openPage()
  const states = []
  const observer = new MutationObserver(() => states.push(JSON.stringify(listOf(page))))
  observer.observe(page.find('nav').element, { subtree: true, childList: true, characterData: true, attributes: true })
  sockets[0].frame(newMessage(101, 11, 1, cleo, 'news'))
  await flushPromises()
  observer.disconnect()
  expect([...new Set(states)]).toEqual([
    JSON.stringify([
      [11, 1, 'news'],
      [10, 0, 'message 20'],
    ]),
  ])
})

test('each new message is told in the console, in three lines', async () => {
  const { sockets } = await openPage()
  console.log.mockClear()
  const frame = newMessage(101, 11, 1, cleo)
  sockets[0].frame(frame)
  expect(console.log.mock.calls).toEqual([
    ['📨 New message in chat list:', { chat_id: 11, message: frame.message }],
    ['📊 Unread count for chat 11: 1'],
    ['⬆️ Moved chat 11 to top'],
  ])
})

test('names, previews and messages are text, never markup', async () => {
  const markup = '<svg onload="alert(1)"> & <b>bold</b>'
  const mallory = { ...bob, display_name: markup }
  const chats = [chat(10, { members: [ann, mallory], last: message(20, 10, mallory, markup) })]
  const { page } = await openPage({ path: '/chats/10', chats })
  for (const id of ['chat-name', 'chat-preview', 'message-author', 'message-text']) {
    expect(page.find(`[data-testid="${id}"]`).element.textContent).toBe(markup)
  }
  expect(page.find('main h1').element.textContent).toBe(markup)
  expect(page.find('svg[onload], b').exists()).toBe(false)
})

test('white space, any script and 10,000 characters arrive as typed', async () => {
  const content = `  two\n lines 👩🏽‍🚀 שלום e\u0301 ${'x'.repeat(9_900)}`
  const { page } = await openPage({ path: '/chats/10', chats: [chat(10, { last: message(20, 10, bob, content) })] })
  const text = page.find('[data-testid="message-text"]')
  expect(text.element.textContent).toBe(content)
  expect(text.element.closest('[dir]').dir).toBe('auto')
})
