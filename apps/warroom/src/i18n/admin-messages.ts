import { useSettings } from '../state/page/settings.ts'
import { type AdminCatalog, adminEn } from './admin/en.ts'
import { adminZh } from './admin/zh.ts'

export type { AdminCatalog }

/** What only administrators read comes with their pages. */
export const useAdminMessages = (): AdminCatalog =>
  useSettings(({ language }) => language) === 'zh' ? adminZh : adminEn
