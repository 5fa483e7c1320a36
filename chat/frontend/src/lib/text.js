/** What may be sent as a message, and how people are abbreviated. */

/** The server's limit, in code points after trimming. */
export const MAX_LENGTH = 10_000

export function lengthOf(text) {
  return [...text.trim()].length
}

export function isSendable(text) {
  const length = lengthOf(text)
  return length > 0 && length <= MAX_LENGTH
}

/** @returns {string} one or two initials */
export function initials(name) {
  const all = name.trim().split(/\s+/)
  const spelt = all.filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const words = spelt.length ? spelt : all.slice(0, 1)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words
  return chosen.map((word) => [...word][0] ?? '').join('')
}
