import { describe, expect, test } from 'vitest'
import { after, ann, bob, chat, cleo, flushPromises, message, newMessage, openPage, send, write } from './people.js'

const typing = (page) => page.find('[data-testid="typing"]')
const presence = (page) => page.find('[data-testid="presence"]').text()
const isTyping = (user, chatId, on = true) => ({ type: 'typing', chat_id: chatId, user_id: user.id, typing: on })

describe('typing', () => {
  test('is shown by name in its own chat only', async () => {
    const { page, router, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame(isTyping(bob, 10))
    await flushPromises()
    expect(typing(page).text()).toBe('Bob is typing…')
    await router.push('/chats/11')
    await flushPromises()
    expect(typing(page).exists()).toBe(false)
  })

  test('ends by itself after 6 seconds without news', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame(isTyping(bob, 10))
    await after(5_000)
    sockets[0].frame(isTyping(bob, 10))
    await after(5_900)
    expect(typing(page).exists()).toBe(true)
    await after(100)
    expect(typing(page).exists()).toBe(false)
  })

  test('ends with the message it was about', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame(isTyping(bob, 10))
    sockets[0].frame(newMessage(101, 10, 1))
    await flushPromises()
    expect(typing(page).exists()).toBe(false)
  })

  test('of several is told in one line', async () => {
    const chats = [chat(10, { members: [ann, bob, cleo], name: 'Plans' })]
    const { page, sockets } = await openPage({ path: '/chats/10', chats })
    sockets[0].frame(isTyping(bob, 10))
    sockets[0].frame(isTyping(cleo, 10))
    await flushPromises()
    expect(typing(page).text()).toBe('Bob and Cleo are typing…')
  })

  const said = (socket) => socket.sent.filter(({ type }) => type === 'typing').map(({ typing }) => typing)

  test('is said at most once in two seconds', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    for (const text of ['h', 'he', 'hel']) await write(page, text)
    expect(sockets[0].sent.at(-1)).toEqual({ type: 'typing', chat_id: 10, typing: true })
    expect(said(sockets[0])).toEqual([true])
    await after(2_000)
    await write(page, 'hell')
    expect(said(sockets[0])).toEqual([true, true])
  })

  test.each([
    ['sending', (page) => send(page, 'hello')],
    ['emptying the box', (page) => write(page, '')],
    ['leaving the box', (page) => page.find('textarea').trigger('blur')],
    ['opening another chat', (page, router) => router.push('/chats/11')],
  ])('is taken back on %s', async (_, happen) => {
    const { page, router, sockets } = await openPage({
      path: '/chats/10',
      routes: { 'POST /chats/10/messages': ({ body }) => ({ ...message(101, 10, ann), ...body }) },
    })
    await write(page, 'h')
    await happen(page, router)
    await flushPromises()
    expect(said(sockets[0])).toEqual([true, false])
  })
})

describe('presence', () => {
  test('is what the socket says', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    expect(presence(page)).toBe('offline')
    sockets[0].frame({ type: 'presence', user_id: bob.id, online: true })
    await flushPromises()
    expect(presence(page)).toBe('online')
  })

  test('after reconnecting, whoever is not named as online is offline', async () => {
    const { page, sockets } = await openPage({ path: '/chats/10' })
    sockets[0].frame({ type: 'presence', user_id: bob.id, online: true })
    sockets[0].end()
    await after(600)
    sockets[1].open()
    await flushPromises()
    sockets[1].frame({ type: 'connected', user_id: ann.id, online: [cleo.id] })
    await flushPromises()
    expect(presence(page)).toBe('offline')
  })

  test('of somebody met again is what the new chat says, whatever it was before', async () => {
    const group = chat(12, { members: [ann, cleo, bob], name: 'Plans' })
    const { page, router, sockets } = await openPage({
      chats: [group],
      routes: { 'GET /chats/13/messages': { messages: [], has_more: false } },
    })
    sockets[0].frame({ type: 'presence', user_id: bob.id, online: true })
    sockets[0].frame({ type: 'member_removed', seq: 101, chat_id: 12, user_id: bob.id })
    sockets[0].frame({ type: 'chat_created', seq: 102, chat: chat(13), chat_id: 13 })
    await router.push('/chats/13')
    await flushPromises()
    expect(presence(page)).toBe('offline')
  })
})
