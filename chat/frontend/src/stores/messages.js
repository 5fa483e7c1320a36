/** The messages of each chat opened so far: pages and frames in, one gapless list by seq out. */
import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { mergeMessage } from '../lib/merge.js'
import { api, ApiError } from '../services/api.js'
import { persistently } from '../services/persistently.js'
import { useChats } from './chats.js'
import { useOutbox } from './outbox.js'
import { useSession } from './session.js'
import { useSync } from './sync.js'

/**
 * @typedef {{messages: object[], state: 'loading' | 'ready' | 'refused', hasOlder: boolean, loadingOlder: boolean,
 *   early: object[]}} Thread `early`: frames that came while a page was on its way, which may not know of them
 */

export const useThreads = defineStore('messages', () => {
  /** @type {Map<number, Thread>} */
  const byChat = reactive(new Map())

  /** Loads the newest page once; from then on frames keep the list complete, open or not. */
  async function open(chatId) {
    if (byChat.has(chatId) && byChat.get(chatId).state !== 'refused') return
    byChat.set(chatId, { messages: [], state: 'loading', hasOlder: false, loadingOlder: false, early: [] })
    const thread = byChat.get(chatId)
    const beforeList = !useSync().loaded
    try {
      const page = await persistently(() => api.messages(chatId))
      if (byChat.get(chatId) !== thread) return
      thread.hasOlder = page.has_more
      thread.state = 'ready'
      addPage(thread, page.messages)
      if (!beforeList) return
      await useSync().whenLoaded()
      await join(thread, chatId, page.messages.at(-1)?.seq ?? 0)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      thread.state = 'refused'
    }
  }

  /** A page older than the list of chats leaves a gap before the first frame: pages on until they meet. */
  async function join(thread, chatId, seq) {
    for (let more = true; more && byChat.get(chatId) === thread;) {
      const page = await persistently(() => api.messages(chatId, { after: seq, limit: 100 }))
      addPage(thread, page.messages)
      const newest = page.messages.at(-1)?.seq ?? seq
      more = page.has_more && newest > seq
      seq = newest
    }
  }

  async function loadOlder(chatId) {
    const thread = byChat.get(chatId)
    if (!thread?.hasOlder || thread.loadingOlder) return
    thread.loadingOlder = true
    try {
      const page = await persistently(() => api.messages(chatId, { before: thread.messages[0].seq }))
      thread.hasOlder = page.has_more
      thread.loadingOlder = false
      addPage(thread, page.messages)
    } catch (error) {
      thread.loadingOlder = false
      if (!(error instanceof ApiError)) throw error
    }
  }

  function addPage(thread, messages) {
    for (const message of messages) add(thread, message)
    for (const frame of thread.early.splice(0)) applyTo(thread, frame)
  }

  function add(thread, message, frameSeq) {
    if (message.sender_id === useSession().userId) useOutbox().settle(message.client_id)
    let at = thread.messages.length
    while (at > 0 && thread.messages[at - 1].seq > message.seq) at--
    const known = thread.messages[at - 1]
    if (known?.seq === message.seq) mergeMessage(known, message, frameSeq)
    else thread.messages.splice(at, 0, { ...message, frame_seq: frameSeq })
  }

  /** The server's answer to something done here, long ago maybe: what was sent again after a reload. */
  function receive(message) {
    const thread = byChat.get(message.chat_id)
    if (thread) take(thread, { message })
    useChats().noteMessage(message)
  }

  /** @param {object} frame a durable frame, live or caught up */
  function apply(frame) {
    const { message } = frame
    if (!message) return
    if (message.sender_id === useSession().userId) useOutbox().settle(message.client_id)
    const thread = byChat.get(frame.chat_id)
    if (thread) take(thread, frame)
  }

  function take(thread, frame) {
    if (thread.state !== 'ready' || thread.loadingOlder) thread.early.push(frame)
    if (thread.state === 'ready') applyTo(thread, frame)
  }

  function applyTo(thread, frame) {
    const oldest = thread.messages[0]?.seq ?? Infinity
    // Adding a message older than the pages loaded would leave a gap after it.
    if (thread.hasOlder && frame.message.seq < oldest) return
    add(thread, frame.message, frame.seq)
  }

  function drop(chatId) {
    byChat.delete(chatId)
  }

  function reset() {
    byChat.clear()
  }

  return { byChat, open, loadOlder, receive, apply, drop, reset }
})
