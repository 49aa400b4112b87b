import type { User } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { switchLanguage, useMessages } from '../../i18n/index.ts'
import { useOutbox } from '../../state/asking/outbox.ts'
import { toAdminHash } from '../../state/page/route.ts'
import { updateSettings, useSettings } from '../../state/page/settings.ts'
import { openDialog } from '../../state/page/view.ts'
import { signOut } from '../../state/people/sign-in.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'

export function Account({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const { theme, language } = useSettings()
  const unsentCount = useOutbox(({ items }) => items.length)
  const signOutOrConfirm = () => {
    if (unsentCount > 0) openDialog({ kind: 'sign_out', unsentCount })
    else void signOut()
  }
  return (
    <div className="account">
      <button type="button" className="plain me" popoverTarget="account-menu" title={t.account(user.username)}>
        <Avatar kind="person" name={user.username} />
        <span className="who">
          <strong>{user.username}</strong>
          <span className="quiet">{t.role[user.role]}</span>
        </span>
      </button>
      <div id="account-menu" className="menu" popover="auto">
        <button type="button" className="plain" onClick={signOutOrConfirm}>
          <Icon name="out" /> {t.sign_out}
        </button>
        <button type="button" className="plain" onClick={() => openDialog({ kind: 'notifications' })}>
          <Icon name="bell" /> {t.notifications.open}
        </button>
        <button type="button" className="plain" onClick={() => openDialog({ kind: 'change_password' })}>
          <Icon name="lock" /> {t.change_password}
        </button>
        <button type="button" className="plain" onClick={() => openDialog({ kind: 'sign_out_everywhere' })}>
          <Icon name="globe" /> {t.sign_out_everywhere}
        </button>
      </div>
      {user.role === 'admin' && (
        <a
          className="button plain icon-only"
          href={toAdminHash('users')}
          aria-label={t.administration}
          title={t.administration}
        >
          <Icon name="users" />
        </a>
      )}
      <IconButton
        icon={theme === 'dark' ? 'sun' : 'moon'}
        label={theme === 'dark' ? t.use_light : t.use_dark}
        onClick={() => updateSettings({ theme: theme === 'dark' ? 'light' : 'dark' })}
      />
      <IconButton icon="globe" label={language === 'zh' ? 'English' : '中文'} onClick={switchLanguage} />
      <IconButton icon="out" label={t.sign_out} onClick={signOutOrConfirm} />
    </div>
  )
}
