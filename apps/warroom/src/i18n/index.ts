import { useSettings } from '../state/settings.ts'
import { type Catalog, en } from './en.ts'
import { zh } from './zh.ts'

export type Language = 'en' | 'zh'

const CATALOGS: Record<Language, Catalog> = { en, zh }

/** What a component says; it is drawn again when the language is another. */
export const useWords = (): Catalog => CATALOGS[useSettings(({ language }) => language)]

/** What is said once, and by no component. */
export const say = (): Catalog => CATALOGS[useSettings.getState().language]
