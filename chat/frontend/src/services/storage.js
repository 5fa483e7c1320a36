/** What the browser keeps: tokens and user for all tabs (localStorage), unsent messages and drafts for this tab (sessionStorage). */

const TAB_KEYS = ['outbox', 'drafts']

export const tokens = {
  access: () => localStorage.getItem('access_token'),
  refresh: () => localStorage.getItem('refresh_token'),
  setAccess: (token) => localStorage.setItem('access_token', token),
}

/** @returns {import('./api.js').User | null} the stored user, null when absent or unreadable */
export function storedUser() {
  return parse(localStorage.getItem('user'))
}

export function storeUser(user) {
  localStorage.setItem('user', JSON.stringify(user))
}

/** The access token goes last: other tabs take its arrival as the sign-in. */
export function storeSession({ access_token, refresh_token, user }) {
  storeUser(user)
  localStorage.setItem('refresh_token', refresh_token)
  localStorage.setItem('access_token', access_token)
}

export function forgetSession() {
  for (const key of ['access_token', 'refresh_token', 'user']) localStorage.removeItem(key)
}

export function forgetTab() {
  for (const key of Object.keys(sessionStorage)) {
    if (TAB_KEYS.some((name) => key.startsWith(`${name}:`))) sessionStorage.removeItem(key)
  }
}

/** @param {'outbox' | 'drafts'} name */
export function loadForTab(name, userId) {
  return parse(sessionStorage.getItem(`${name}:${userId}`))
}

/** @param {'outbox' | 'drafts'} name */
export function saveForTab(name, userId, value) {
  try {
    sessionStorage.setItem(`${name}:${userId}`, JSON.stringify(value))
  } catch {
    // A full storage costs surviving a reload, nothing else.
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
