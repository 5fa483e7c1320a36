/** Ann looks at the page; Bob and Cleo write to her. */
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'
import App from '../src/App.vue'
import { makeRouter } from '../src/router.js'
import { endCalls } from '../src/services/api.js'
import { websocket } from '../src/services/websocket.js'
import { serve, serveSockets } from './server.js'

export const ann = { id: 1, username: 'ann', display_name: 'Ann', online: true }
export const bob = { id: 2, username: 'bob', display_name: 'Bob', online: false }
export const cleo = { id: 3, username: 'cleo', display_name: 'Cleo', online: false }

/** The message with `seq` also has that id, so that tests name it once. */
export function message(seq, chatId, sender = bob, content = `message ${seq}`) {
  return {
    id: seq,
    seq,
    chat_id: chatId,
    sender_id: sender.id,
    client_id: `client-${seq}`,
    content,
    created_at: '2026-03-10T11:00:00Z',
    edited_at: null,
    deleted: false,
  }
}

export function chat(id, { members = [ann, bob], last = null, unread = 0, asOf = 100, name = null, ...rest } = {}) {
  return {
    id,
    name,
    is_group: members.length > 2,
    created_by: members[0].id,
    members: members.map((member) => ({ ...member, last_read_seq: 0 })),
    unread_count: unread,
    unread_as_of: asOf,
    last_message: last,
    activity_seq: last?.seq ?? id,
    ...rest,
  }
}

export const newMessage = (seq, chatId, unread, sender = bob, content = undefined) => ({
  type: 'new_message',
  seq,
  chat_id: chatId,
  message: message(seq, chatId, sender, content),
  unread_count: unread,
})

export const nothingMissed = ({ query }) => ({
  events: [],
  next: Number(query.after),
  has_more: false,
  unread: {},
  as_of: Number(query.after),
})

export function storeSignedIn(user = ann) {
  localStorage.setItem('user', JSON.stringify(user))
  localStorage.setItem('refresh_token', 'refresh-1')
  localStorage.setItem('access_token', 'access-1')
}

let wrapper = null

/**
 * Ann opens the page, signed in unless `signedIn` is false. By default she has chat 10 with Bob (newest, seq 20) and
 * chat 11 with Cleo (seq 19), all read, and the list's cursor is 100.
 */
export async function openPage({ path = '/', routes = {}, chats, signedIn = true, open = true } = {}) {
  if (signedIn) storeSignedIn()
  const list = chats ?? [
    chat(10, { last: message(20, 10, bob) }),
    chat(11, { members: [ann, cleo], last: message(19, 11, cleo) }),
  ]
  const script = {
    'GET /chats': { chats: list, cursor: 100 },
    'GET /sync': nothingMissed,
    'POST /auth/logout': { status: 204 },
    ...Object.fromEntries(list.map(({ id, last_message }) => [`GET /chats/${id}/messages`, pageOf(last_message)])),
    ...Object.fromEntries(list.map(({ id }) => [`POST /chats/${id}/read`, ({ body }) => readAnswer(id, body.seq)])),
    ...routes,
  }
  const server = serve(script)
  const sockets = serveSockets()
  const pinia = createPinia()
  setActivePinia(pinia)
  const history = createMemoryHistory()
  history.replace(path)
  const router = makeRouter(history)
  wrapper = mount(App, { global: { plugins: [pinia, router] }, attachTo: document.body })
  await router.isReady()
  await flushPromises()
  if (open && signedIn) {
    sockets[0].open()
    await flushPromises()
    await greet(sockets[0])
  }
  return { page: wrapper, router, server, sockets, script }
}

/** The server knows whose socket it is: from here on it sends what happens. */
export async function greet(socket) {
  socket.frame({ type: 'connected', user_id: ann.id, online: [] })
  await flushPromises()
}

const pageOf = (last) => ({ messages: last ? [last] : [], has_more: false })
const readAnswer = (chatId, seq) => ({ chat_id: chatId, last_read_seq: seq, unread_count: 0 })

/** The page is closed. */
export function leave() {
  wrapper?.unmount()
  wrapper = null
  websocket.close()
  endCalls()
  setVisible(true)
}

export function setVisible(visible) {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visible ? 'visible' : 'hidden')
  document.dispatchEvent(new Event('visibilitychange'))
}

export async function after(ms) {
  await vi.advanceTimersByTimeAsync(ms)
  await flushPromises()
}

/** What a reader of the list sees: `[[chat id, unread, preview]]`. */
export function listOf(page) {
  return page.findAll('[data-testid="chat-row"]').map((row) => {
    const badge = row.find('[data-testid="unread-badge"]')
    const preview = row.find('[data-testid="chat-preview"]').text()
    return [Number(row.attributes('data-chat-id')), badge.exists() ? Number(badge.text()) : 0, preview]
  })
}

/** The texts of the messages shown, in order. */
export const textsOf = (page) => page.findAll('[data-testid="message-text"]').map((text) => text.text())

export async function write(page, text) {
  await page.find('textarea[aria-label="Message"]').setValue(text)
}

export async function send(page, text) {
  await write(page, text)
  await page.find('textarea[aria-label="Message"]').trigger('keydown', { key: 'Enter' })
  await flushPromises()
}

export const signOut = async (page) => {
  await page
    .findAll('button')
    .find((button) => button.text() === 'Sign out')
    .trigger('click')
  await flushPromises()
}

export { flushPromises }
