import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'

/** The server checks the limits of `PASSWORD_LENGTH` in the protocol. */
export const MIN_PASSWORD_LENGTH = 10
/**
 * An input cuts a longer text silently. It counts UTF-16 units and the server code points, which have up to two units,
 * so this is twice the server's limit.
 */
const MAX_LENGTH = 2 * 256

interface Props {
  name: string
  label: string
  autoComplete: 'current-password' | 'new-password'
  minLength?: number
}

export function PasswordInput({ label, ...input }: Props): ReactNode {
  return (
    <label>
      {label}
      <input type="password" required maxLength={MAX_LENGTH} {...input} />
    </label>
  )
}

/** Shows the input for a new password and the rules for it. */
export function NewPasswordInput({ name }: { name: string }): ReactNode {
  const t = useMessages()
  return (
    <>
      <PasswordInput name={name} label={t.password_new} autoComplete="new-password" minLength={MIN_PASSWORD_LENGTH} />
      <p className="quiet">{t.password_advice}</p>
    </>
  )
}

/** Sets the browser's message for two inputs that differ. While it is set, the browser does not send the form. */
export function requireSameText(form: HTMLFormElement, [first, second]: [string, string], message: string): void {
  const data = new FormData(form)
  const input = form.elements.namedItem(second)
  if (input instanceof HTMLInputElement) input.setCustomValidity(data.get(first) === data.get(second) ? '' : message)
}
