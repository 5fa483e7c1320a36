/**
 * The list of chats: snapshots and frames in, rows in order with previews and unread counts out.
 * Everything is told apart by server sequence: what is older than what a chat already shows is ignored.
 */
import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'
import { mergeMessage } from '../lib/merge.js'
import { useThreads } from './messages.js'
import { usePresence } from './presence.js'
import { useReading } from './reading.js'
import { useSession } from './session.js'

export const useChats = defineStore('chats', () => {
  const session = useSession()
  /** @type {Map<number, import('../services/api.js').Chat & {as_of: number}>} */
  const byId = reactive(new Map())
  /** Names of everybody met, those who left a group since included. */
  const names = reactive(new Map())

  const ordered = computed(() => [...byId.values()].sort((a, b) => b.activity_seq - a.activity_seq || b.id - a.id))
  const totalUnread = computed(() => ordered.value.reduce((sum, chat) => sum + unreadOf(chat), 0))

  /** A chat whose messages are being looked at has nothing unread, whatever the server has yet to hear. */
  function unreadOf(chat) {
    return useReading().readChatId === chat.id ? 0 : chat.unread_count
  }

  function nameOf(chat) {
    if (chat.name) return chat.name
    const others = chat.members.filter(({ id }) => id !== session.userId)
    return others.map(({ display_name }) => display_name).join(', ') || 'Nobody else'
  }

  /** @returns the other person of a direct chat */
  function otherOf(chat) {
    return chat.is_group ? null : (chat.members.find(({ id }) => id !== session.userId) ?? null)
  }

  function myMember(chat) {
    return chat.members.find(({ id }) => id === session.userId)
  }

  /** @param {import('../services/api.js').Chat} chat a snapshot; one older than the chat shown is ignored */
  function put(chat, asOf = chat.unread_as_of) {
    const known = byId.get(chat.id)
    if (known && known.as_of > asOf) return
    usePresence().learn(chat.members)
    for (const { id, display_name } of chat.members) names.set(id, display_name)
    if (!known) return void byId.set(chat.id, { ...chat, as_of: asOf })
    const { unread_count, unread_as_of, last_message, activity_seq, ...rest } = chat
    const readSeqs = known.members.map(({ id, last_read_seq }) => [id, last_read_seq])
    Object.assign(known, rest, { as_of: asOf })
    for (const [id, seq] of readSeqs) setRead(known, id, seq)
    setUnread(known, unread_count, unread_as_of)
    if (last_message) noteMessage(last_message)
    known.activity_seq = Math.max(known.activity_seq, activity_seq)
  }

  /** Who shares no chat any more comes and goes unheard. */
  function forget(userIds) {
    const shared = new Set([...byId.values()].flatMap(({ members }) => members.map(({ id }) => id)))
    for (const id of userIds) if (!shared.has(id)) usePresence().online.delete(id)
  }

  function remove(chatId) {
    const members = byId.get(chatId)?.members ?? []
    byId.delete(chatId)
    forget(members.map(({ id }) => id))
    useThreads().drop(chatId)
  }

  /** The newest message of a chat makes its preview and its place in the list; an older one changes neither. */
  function noteMessage(message, frameSeq) {
    const chat = byId.get(message.chat_id)
    if (!chat) return
    if (chat.last_message?.id === message.id) mergeMessage(chat.last_message, message, frameSeq)
    else if (message.seq > (chat.last_message?.seq ?? 0)) chat.last_message = { ...message, frame_seq: frameSeq }
    chat.activity_seq = Math.max(chat.activity_seq, message.seq)
  }

  /** @param {number} asOf the seq at which it was counted */
  function setUnread(chat, count, asOf) {
    if (count == null || asOf <= chat.unread_as_of) return
    chat.unread_as_of = asOf
    // The server may have counted before it heard what was read here.
    chat.unread_count = asOf <= (myMember(chat)?.last_read_seq ?? 0) ? 0 : count
  }

  function setRead(chat, userId, seq) {
    const member = chat.members.find(({ id }) => id === userId)
    if (member) member.last_read_seq = Math.max(member.last_read_seq ?? 0, seq)
  }

  /** Everything up to `seq` has been read here. */
  function readHere(chat, seq) {
    setRead(chat, session.userId, seq)
    if (seq >= chat.unread_as_of || seq >= chat.activity_seq) chat.unread_count = 0
  }

  function applyMembership(chat, frame, change) {
    if (frame.seq <= chat.as_of) return
    chat.as_of = frame.seq
    change()
  }

  /** What each durable frame does to the list. The chat is known, except for `chat_created`. */
  const apply = {
    new_message(frame, chat) {
      noteMessage(frame.message, frame.seq)
      setUnread(chat, frame.unread_count, frame.seq)
    },
    message_edited(frame, chat) {
      if (chat.last_message?.id === frame.message.id) noteMessage(frame.message, frame.seq)
    },
    message_deleted(frame, chat) {
      if (chat.last_message?.id === frame.message.id) noteMessage(frame.message, frame.seq)
      setUnread(chat, frame.unread_count, frame.seq)
    },
    read(frame, chat) {
      setRead(chat, frame.user_id, frame.last_read_seq)
      if (frame.user_id === session.userId) setUnread(chat, frame.unread_count, frame.seq)
    },
    chat_created(frame) {
      put(frame.chat, frame.seq)
    },
    member_added(frame, chat) {
      applyMembership(chat, frame, () => {
        names.set(frame.user.id, frame.user.display_name)
        usePresence().learn([frame.user])
        if (!chat.members.some(({ id }) => id === frame.user.id)) chat.members.push({ last_read_seq: 0, ...frame.user })
      })
    },
    member_removed(frame, chat) {
      applyMembership(chat, frame, () => {
        if (frame.user_id === session.userId) remove(chat.id)
        else {
          chat.members = chat.members.filter(({ id }) => id !== frame.user_id)
          forget([frame.user_id])
        }
      })
    },
  }

  function reset() {
    byId.clear()
    names.clear()
  }

  return {
    byId,
    names,
    ordered,
    totalUnread,
    unreadOf,
    nameOf,
    otherOf,
    myMember,
    put,
    remove,
    noteMessage,
    setUnread,
    readHere,
    apply,
    reset,
  }
})
