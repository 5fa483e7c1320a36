/** Messages on their way, and drafts: text in; sent in order per chat, under one client_id however often it takes. */
import { defineStore } from 'pinia'
import { reactive, ref, watch } from 'vue'
import { newClientId } from '../lib/client-id.js'
import { api, ApiError } from '../services/api.js'
import { inBackground, persistently } from '../services/persistently.js'
import { loadForTab, saveForTab } from '../services/storage.js'
import { useThreads } from './messages.js'
import { useSession } from './session.js'

/** @typedef {{client_id: string, chat_id: number, sender_id: number, content: string, created_at: string,
 *   status: 'sending' | 'failed', error?: string}} Pending */

export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  /** @type {import('vue').Ref<Pending[]>} */
  const items = ref([])
  /** @type {Record<number, string>} chat id to what is typed and not sent */
  const drafts = reactive({})
  const busy = new Set()

  watch(() => session.userId, restore, { immediate: true, flush: 'sync' })

  function restore(userId) {
    if (userId === null) return
    items.value = loadForTab('outbox', userId) ?? []
    Object.assign(drafts, loadForTab('drafts', userId))
    for (const { chat_id } of items.value) inBackground(pump(chat_id))
  }

  function save() {
    saveForTab('outbox', session.userId, items.value)
  }

  function setDraft(chatId, text) {
    if (text) drafts[chatId] = text
    else delete drafts[chatId]
    saveForTab('drafts', session.userId, drafts)
  }

  function send(chatId, content) {
    items.value.push({
      client_id: newClientId(),
      chat_id: chatId,
      sender_id: session.userId,
      content,
      created_at: new Date().toISOString(),
      status: 'sending',
    })
    save()
    inBackground(pump(chatId))
  }

  function retry(clientId) {
    const item = find(clientId)
    if (!item) return
    item.status = 'sending'
    save()
    inBackground(pump(item.chat_id))
  }

  /** It is stored, or no longer wanted. */
  function settle(clientId) {
    if (!find(clientId)) return
    items.value = items.value.filter(({ client_id }) => client_id !== clientId)
    save()
  }

  function find(clientId) {
    return items.value.find(({ client_id }) => client_id === clientId)
  }

  function pendingIn(chatId) {
    return items.value.filter(({ chat_id }) => chat_id === chatId)
  }

  async function pump(chatId) {
    if (busy.has(chatId)) return
    busy.add(chatId)
    try {
      for (let item; (item = pendingIn(chatId).find(({ status }) => status === 'sending'));) await deliver(item)
    } finally {
      busy.delete(chatId)
    }
  }

  async function deliver({ client_id, chat_id, content }) {
    try {
      // Its echo over the socket may settle it while it waits to be tried again.
      const post = async () => find(client_id) && api.sendMessage(chat_id, { content, client_id })
      const message = await persistently(post)
      if (message) useThreads().receive(message)
      settle(client_id)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const item = find(client_id)
      if (item) Object.assign(item, { status: 'failed', error: error.message })
      save()
    }
  }

  function reset() {
    items.value = []
    busy.clear()
    for (const chatId of Object.keys(drafts)) delete drafts[chatId]
  }

  return { items, drafts, pendingIn, setDraft, send, retry, settle, reset }
})
