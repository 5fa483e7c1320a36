/** Text in a search box in, people whose names begin with it out. */
import { ref, watch } from 'vue'
import { api, SessionEnded } from '../services/api.js'

const TYPING_PAUSE_MS = 150

/** For use in a component's setup. Answers that come late, out of order, are dropped. */
export function usePeopleSearch() {
  const query = ref('')
  const people = ref([])
  const trouble = ref('')
  let latest = 0

  watch(
    query,
    (text, before, onCleanup) => {
      const number = ++latest
      const timer = setTimeout(() => find(text.trim(), number), before === undefined ? 0 : TYPING_PAUSE_MS)
      onCleanup(() => clearTimeout(timer))
    },
    { immediate: true },
  )

  async function find(text, number) {
    try {
      const found = await api.findUsers(text)
      if (number !== latest) return
      people.value = found
      trouble.value = ''
    } catch (error) {
      if (number === latest && !(error instanceof SessionEnded)) trouble.value = error.message
    }
  }

  return { query, people, trouble }
}
