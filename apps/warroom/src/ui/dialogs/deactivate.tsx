import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/problems.ts'
import { showToast } from '../../state/page/toasts.ts'
import { changeUser } from '../../state/people/users.ts'
import { useAct } from './act.ts'
import { LeaveOrStay } from './leave-or-stay.tsx'

/** Tells what a deactivation ends and what stays, before it is done; a toast takes it back. */
export function Deactivate({ user_id, username }: { user_id: string; username: string }): ReactNode {
  const t = useMessages()
  const { busy, problem, act } = useAct()
  const activate = () =>
    changeUser(user_id, { active: true }).then(
      () => showToast(t.activated(username), 'good'),
      (error: unknown) => showToast(t.trouble[toErrorKind(error)].what, 'bad'),
    )
  const deactivate = async () => {
    await changeUser(user_id, { active: false })
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
      {problem !== '' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <LeaveOrStay leave={t.deactivate} stay={t.keep_active} busy={busy} act={() => act(deactivate)} />
    </div>
  )
}
