import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOutEverywhere } from '../../state/people/sign-in.ts'
import { LeaveOrStay } from './leave-or-stay.tsx'
import { useAction } from './use-action.ts'

/** Tells what ends and what stays, before a lost or open machine is signed out. */
export function SignOutEverywhere(): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  return (
    <div className="content">
      <ul className="points">
        {t.everywhere_what.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {errorText !== '' && (
        <p className="error-text" role="alert">
          {errorText}
        </p>
      )}
      <LeaveOrStay leave={t.everywhere_do} busy={isBusy} act={() => run(signOutEverywhere)} />
    </div>
  )
}
