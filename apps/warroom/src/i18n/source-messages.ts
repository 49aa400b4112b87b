import { useSettings } from '../state/page/settings.ts'
import { type SourceCatalog, sourcesEn } from './sources/en.ts'
import { sourcesZh } from './sources/zh.ts'

/** Returns the texts about sources, which are loaded with the first answer that shows its sources. */
export const useSourceMessages = (): SourceCatalog =>
  useSettings(({ language }) => language) === 'zh' ? sourcesZh : sourcesEn
