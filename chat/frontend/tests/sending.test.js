import { describe, expect, test } from 'vitest'
import { after, ann, bob, flushPromises, leave, message, newMessage, openPage, send, textsOf, write } from './people.js'
import { held, lost, refused } from './server.js'

const stored = (seq, chatId, body) => ({ ...message(seq, chatId, ann), ...body })
const statuses = (page) => page.findAll('[data-testid="message"]').map((item) => item.attributes('data-status'))
const boxText = (page) => page.find('textarea[aria-label="Message"]').element.value
const button = (page, name) => page.findAll('main button').find((item) => item.text() === name)
const POST = 'POST /chats/10/messages'
const inChat10 = (routes) => openPage({ path: '/chats/10', routes })

describe('a message being sent', () => {
  test('is shown at once as sending, and as sent when stored', async () => {
    const answer = held()
    const { page, server } = await inChat10({ [POST]: () => answer.promise })
    await send(page, 'hello')
    expect(textsOf(page)).toEqual(['message 20', 'hello'])
    expect(statuses(page)).toEqual(['received', 'sending'])
    answer.answer(201, stored(101, 10, server.of(POST)[0].body))
    await flushPromises()
    expect(statuses(page)).toEqual(['received', 'sent'])
  })

  test.each(['echo first', 'answer first'])('is never shown twice: %s', async (first) => {
    const answer = held()
    const { page, server, sockets } = await inChat10({ [POST]: () => answer.promise })
    await send(page, 'hello')
    const message = stored(101, 10, server.of(POST)[0].body)
    const echo = () => sockets[0].frame({ type: 'new_message', seq: 101, chat_id: 10, message, unread_count: 0 })
    const reply = () => answer.answer(201, message)
    for (const step of first === 'echo first' ? [echo, reply] : [reply, echo]) {
      step()
      await flushPromises()
      expect(textsOf(page)).toEqual(['message 20', 'hello'])
    }
    expect(statuses(page)).toEqual(['received', 'sent'])
  })

  test('sent again after a reload and long stored leaves no gap above the messages shown', async () => {
    const { page: before } = await inChat10({ [POST]: () => lost })
    await send(before, 'hello')
    leave()
    const { page } = await inChat10({
      [POST]: ({ body }) => ({ status: 200, body: stored(15, 10, body) }),
      'GET /chats/10/messages': { messages: [message(20, 10)], has_more: true },
    })
    await after(1_000)
    expect(textsOf(page)).toEqual(['message 20'])
  })

  test('can be sent while a word is still being composed, as phones do with every word', async () => {
    const { page } = await inChat10({ [POST]: () => held().promise })
    const box = page.find('textarea[aria-label="Message"]')
    await box.trigger('compositionstart')
    box.element.value = 'hello'
    await box.trigger('input')
    await page.find('button[aria-label="Send"]').trigger('submit')
    await flushPromises()
    expect(textsOf(page)).toEqual(['message 20', 'hello'])
  })

  test('is tried again under the same client_id after a lost reply', async () => {
    const { page, server, script } = await inChat10({ [POST]: () => lost })
    await send(page, 'hello')
    script[POST] = ({ body }) => stored(101, 10, body)
    await after(1_000)
    const ids = server.of(POST).map(({ body }) => body.client_id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(statuses(page)).toEqual(['received', 'sent'])
  })

  test('is not posted again when its echo shows that only the reply was lost', async () => {
    const { page, server, sockets } = await inChat10({ [POST]: () => lost })
    await send(page, 'hello')
    const message = stored(101, 10, server.of(POST)[0].body)
    sockets[0].frame({ type: 'new_message', seq: 101, chat_id: 10, message, unread_count: 0 })
    await after(20_000)
    expect(server.of(POST)).toHaveLength(1)
    expect(textsOf(page)).toEqual(['message 20', 'hello'])
  })

  test('is sent at once when the connection is back', async () => {
    const { page, server, sockets, script } = await inChat10({ [POST]: () => lost })
    await send(page, 'hello')
    await after(40_000) // the waits between tries have grown by now
    sockets.at(-1).end()
    await after(600)
    script[POST] = ({ body }) => stored(101, 10, body)
    const before = server.of(POST).length
    sockets.at(-1).open()
    await flushPromises()
    expect(server.of(POST)).toHaveLength(before + 1)
    expect(statuses(page)).toEqual(['received', 'sent'])
  })

  test('waits for those before it, so that they arrive in order', async () => {
    const first = held()
    const { page, server } = await inChat10({ [POST]: ({ body }) => (body.content === 'one' ? first.promise : lost) })
    await send(page, 'one')
    await send(page, 'two')
    expect(server.of(POST).map(({ body }) => body.content)).toEqual(['one'])
    first.answer(201, stored(101, 10, server.of(POST)[0].body))
    await flushPromises()
    expect(server.of(POST).map(({ body }) => body.content)).toEqual(['one', 'two'])
  })

  test('that the server refuses has failed, and can be retried', async () => {
    const { page, server, script } = await inChat10({ [POST]: () => refused(422, 'Too long') })
    await send(page, 'hello')
    expect(statuses(page)).toEqual(['received', 'failed'])
    expect(page.find('main [role="alert"]').text()).toContain('Too long')
    script[POST] = ({ body }) => stored(101, 10, body)
    await button(page, 'Retry').trigger('click')
    await flushPromises()
    expect(statuses(page)).toEqual(['received', 'sent'])
    expect(server.of(POST)[1].body.client_id).toBe(server.of(POST)[0].body.client_id)
  })

  test('survives a reload', async () => {
    const { page } = await inChat10({ [POST]: () => lost })
    await send(page, 'hello')
    leave()
    const again = await inChat10({ [POST]: ({ body }) => stored(101, 10, body) })
    expect(textsOf(again.page)).toEqual(['message 20', 'hello'])
    expect(statuses(again.page)).toEqual(['received', 'sent'])
  })

  test('goes to the chat it was typed in, though another is opened meanwhile', async () => {
    const answer = held()
    const { page, router, server } = await inChat10({ [POST]: () => answer.promise })
    await send(page, 'hello')
    await router.push('/chats/11')
    answer.answer(201, stored(101, 10, server.of(POST)[0].body))
    await flushPromises()
    expect(server.calls.filter(({ route }) => /POST .*messages/.test(route)).map(({ route }) => route)).toEqual([POST])
    expect(textsOf(page)).toEqual(['message 19'])
  })
})

describe('the composer', () => {
  test('keeps what is typed while a send is under way', async () => {
    const answer = held()
    const { page, server } = await inChat10({ [POST]: () => answer.promise })
    await send(page, 'hello')
    await write(page, 'and then')
    answer.answer(201, stored(101, 10, server.of(POST)[0].body))
    await flushPromises()
    expect(boxText(page)).toBe('and then')
  })

  test('keeps a draft per chat', async () => {
    const { page, router } = await inChat10()
    await write(page, 'for Bob')
    await router.push('/chats/11')
    await flushPromises()
    expect(boxText(page)).toBe('')
    await router.push('/chats/10')
    await flushPromises()
    expect(boxText(page)).toBe('for Bob')
  })

  test.each([
    ['Shift+Enter', { shiftKey: true }],
    ['the Enter that ends a composed character', { isComposing: true }],
  ])('sends nothing on %s', async (_, keys) => {
    const { page, server } = await inChat10()
    await write(page, 'hello')
    await page.find('textarea').trigger('keydown', { key: 'Enter', ...keys })
    await flushPromises()
    expect(server.of(POST)).toEqual([])
  })

  test.each([
    ['nothing but white space', ' \n ', true],
    ['10,000 emoji', '😀'.repeat(10_000), false],
    ['10,001 characters', 'x'.repeat(10_001), true],
  ])('judges %s', async (_, text, disabled) => {
    const { page } = await inChat10()
    await write(page, text)
    expect(page.find('button[aria-label="Send"]').element.disabled).toBe(disabled)
  })

  test('sends the text as typed', async () => {
    const { page, server } = await inChat10({ [POST]: ({ body }) => stored(101, 10, body) })
    await send(page, '  two\nlines ')
    expect(server.of(POST)[0].body.content).toBe('  two\nlines ')
  })
})

describe('changing an own message', () => {
  const own = () => ({ messages: [message(20, 10, ann)], has_more: false })
  const field = 'textarea[aria-label="Edit message"]'

  test('an edit is shown, marked and saved', async () => {
    const after = { ...message(20, 10, ann), content: 'better', edited_at: '2026-03-10T12:00:00Z' }
    const { page } = await inChat10({ 'GET /chats/10/messages': own, 'PATCH /messages/20': after })
    await page.find('button[aria-label="Edit message"]').trigger('click')
    await page.find(field).setValue('better')
    await button(page, 'Save').trigger('click')
    await flushPromises()
    expect(textsOf(page)).toEqual(['better'])
    expect(page.find('[data-testid="message-edited"]').exists()).toBe(true)
  })

  test('a refused edit keeps the text and says why', async () => {
    const { page } = await inChat10({
      'GET /chats/10/messages': own,
      'PATCH /messages/20': refused(409, 'Message was deleted'),
    })
    await page.find('button[aria-label="Edit message"]').trigger('click')
    await page.find(field).setValue('better')
    await button(page, 'Save').trigger('click')
    await flushPromises()
    expect(page.find(field).element.value).toBe('better')
    expect(page.find('main [role="alert"]').text()).toContain('Message was deleted')
  })

  test('a deleted message stays as a tombstone', async () => {
    const { page } = await inChat10({ 'GET /chats/10/messages': own, 'DELETE /messages/20': { status: 204 } })
    await page.find('button[aria-label="Delete message"]').trigger('click')
    await flushPromises()
    const item = page.find('[data-testid="message"]')
    expect(item.text()).toContain('Message deleted')
    expect(item.attributes()).toHaveProperty('data-deleted')
  })

  test("nobody is offered to change another's message", async () => {
    const { page } = await inChat10()
    expect(page.find('button[aria-label="Delete message"]').exists()).toBe(false)
  })
})

test('older messages are loaded on scrolling up, joined without a gap', async () => {
  const pages = {
    undefined: { messages: [message(20, 10)], has_more: true },
    20: { messages: [message(18, 10), message(19, 10)], has_more: false },
  }
  const { page } = await inChat10({
    'GET /chats/10/messages': ({ query }) => (query.after ? { messages: [], has_more: false } : pages[query.before]),
  })
  await page.find('[role="log"]').trigger('scroll')
  await flushPromises()
  expect(textsOf(page)).toEqual(['message 18', 'message 19', 'message 20'])
})

test("another's message under way does not disturb an unsent one", async () => {
  const { page, sockets } = await inChat10({ [POST]: () => lost })
  await send(page, 'mine')
  sockets[0].frame(newMessage(101, 10, 1, bob, 'theirs'))
  await flushPromises()
  expect(textsOf(page)).toEqual(['message 20', 'theirs', 'mine'])
})
