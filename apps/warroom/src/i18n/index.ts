import { useSettings } from '../state/page/settings.ts'
import { type Catalog, en } from './en.ts'
import type { Language } from './language.ts'
import { zh } from './zh.ts'

const CATALOGS: Record<Language, Catalog> = { en, zh }

/** What a component says; it is drawn again when the language is another. */
export const useMessages = (): Catalog => CATALOGS[useSettings(({ language }) => language)]

/** What is said once, and by no component. */
export const currentMessages = (): Catalog => CATALOGS[useSettings.getState().language]
