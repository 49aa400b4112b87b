import { create } from 'zustand'
import type { Language } from '../../i18n/language.ts'
import type { Clock } from '../../text/time.ts'
import { readStored, store } from './storage.ts'

export type Theme = 'dark' | 'light'

export interface Settings {
  theme: Theme
  language: Language
  clock: Clock
}

const KEY = 'ec/settings'

const readDefaults = (): Settings => ({
  theme: matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark',
  language: navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
  clock: 'local',
})

export const useSettings = create<Settings>(() => ({ ...readDefaults(), ...readStored<Partial<Settings>>(KEY) }))

useSettings.subscribe((settings) => {
  store(KEY, settings)
  show(settings)
})

export const change = (settings: Partial<Settings>): void => useSettings.setState(settings)

function show({ theme, language }: Settings): void {
  document.documentElement.dataset.theme = theme
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

show(useSettings.getState())
