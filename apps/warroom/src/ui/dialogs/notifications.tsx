import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { NoticeKind } from '../../state/notifications/notices.ts'
import {
  type NotificationSettings,
  updateNotificationSettings,
  useNotificationSettings,
} from '../../state/notifications/settings.ts'
import { hasLocks } from '../../state/notifications/tabs.ts'

const KINDS: readonly NoticeKind[] = ['mention', 'answer', 'critical']

const isPossible = (): boolean => 'Notification' in globalThis && hasLocks()

/** Chooses what this browser notifies of. The browser asks for its permission when they are turned on. */
export function Notifications(): ReactNode {
  const t = useMessages().notifications
  const settings = useNotificationSettings()
  const [isRefused, setIsRefused] = useState(() => isPossible() && Notification.permission === 'denied')
  const turn = async (isOn: boolean) => {
    const isAllowed = !isOn || (await Notification.requestPermission()) === 'granted'
    setIsRefused(!isAllowed)
    updateNotificationSettings({ isOn: isOn && isAllowed })
  }
  if (!isPossible()) return <p className="content">{t.impossible}</p>
  return (
    <div className="content">
      <Check label={t.turn_on} isOn={settings.isOn} onChange={(isOn) => void turn(isOn)} />
      {isRefused && (
        <p className="error-text" role="alert">
          {t.refused}
        </p>
      )}
      <fieldset className="notice-choices" disabled={!settings.isOn}>
        <legend>{t.of_what}</legend>
        {KINDS.map((kind) => (
          <Check
            key={kind}
            label={t.kind[kind]}
            isOn={settings.kinds[kind]}
            onChange={(isOn) => updateNotificationSettings({ kinds: { ...settings.kinds, [kind]: isOn } })}
          />
        ))}
        <Check
          label={t.shows_text}
          isOn={settings.showsText}
          onChange={(showsText) => updateNotificationSettings({ showsText })}
        />
        <Quiet settings={settings} />
      </fieldset>
      <p className="quiet">{t.never}</p>
    </div>
  )
}

function Quiet({ settings: { hasQuietHours, quietHours } }: { settings: NotificationSettings }): ReactNode {
  const t = useMessages().notifications
  return (
    <>
      <Check
        label={t.quiet_hours}
        isOn={hasQuietHours}
        onChange={(isOn) => updateNotificationSettings({ hasQuietHours: isOn })}
      />
      {hasQuietHours && (
        <p className="quiet-hours">
          {(['from', 'until'] as const).map((end) => (
            <label key={end}>
              {t[end]}
              <input
                type="time"
                value={quietHours[end]}
                onChange={({ target }) =>
                  updateNotificationSettings({ quietHours: { ...quietHours, [end]: target.value } })
                }
              />
            </label>
          ))}
        </p>
      )}
    </>
  )
}

function Check(props: { label: string; isOn: boolean; onChange(isOn: boolean): void }): ReactNode {
  const { label, isOn, onChange } = props
  return (
    <label className="choice">
      <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  )
}
