/**
 * Durable frames, live or caught up, in; the stores brought up to date and the cursor moved.
 * Live frames are applied when they come, but while a catch-up runs only its pages move the cursor:
 * else the newest live frame would hide what lies before it.
 */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api, ApiError } from '../services/api.js'
import { inBackground, persistently } from '../services/persistently.js'
import { useChats } from './chats.js'
import { useThreads } from './messages.js'
import { usePresence } from './presence.js'
import { useReading } from './reading.js'
import { useSession } from './session.js'

export const useSync = defineStore('sync', () => {
  const loaded = ref(false)
  const trouble = ref('')
  let cursor = 0
  let newestLive = 0
  let caughtUp = false
  let catchUps = 0
  let early = []
  let awaiting = []
  let announced = new Set()
  const meeting = new Map()

  /** Loads the list of chats; frames that came before it are applied after it. */
  async function load() {
    const [{ chats, cursor: seq }] = await persistently(
      () => Promise.all([api.chats(), useSession().ensureUser()]),
      (error) => (trouble.value = error.message),
    )
    trouble.value = ''
    for (const chat of chats) useChats().put(chat)
    cursor = seq
    loaded.value = true
    for (const go of awaiting.splice(0)) go()
    const waiting = early
    early = []
    waiting.forEach(apply)
    if (catchUps) inBackground(catchUp())
  }

  /** Once the list is there, frames follow from where it was read. */
  function whenLoaded() {
    return loaded.value ? Promise.resolve() : new Promise((resolve) => awaiting.push(resolve))
  }

  /** To be called each time the server has greeted the socket: from then on nothing is sent past it. */
  async function catchUp() {
    const run = ++catchUps
    caughtUp = false
    newestLive = 0
    if (!loaded.value) return
    for (let more = true; more;) {
      const page = await persistently(() => api.sync(cursor))
      if (run !== catchUps) return
      page.events.forEach(apply)
      for (const [chatId, count] of Object.entries(page.unread)) {
        const chat = useChats().byId.get(Number(chatId))
        if (chat) useChats().setUnread(chat, count, page.as_of)
      }
      more = page.has_more && page.next > cursor
      cursor = Math.max(cursor, page.next)
    }
    cursor = Math.max(cursor, newestLive)
    caughtUp = true
  }

  /** @param {object} frame a durable frame from the socket */
  function receive(frame) {
    useReading().look()
    if (frame.type === 'new_message') {
      usePresence().onTyping({ chat_id: frame.chat_id, user_id: frame.message.sender_id, typing: false })
    }
    if (!loaded.value) return void early.push(frame)
    newestLive = Math.max(newestLive, frame.seq)
    apply(frame)
    if (caughtUp) cursor = Math.max(cursor, frame.seq)
  }

  /** May be called again with the same frame, and with older ones after newer ones. */
  function apply(frame) {
    const chats = useChats()
    const chat = chats.byId.get(frame.chat_id)
    if (!chat && frame.type === 'new_message') return inBackground(meet(frame))
    if (!chat && frame.type !== 'chat_created') return
    useThreads().apply(frame)
    chats.apply[frame.type](frame, chat)
    if (frame.type === 'new_message') announce(frame, chat)
  }

  function announce({ seq, chat_id, message }, chat) {
    if (announced.has(seq)) return
    announced.add(seq)
    console.log('📨 New message in chat list:', { chat_id, message })
    console.log(`📊 Unread count for chat ${chat_id}: ${useChats().unreadOf(chat)}`)
    console.log(`⬆️ Moved chat ${chat_id} to top`)
  }

  /** A live message may come from a chat whose creation the catch-up has yet to tell. */
  async function meet(frame) {
    const { chat_id } = frame
    if (!meeting.has(chat_id)) {
      const fetched = persistently(() => api.chat(chat_id)).then((chat) => useChats().put(chat))
      meeting.set(
        chat_id,
        fetched.finally(() => meeting.delete(chat_id)),
      )
    }
    try {
      await meeting.get(chat_id)
    } catch (error) {
      if (error instanceof ApiError) return // not, or no longer, a member
      throw error
    }
    if (useChats().byId.has(chat_id)) apply(frame)
  }

  function reset() {
    loaded.value = caughtUp = false
    trouble.value = ''
    cursor = newestLive = catchUps = 0
    early = []
    awaiting = []
    announced = new Set()
  }

  return { loaded, trouble, load, whenLoaded, catchUp, receive, reset }
})
