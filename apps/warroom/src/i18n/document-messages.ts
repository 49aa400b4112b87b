import { useSettings } from '../state/page/settings.ts'
import { type DocumentCatalog, documentsEn } from './documents/en.ts'
import { documentsZh } from './documents/zh.ts'

export type { DocumentCatalog }

/** Returns the texts about documents, which are loaded only with the views of documents. */
export const useDocumentMessages = (): DocumentCatalog =>
  useSettings(({ language }) => language) === 'zh' ? documentsZh : documentsEn
