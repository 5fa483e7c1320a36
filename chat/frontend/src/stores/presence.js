/** Who is online and who is typing: passing things, told by the socket alone. */
import { defineStore } from 'pinia'
import { reactive } from 'vue'

/** A little longer than the server's own limit: the last resort when its `typing: false` is lost. */
const TYPING_LASTS_MS = 6_000

export const usePresence = defineStore('presence', () => {
  /** @type {Map<number, boolean>} */
  const online = reactive(new Map())
  /** @type {Map<number, Set<number>>} chat id to the users typing in it */
  const typing = reactive(new Map())
  const timers = new Map()

  /** What a list of members says counts only until the socket has spoken. */
  function learn(members) {
    for (const { id, online: isOnline } of members) if (!online.has(id)) online.set(id, Boolean(isOnline))
  }

  function onConnected(frame) {
    for (const id of online.keys()) online.set(id, false)
    for (const id of frame.online) online.set(id, true)
  }

  function onPresence(frame) {
    online.set(frame.user_id, frame.online)
  }

  function onTyping({ chat_id, user_id, typing: isTyping }) {
    const key = `${chat_id}:${user_id}`
    clearTimeout(timers.get(key))
    timers.delete(key)
    if (!isTyping) return void typing.get(chat_id)?.delete(user_id)
    if (!typing.has(chat_id)) typing.set(chat_id, new Set())
    typing.get(chat_id).add(user_id)
    timers.set(
      key,
      setTimeout(() => onTyping({ chat_id, user_id, typing: false }), TYPING_LASTS_MS),
    )
  }

  function reset() {
    online.clear()
    typing.clear()
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
  }

  return { online, typing, learn, onConnected, onPresence, onTyping, reset }
})
