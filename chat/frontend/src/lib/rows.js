/** Messages in, what the list shows out: days between them, runs of one author drawn as one. */
import { startOfDay } from './time.js'

const RUN_LASTS_MS = 5 * 60_000

/**
 * @param {object[]} messages in order, unsent ones last
 * @returns {({key: string, day: Date} | {key: string, message: object, continued: boolean})[]}
 *   `continued`: by the same author as the one before, on the same day and soon after
 */
export function rowsOf(messages) {
  const rows = []
  let before = null
  let dayBefore = NaN
  for (const message of messages) {
    const at = new Date(message.created_at)
    const day = startOfDay(at)
    const newDay = +day !== +dayBefore
    if (newDay) rows.push({ key: `day:${+day}:${message.seq ?? message.client_id}`, day })
    const continued = !newDay && before.message.sender_id === message.sender_id && at - before.at < RUN_LASTS_MS
    rows.push({ key: `${message.sender_id}:${message.client_id ?? message.id}`, message, continued })
    before = { message, at }
    dayBefore = day
  }
  return rows
}
