import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'

/** Repeats the minimum of `PASSWORD_LENGTH` in the protocol. The server also checks the length. */
export const MIN_PASSWORD_LENGTH = 10
/**
 * Is twice the server's limit, because an input counts UTF-16 units, and the server counts code points, which have up
 * to two units. With a lower limit, an input could silently cut a password that the server accepts.
 */
const MAX_PASSWORD_UNITS = 2 * 256

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
      <input type="password" required maxLength={MAX_PASSWORD_UNITS} {...input} />
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
export function requireSameText(form: HTMLFormElement, [name, repeatedName]: [string, string], message: string): void {
  const formData = new FormData(form)
  const repeatedInput = form.elements.namedItem(repeatedName)
  if (!(repeatedInput instanceof HTMLInputElement)) return
  repeatedInput.setCustomValidity(formData.get(name) === formData.get(repeatedName) ? '' : message)
}
