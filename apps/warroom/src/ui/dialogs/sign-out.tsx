import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOut } from '../../state/people/sign-in.ts'
import { LeaveOrStay } from './leave-or-stay.tsx'

export function SignOut({ unsent }: { unsent: number }): ReactNode {
  const t = useMessages()
  return (
    <div className="content">
      <p>{t.sign_out_loses(unsent)}</p>
      <LeaveOrStay leave={t.sign_out_anyway} act={() => void signOut()} />
    </div>
  )
}
