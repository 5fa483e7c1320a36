import { afterEach, beforeEach, expect, vi } from 'vitest'
import { leave } from './people.js'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-10T12:00:00Z') })
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'warn')
  vi.spyOn(console, 'error')
  vi.stubGlobal('reportError', (error) => console.error(error))
})

/** Normal running warns of nothing; a test that provokes an error takes it with `takeErrors`. */
afterEach(() => {
  leave()
  localStorage.clear()
  sessionStorage.clear()
  vi.useRealTimers()
  expect(console.warn).not.toHaveBeenCalled()
  expect(console.error).not.toHaveBeenCalled()
})
