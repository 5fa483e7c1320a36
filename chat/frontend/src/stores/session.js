/** Who is signed in. Ends everywhere at once: socket, calls, stores, storage, the other tabs of this browser. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, endCalls, whenSessionRefused } from '../services/api.js'
import { forgetSession, forgetTab, storedUser, storeSession, storeUser, tokens } from '../services/storage.js'
import { websocket } from '../services/websocket.js'
import { useChats } from './chats.js'
import { useOutbox } from './outbox.js'
import { usePresence } from './presence.js'
import { useReading } from './reading.js'
import { useSync } from './sync.js'
import { useThreads } from './messages.js'

export const useSession = defineStore('session', () => {
  /** @type {import('vue').Ref<import('../services/api.js').User | null>} */
  const user = ref(storedUser())
  const signedIn = ref(Boolean(tokens.access()))
  const userId = computed(() => user.value?.id ?? null)
  /** Counts sign-ins and sign-outs. */
  const epoch = ref(0)

  async function signIn(credentials) {
    begin(await api.login(credentials))
  }

  async function register(account) {
    begin(await api.register(account))
  }

  function begin(session) {
    storeSession(session)
    adopt()
  }

  function adopt() {
    user.value = storedUser()
    signedIn.value = true
    epoch.value++
  }

  /** Whoever stored only tokens (a script, an older page) is asked for by name once. */
  async function ensureUser() {
    if (user.value) return
    const me = await api.me()
    storeUser(me)
    user.value = me
  }

  function signOut() {
    const session = { access_token: tokens.access(), refresh_token: tokens.refresh() }
    end()
    forgetSession()
    if (session.access_token) api.logout(session).catch(() => {})
  }

  function end() {
    websocket.close()
    endCalls()
    for (const use of [useSync, useChats, useThreads, useOutbox, useReading, usePresence]) use().reset()
    forgetTab()
    user.value = null
    signedIn.value = false
    epoch.value++
  }

  function onRefused() {
    if (!signedIn.value) return
    end()
    forgetSession()
  }

  /** Follows what another tab of this browser did. */
  function onStorage({ key, newValue }) {
    if (key !== 'access_token' && key !== null) return
    if (signedIn.value && (!newValue || storedUser()?.id !== userId.value)) end()
    if (newValue && !signedIn.value) adopt()
  }

  whenSessionRefused(onRefused)
  addEventListener('storage', onStorage)

  return { user, userId, signedIn, epoch, signIn, register, signOut, ensureUser }
})
