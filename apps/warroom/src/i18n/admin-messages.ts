import { useSettings } from '../state/page/settings.ts'
import { type AdminCatalog, adminEn } from './admin/en.ts'
import { adminZh } from './admin/zh.ts'

export type { AdminCatalog }

/** Returns the texts of the pages for administrators, which are loaded only with these pages. */
export const useAdminMessages = (): AdminCatalog =>
  useSettings(({ language }) => language) === 'zh' ? adminZh : adminEn
