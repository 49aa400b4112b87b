import { create } from 'zustand'
import { updateSettings, useSettings } from '../state/page/settings.ts'
import { showToast } from '../state/page/toasts.ts'
import type { Catalog } from './en.ts'
import type { Language } from './language.ts'

const LOADERS: Record<Language, () => Promise<Catalog>> = {
  en: async () => (await import('./en.ts')).en,
  zh: async () => (await import('./zh.ts')).zh,
}

const useCatalog = create<{ catalog: Catalog | undefined }>(() => ({ catalog: undefined }))

/** Returns the page's texts in the chosen language, and renders the component again when the language changes. */
export const useMessages = (): Catalog => requireLoaded(useCatalog(({ catalog }) => catalog))

/** Returns the page's texts in the chosen language, for code outside components. */
export const getMessages = (): Catalog => requireLoaded(useCatalog.getState().catalog)

function requireLoaded(catalog: Catalog | undefined): Catalog {
  if (!catalog) throw new Error('The messages are needed before loadMessages has resolved.')
  return catalog
}

/** Loads the page's texts in a language and then shows the page in that language. */
export async function loadMessages(language: Language): Promise<void> {
  useCatalog.setState({ catalog: await LOADERS[language]() })
  updateSettings({ language })
}

/** Shows the page in the other language, once its texts in that language have loaded. */
export function switchLanguage(): void {
  const language = useSettings.getState().language === 'zh' ? 'en' : 'zh'
  loadMessages(language).catch(() => showToast(getMessages().part_not_loaded, 'bad'))
}
