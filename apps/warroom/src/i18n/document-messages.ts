import { useSettings } from '../state/page/settings.ts'
import { type DocumentCatalog, documentsEn } from './documents/en.ts'
import { documentsZh } from './documents/zh.ts'

export type { DocumentCatalog }

/** Messages of documents are loaded with their views only. */
export const useDocumentMessages = (): DocumentCatalog =>
  useSettings(({ language }) => language) === 'zh' ? documentsZh : documentsEn
