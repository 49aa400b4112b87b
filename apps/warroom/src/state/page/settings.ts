import { create } from 'zustand'
import type { Language } from '../../i18n/language.ts'
import { type Clock, clearFormats } from '../../text/time.ts'
import { readStored, store } from './storage.ts'

export type Theme = 'dark' | 'light'

export interface Settings {
  theme: Theme
  language: Language
  clock: Clock
  /** Holds this machine's time zone. It isn't stored. */
  zone: string
}

const KEY = 'ec/settings'

const readZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

const readDefaults = (): Settings => ({
  theme: matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark',
  language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
  clock: 'local',
  zone: readZone(),
})

export const useSettings = create<Settings>(() => ({ ...readDefaults(), ...readStored<Partial<Settings>>(KEY) }))

useSettings.subscribe((settings) => {
  const { zone: _, ...kept } = settings
  store(KEY, kept)
  show(settings)
})

export const change = (settings: Partial<Settings>): void => useSettings.setState(settings)

function show({ theme, language }: Settings): void {
  document.documentElement.dataset.theme = theme
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

show(useSettings.getState())

const ZONE_CHECK_INTERVAL_MS = 15_000

/** Checks for a new time zone, because a laptop may travel while its page stays open. */
function updateZone(): void {
  const zone = readZone()
  if (zone === useSettings.getState().zone) return
  clearFormats()
  change({ zone })
}

setInterval(updateZone, ZONE_CHECK_INTERVAL_MS)
addEventListener('focus', updateZone)
document.addEventListener('visibilitychange', updateZone)
