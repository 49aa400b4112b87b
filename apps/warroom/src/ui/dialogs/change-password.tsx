import type { User } from '@engineer-chat/protocol'
import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'
import { client } from '../../state/people/sign-in.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { NewPasswordInput, PasswordInput, requireSameText } from '../parts/password-input.tsx'
import { useAction } from './use-action.ts'

/**
 * Changes the user's own password. The user also types the old password, because somebody else may use a page that was
 * left open.
 */
export function ChangePasswordDialog({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const formData = new FormData(event.currentTarget)
    const [current_password, new_password] = [`${formData.get('current_password')}`, `${formData.get('new_password')}`]
    run(async () => {
      await client.changePassword({ current_password, new_password })
      showToast(t.password_changed, 'good')
    })
  }
  const compareInputs = ({ currentTarget }: FormEvent<HTMLFormElement>) =>
    requireSameText(currentTarget, ['new_password', 'repeated'], t.passwords_differ)
  return (
    <form className="content" onSubmit={submit} onInput={compareInputs}>
      <p>{t.change_password_effects}</p>
      {/* Password managers store the new password under this name. */}
      <input name="username" autoComplete="username" value={user.username} readOnly hidden />
      <PasswordInput name="current_password" label={t.password_current} autoComplete="current-password" />
      <NewPasswordInput name="new_password" />
      <PasswordInput name="repeated" label={t.password_again} autoComplete="new-password" />
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {t.change_password_button}
        </button>
      </p>
    </form>
  )
}
