/** Moments in the viewer's zone and locale. `today` changes by itself when the viewer's midnight passes. */
import { ref } from 'vue'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const longDayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' })
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const shortDayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' })

/** The viewer's midnight that began today. */
export const today = ref(startOfDay(new Date()))

let timer = 0
checkDay()
document.addEventListener('visibilitychange', checkDay)
addEventListener('focus', checkDay)

/** A machine that slept through midnight wakes with a late timer: hence also whenever the page is looked at again. */
function checkDay() {
  const day = startOfDay(new Date())
  if (+day !== +today.value) today.value = day
  clearTimeout(timer)
  timer = setTimeout(checkDay, shiftDays(day, 1) - Date.now())
}

export function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate())
}

function shiftDays(day, days) {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days)
}

/** @returns {'Today' | 'Yesterday' | null} */
function recentDay(day) {
  if (+day === +today.value) return 'Today'
  return +day === +shiftDays(today.value, -1) ? 'Yesterday' : null
}

export const formatTime = (iso) => clock.format(new Date(iso))
export const formatFull = (iso) => full.format(new Date(iso))

/** @param {Date} day @returns {string} `Today`, `Yesterday` or a date, for a separator between messages */
export function formatDay(day) {
  const sameYear = day.getFullYear() === today.value.getFullYear()
  return recentDay(day) ?? (sameYear ? longDay : longDayAndYear).format(day)
}

/** @returns {string} the time today, `Yesterday` or a date, for a row of the list */
export function formatMoment(iso) {
  const date = new Date(iso)
  const day = startOfDay(date)
  const recent = recentDay(day)
  if (recent === 'Today') return clock.format(date)
  return recent ?? (day.getFullYear() === today.value.getFullYear() ? shortDay : shortDayAndYear).format(day)
}
