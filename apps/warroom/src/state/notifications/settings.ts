import { create } from 'zustand'
import { readStored, store } from '../page/storage.ts'
import type { NoticeKind } from './notices.ts'
import { isQuietAt, type QuietHours } from './quiet-hours.ts'

export interface NotificationSettings {
  isOn: boolean
  kinds: Record<NoticeKind, boolean>
  /** Says whether a notification shows the message. Otherwise it shows only the event's name and the kind of notice. */
  showsText: boolean
  hasQuietHours: boolean
  quietHours: QuietHours
}

export const NOTIFICATION_SETTINGS_KEY = 'ec/notifications'

const DEFAULTS: NotificationSettings = {
  isOn: false,
  kinds: { mention: true, answer: true, critical: true },
  showsText: false,
  hasQuietHours: false,
  quietHours: { from: '22:00', until: '07:00' },
}

/** The settings belong to this browser, because each machine shows its own notifications. */
export const useNotificationSettings = create<NotificationSettings>(() => ({
  ...DEFAULTS,
  ...readStored<Partial<NotificationSettings>>(NOTIFICATION_SETTINGS_KEY),
}))

export function updateNotificationSettings(changes: Partial<NotificationSettings>): void {
  useNotificationSettings.setState(changes)
  store(NOTIFICATION_SETTINGS_KEY, useNotificationSettings.getState())
}

/** Reads the settings again after another tab has changed them. */
export function reloadNotificationSettings(): void {
  useNotificationSettings.setState({
    ...DEFAULTS,
    ...readStored<Partial<NotificationSettings>>(NOTIFICATION_SETTINGS_KEY),
  })
}

export const mayNotify = (settings: NotificationSettings, kind: NoticeKind, now: Date): boolean =>
  settings.isOn && settings.kinds[kind] && !(settings.hasQuietHours && isQuietAt(now, settings.quietHours))
