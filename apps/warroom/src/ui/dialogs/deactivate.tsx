import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { updateUser } from '../../state/people/users.ts'
import { Confirm, ExplanationList } from './confirm.tsx'
import { useAction } from './use-action.ts'

/** Explains the effects of a deactivation and asks for confirmation. The toast afterwards offers to undo it. */
export function DeactivateDialog({ user_id, username }: { user_id: string; username: string }): ReactNode {
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
  const labels = { confirmLabel: t.deactivate, cancelLabel: t.keep_active }
  return (
    <Confirm {...labels} isBusy={isBusy} errorText={errorText} onConfirm={() => run(deactivate)}>
      <p>
        <strong>{username}</strong>
      </p>
      <ExplanationList lines={t.deactivate_effects} />
    </Confirm>
  )
}
