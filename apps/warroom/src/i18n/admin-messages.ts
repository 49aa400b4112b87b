import { useSettings } from '../state/page/settings.ts'
import { type AdminCatalog, adminEn } from './admin/en.ts'
import { adminZh } from './admin/zh.ts'

export type { AdminCatalog }

/** Messages for administrators are loaded with their pages only. */
export const useAdminMessages = (): AdminCatalog =>
  useSettings(({ language }) => language) === 'zh' ? adminZh : adminEn
