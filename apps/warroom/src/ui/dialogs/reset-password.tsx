import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'
import { updateUser } from '../../state/people/users.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { NewPasswordInput, PasswordInput } from '../parts/password-input.tsx'
import { ExplanationList } from './confirm.tsx'
import { useAction } from './use-action.ts'

/**
 * Sets the password of another user. The administrator types their own password, because this gives access to an
 * account.
 */
export function ResetPasswordDialog({ user_id, username }: { user_id: string; username: string }): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const formData = new FormData(event.currentTarget)
    const [password, your_password] = [`${formData.get('password')}`, `${formData.get('your_password')}`]
    run(async () => {
      await updateUser(user_id, { password, your_password })
      showToast(t.password_was_reset(username), 'good')
    })
  }
  return (
    <form className="content" onSubmit={submit}>
      <p>
        <strong>{username}</strong>
      </p>
      <ExplanationList lines={t.reset_password_effects} />
      <NewPasswordInput name="password" />
      <PasswordInput name="your_password" label={t.password_yours} autoComplete="current-password" />
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {t.reset_password_button}
        </button>
      </p>
    </form>
  )
}
