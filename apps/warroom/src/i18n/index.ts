import { useSettings } from '../state/page/settings.ts'
import { type Catalog, en } from './en.ts'
import type { Language } from './language.ts'
import { zh } from './zh.ts'

const CATALOGS: Record<Language, Catalog> = { en, zh }

/** Returns the messages of the chosen language, and renders the component again when that changes. */
export const useMessages = (): Catalog => CATALOGS[useSettings(({ language }) => language)]

/** Returns the messages of the current language outside components. */
export const getMessages = (): Catalog => CATALOGS[useSettings.getState().language]
