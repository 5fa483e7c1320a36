import { expect, test, vi } from 'vitest'
import { after, ann, bob, chat, flushPromises, message, openPage } from './people.js'

const at = (seq, local) => ({ ...message(seq, 10, bob), created_at: new Date(local).toISOString() })
const days = (page) => page.findAll('[data-testid="day"]').map((day) => day.text())

async function openChatWith(...messages) {
  const { page } = await openPage({
    path: '/chats/10',
    chats: [chat(10, { last: messages.at(-1) })],
    routes: { 'GET /chats/10/messages': { messages, has_more: false } },
  })
  return page
}

test('messages are separated by the viewer’s own days', async () => {
  vi.setSystemTime(new Date('2026-03-10T15:00:00'))
  window.dispatchEvent(new Event('focus'))
  const page = await openChatWith(
    at(1, '2026-03-08T10:00:00'),
    at(2, '2026-03-09T00:00:00'),
    at(3, '2026-03-09T23:59:59'),
    at(4, '2026-03-10T00:00:00'),
  )
  expect(days(page)).toEqual(['Sunday, March 8', 'Yesterday', 'Today'])
})

test('Today becomes Yesterday by itself when midnight passes', async () => {
  vi.setSystemTime(new Date('2026-03-10T23:59:00'))
  window.dispatchEvent(new Event('focus'))
  const page = await openChatWith(at(1, '2026-03-10T22:00:00'))
  expect(days(page)).toEqual(['Today'])
  await after(61_000)
  expect(days(page)).toEqual(['Yesterday'])
  expect(page.find('nav time').text()).toBe('Yesterday')
})

test('a page that slept through midnight is right when it is looked at again', async () => {
  vi.setSystemTime(new Date('2026-03-10T23:00:00'))
  window.dispatchEvent(new Event('focus'))
  const page = await openChatWith(at(1, '2026-03-10T22:00:00'))
  vi.setSystemTime(new Date('2026-03-11T08:00:00'))
  document.dispatchEvent(new Event('visibilitychange'))
  await flushPromises()
  expect(days(page)).toEqual(['Yesterday'])
})

test('own messages a few minutes apart are drawn as one run, a name once', async () => {
  const group = { ...chat(10, { members: [ann, bob, { ...bob, id: 3 }], name: 'Plans', last: message(2, 10) }) }
  const { page } = await openPage({
    path: '/chats/10',
    chats: [group],
    routes: {
      'GET /chats/10/messages': {
        messages: [at(1, '2026-03-10T10:00:00'), at(2, '2026-03-10T10:01:00'), at(3, '2026-03-10T10:30:00')],
        has_more: false,
      },
    },
  })
  const hidden = page.findAll('[data-testid="message-author"]').map((name) => name.classes('visually-hidden'))
  expect(hidden).toEqual([false, true, false])
})
