import { useSettings } from '../state/page/settings.ts'
import { type SourceCatalog, sourcesEn } from './sources/en.ts'
import { sourcesZh } from './sources/zh.ts'

/** Messages about sources are loaded with the foot of the first answer that has some. */
export const useSourceMessages = (): SourceCatalog =>
  useSettings(({ language }) => language) === 'zh' ? sourcesZh : sourcesEn
