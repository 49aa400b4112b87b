import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOut } from '../../state/people/sign-in.ts'
import { Confirm } from './confirm.tsx'

/** Warns that signing out discards the unsent messages. */
export function SignOutDialog({ unsentCount }: { unsentCount: number }): ReactNode {
  const t = useMessages()
  return (
    <Confirm confirmLabel={t.sign_out_anyway} cancelLabel={t.stay} onConfirm={() => void signOut()}>
      <p>{t.sign_out_loses(unsentCount)}</p>
    </Confirm>
  )
}
