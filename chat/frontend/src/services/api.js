/**
 * REST calls: arguments in, the server's JSON out.
 * An access token that ran out is refreshed once for all callers and the call repeated once; any other 401 ends the session.
 *
 * @typedef {{id: number, username: string, display_name: string, online: boolean}} User
 * @typedef {User & {last_read_seq: number}} Member
 * @typedef {{id: number, seq: number, chat_id: number, sender_id: number, client_id: string, content: string,
 *   created_at: string, edited_at: string | null, deleted: boolean}} Message
 * @typedef {{id: number, name: string | null, is_group: boolean, created_by: number, members: Member[],
 *   unread_count: number, unread_as_of: number, last_message: Message | null, activity_seq: number}} Chat
 */
import { tokens } from './storage.js'

const BASE_URL = import.meta.env.VITE_API_URL || 'http://localhost:8000/api'
const TIMEOUT_MS = 15_000

/** The server answered with a refusal. */
export class ApiError extends Error {
  /** @param {number} status @param {string} detail the server's one sentence */
  constructor(status, detail) {
    super(detail)
    this.status = status
  }
}

/** No answer: unreachable, cut off or too slow. Whether the call had its effect is not known. */
export class NetworkError extends Error {}

/** The session of whoever asked is over: nobody is left to use the answer. */
export class SessionEnded extends Error {}

/** Trying the same call again later may help. */
export function isTransient(error) {
  if (error instanceof NetworkError) return true
  if (!(error instanceof ApiError)) return false
  return error.status >= 500 || error.status === 408 || error.status === 429 || isExpired(error)
}

let session = new AbortController()
let refreshing = null
let onSessionRefused = () => {}

/** @returns {AbortSignal} aborted when the session in which it was asked for ends */
export const sessionSignal = () => session.signal

/** Ends every call and wait of this session; what comes late is thrown away. */
export function endCalls() {
  session.abort(new SessionEnded())
  session = new AbortController()
  refreshing = null
}

/** @param {() => void} handler called when the server no longer accepts this session */
export function whenSessionRefused(handler) {
  onSessionRefused = handler
}

export function refuseSession() {
  onSessionRefused()
}

/**
 * Gets a new access token in place of `used`; callers at the same moment share one request.
 * A refused refresh token ends the session; network trouble never does.
 * @param {string | null} used the access token that was refused
 */
export function refreshToken(used) {
  if (tokens.access() && tokens.access() !== used) return Promise.resolve()
  refreshing ??= requestRefresh().finally(() => (refreshing = null))
  return refreshing
}

async function requestRefresh() {
  const token = tokens.refresh()
  try {
    if (!token) throw new ApiError(401, 'No refresh token')
    const { access_token } = await request('POST', '/auth/refresh', { body: { refresh_token: token } })
    if (tokens.refresh() === token) tokens.setAccess(access_token)
  } catch (error) {
    // Here "Token expired" is said of the refresh token: nothing is left to renew it with.
    if (error.status === 401 || (error instanceof ApiError && !isTransient(error))) {
      refuseSession()
      throw new SessionEnded()
    }
    throw error
  }
}

async function call(method, path, body, options) {
  const used = tokens.access()
  try {
    return await request(method, path, { body, token: used, ...options })
  } catch (error) {
    if (!isExpired(error)) throw judged(error, used)
  }
  await refreshToken(used)
  const renewed = tokens.access()
  try {
    return await request(method, path, { body, token: renewed, ...options })
  } catch (error) {
    throw judged(error, renewed)
  }
}

/** A 401 for the token in use, other than by its age, says the session is dead. */
function judged(error, used) {
  if (error.status !== 401 || isExpired(error) || tokens.access() !== used) return error
  refuseSession()
  return new SessionEnded()
}

function isExpired(error) {
  return error instanceof ApiError && error.status === 401 && error.message === 'Token expired'
}

async function request(method, path, { body, token, signal = session.signal, keepalive = false } = {}) {
  const headers = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (token) headers.Authorization = `Bearer ${token}`
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS)
  try {
    const response = await fetch(BASE_URL + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.any([signal, deadline.signal]),
      keepalive,
    })
    const text = await response.text()
    if (!response.ok) throw new ApiError(response.status, detailOf(text) ?? `The server answered ${response.status}`)
    return text ? JSON.parse(text) : null
  } catch (error) {
    if (signal.aborted) throw new SessionEnded()
    if (error instanceof ApiError) throw error
    throw new NetworkError('The server cannot be reached')
  } finally {
    clearTimeout(timer)
  }
}

function detailOf(text) {
  try {
    const { detail } = JSON.parse(text)
    return typeof detail === 'string' ? detail : (detail?.[0]?.msg ?? null)
  } catch {
    return null
  }
}

/** Ends a session that this browser has forgotten already; refreshes when its access token ran out. */
async function logout({ access_token, refresh_token }) {
  const { signal } = new AbortController()
  const post = (path, options) => request('POST', path, { signal, keepalive: true, ...options })
  try {
    await post('/auth/logout', { token: access_token })
  } catch (error) {
    if (!isExpired(error)) return
    const renewed = await post('/auth/refresh', { body: { refresh_token } }).catch(() => null)
    if (renewed) await post('/auth/logout', { token: renewed.access_token }).catch(() => {})
  }
}

const query = (parameters) => {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return set.length ? `?${new URLSearchParams(set)}` : ''
}

export const api = {
  login: (credentials) => request('POST', '/auth/login', { body: credentials }),
  register: (account) => request('POST', '/auth/register', { body: account }),
  logout,
  me: () => call('GET', '/users/me'),
  findUsers: (text) => call('GET', `/users${query({ query: text })}`),
  chats: () => call('GET', '/chats'),
  chat: (id) => call('GET', `/chats/${id}`),
  createChat: (chat) => call('POST', '/chats', chat),
  addMember: (chatId, userId) => call('POST', `/chats/${chatId}/members`, { user_id: userId }),
  removeMember: (chatId, userId) => call('DELETE', `/chats/${chatId}/members/${userId}`),
  messages: (chatId, { before, after, limit = 50 } = {}) =>
    call('GET', `/chats/${chatId}/messages${query({ before, after, limit })}`),
  sendMessage: (chatId, { content, client_id }) => call('POST', `/chats/${chatId}/messages`, { content, client_id }),
  editMessage: (id, content) => call('PATCH', `/messages/${id}`, { content }),
  deleteMessage: (id) => call('DELETE', `/messages/${id}`),
  // Also when the window closes at once.
  markRead: (chatId, seq) => call('POST', `/chats/${chatId}/read`, { seq }, { keepalive: true }),
  sync: (after) => call('GET', `/sync${query({ after, limit: 100 })}`),
}
