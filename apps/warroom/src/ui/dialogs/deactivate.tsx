import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { updateUser } from '../../state/people/users.ts'
import { LeaveOrStay } from './leave-or-stay.tsx'
import { useAction } from './use-action.ts'

/** Tells what a deactivation ends and what stays, before it is done; a toast takes it back. */
export function Deactivate({ user_id, username }: { user_id: string; username: string }): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const activate = () =>
    updateUser(user_id, { active: true }).then(
      () => showToast(t.activated(username), 'good'),
      (error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  const deactivate = async () => {
    await updateUser(user_id, { active: false })
    showToast(t.deactivated(username), 'plain', { label: t.undo, run: () => void activate() })
  }
  return (
    <div className="content">
      <p>
        <strong>{username}</strong>
      </p>
      <ul className="points">
        {t.deactivate_what.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {errorText !== '' && (
        <p className="error-text" role="alert">
          {errorText}
        </p>
      )}
      <LeaveOrStay leave={t.deactivate} stay={t.keep_active} busy={isBusy} act={() => run(deactivate)} />
    </div>
  )
}
