/** Which chat is being looked at, and telling the server what was read: only a visible page reads. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { api, ApiError } from '../services/api.js'
import { inBackground, persistently } from '../services/persistently.js'
import { useChats } from './chats.js'
import { useThreads } from './messages.js'
import { useSession } from './session.js'

export const useReading = defineStore('reading', () => {
  const openChatId = ref(null)
  const visible = ref(document.visibilityState === 'visible')
  /** The chat whose messages are before somebody's eyes: opened, loaded, and the page visible. */
  const readChatId = computed(() => {
    const loaded = useThreads().byChat.get(openChatId.value)?.state === 'ready'
    return loaded && visible.value ? openChatId.value : null
  })
  /** @type {Map<number, number>} chat id to the seq that is being reported */
  const reporting = new Map()

  function look() {
    visible.value = document.visibilityState === 'visible'
  }

  document.addEventListener('visibilitychange', look)

  /** The newest message shown of the chat looked at, when there is news from others in it. */
  const shown = computed(() => {
    const chat = useChats().byId.get(readChatId.value)
    if (!chat) return null
    const thread = useThreads().byChat.get(chat.id)
    const fromOthers = thread.messages.findLast((message) => message.sender_id !== useSession().userId)
    const readSeq = useChats().myMember(chat)?.last_read_seq ?? 0
    const newest = thread.messages.at(-1)?.seq ?? 0
    // What is unread may lie further up than what was loaded.
    const isNews = fromOthers?.seq > readSeq || (thread.hasOlder && chat.unread_count > 0 && newest > readSeq)
    return isNews ? { chat, seq: newest } : null
  })

  watch(
    shown,
    (news) => {
      if (!news) return
      useChats().readHere(news.chat, news.seq)
      inBackground(report(news.chat.id, news.seq))
    },
    { flush: 'sync' },
  )

  /** One report at a time and chat; what was read meanwhile goes in the next one. */
  async function report(chatId, seq) {
    const underWay = reporting.has(chatId)
    reporting.set(chatId, seq)
    if (underWay) return
    try {
      let reported
      do {
        reported = reporting.get(chatId)
        await persistently(() => api.markRead(chatId, (reported = reporting.get(chatId))))
      } while (reporting.get(chatId) > reported)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    } finally {
      reporting.delete(chatId)
    }
  }

  function reset() {
    openChatId.value = null
  }

  return { openChatId, readChatId, visible, look, reset }
})
