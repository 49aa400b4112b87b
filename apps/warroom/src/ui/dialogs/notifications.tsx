import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { NoticeKind } from '../../state/notifications/notices.ts'
import {
  type NotificationSettings,
  updateNotificationSettings,
  useNotificationSettings,
} from '../../state/notifications/settings.ts'
import { supportsLocks } from '../../state/notifications/tabs.ts'
import { ErrorText } from '../parts/error-text.tsx'

const NOTICE_KINDS: readonly NoticeKind[] = ['mention', 'answer', 'critical']

/** Without the Web Locks API, each open tab would show the same notification. */
const canNotify = (): boolean => 'Notification' in globalThis && supportsLocks()

/** Lets the reader choose this browser's notifications. When they are turned on, the browser asks for permission. */
export function NotificationsDialog(): ReactNode {
  const t = useMessages().notifications
  const settings = useNotificationSettings()
  const [isRefused, setIsRefused] = useState(() => canNotify() && Notification.permission === 'denied')
  const setNotificationsOn = async (isOn: boolean) => {
    const isAllowed = !isOn || (await Notification.requestPermission()) === 'granted'
    setIsRefused(!isAllowed)
    updateNotificationSettings({ isOn: isOn && isAllowed })
  }
  if (!canNotify()) return <p className="content">{t.impossible}</p>
  return (
    <div className="content">
      <Checkbox label={t.turn_on} isOn={settings.isOn} onChange={(isOn) => void setNotificationsOn(isOn)} />
      {isRefused && <ErrorText text={t.refused} />}
      <fieldset className="notice-choices" disabled={!settings.isOn}>
        <legend>{t.kinds_label}</legend>
        {NOTICE_KINDS.map((kind) => (
          <Checkbox
            key={kind}
            label={t.kind[kind]}
            isOn={settings.kinds[kind]}
            onChange={(isOn) => updateNotificationSettings({ kinds: { ...settings.kinds, [kind]: isOn } })}
          />
        ))}
        <Checkbox
          label={t.shows_text}
          isOn={settings.showsText}
          onChange={(showsText) => updateNotificationSettings({ showsText })}
        />
        <QuietHoursFields settings={settings} />
      </fieldset>
      <p className="quiet">{t.never}</p>
    </div>
  )
}

function QuietHoursFields({ settings: { hasQuietHours, quietHours } }: { settings: NotificationSettings }): ReactNode {
  const t = useMessages().notifications
  return (
    <>
      <Checkbox
        label={t.quiet_hours}
        isOn={hasQuietHours}
        onChange={(isOn) => updateNotificationSettings({ hasQuietHours: isOn })}
      />
      {hasQuietHours && (
        <p className="quiet-hours">
          {(['from', 'until'] as const).map((name) => (
            <label key={name}>
              {t[name]}
              <input
                type="time"
                value={quietHours[name]}
                onChange={({ target }) =>
                  updateNotificationSettings({ quietHours: { ...quietHours, [name]: target.value } })
                }
              />
            </label>
          ))}
        </p>
      )}
    </>
  )
}

function Checkbox(props: { label: string; isOn: boolean; onChange(isOn: boolean): void }): ReactNode {
  const { label, isOn, onChange } = props
  return (
    <label className="choice">
      <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  )
}
