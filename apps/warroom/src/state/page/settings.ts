import { create } from 'zustand'
import type { Language } from '../../i18n/language.ts'
import { type Clock, clearFormats } from '../../text/time.ts'
import { readStored, store } from './storage.ts'

export type Theme = 'dark' | 'light'

export interface Settings {
  theme: Theme
  language: Language
  clock: Clock
  /** Holds the IANA name of this machine's time zone. It isn't stored. */
  localZone: string
}

const STORAGE_KEY = 'ec/settings'

const readLocalZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

const readDefaults = (): Settings => ({
  theme: matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark',
  language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
  clock: 'local',
  localZone: readLocalZone(),
})

export const useSettings = create<Settings>(() => ({
  ...readDefaults(),
  ...readStored<Partial<Settings>>(STORAGE_KEY),
}))

useSettings.subscribe((settings) => {
  const { localZone: _, ...stored } = settings
  store(STORAGE_KEY, stored)
  applyToDocument(settings)
})

export const updateSettings = (settings: Partial<Settings>): void => useSettings.setState(settings)

function applyToDocument({ theme, language }: Settings): void {
  document.documentElement.dataset.theme = theme
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

applyToDocument(useSettings.getState())

const ZONE_CHECK_INTERVAL_MS = 15_000

/** Updates the time zone, because a laptop may be carried into another zone while its page stays open. */
function updateLocalZone(): void {
  const localZone = readLocalZone()
  if (localZone === useSettings.getState().localZone) return
  clearFormats()
  updateSettings({ localZone })
}

setInterval(updateLocalZone, ZONE_CHECK_INTERVAL_MS)
addEventListener('focus', updateLocalZone)
document.addEventListener('visibilitychange', updateLocalZone)
