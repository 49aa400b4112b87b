import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { signOutEverywhere } from '../../state/people/session.ts'
import { useAct } from './act.ts'
import { LeaveOrStay } from './leave-or-stay.tsx'

/** Tells what ends and what stays, before a lost or open machine is signed out. */
export function SignOutEverywhere(): ReactNode {
  const t = useMessages()
  const { busy, problem, act } = useAct()
  return (
    <div className="content">
      <ul className="points">
        {t.everywhere_what.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {problem !== '' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <LeaveOrStay leave={t.everywhere_do} busy={busy} act={() => act(signOutEverywhere)} />
    </div>
  )
}
