import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { restoreSignIn, useSignIn } from '../../state/people/sign-in.ts'
import { Announcer } from '../parts/announcer.tsx'
import { Toasts } from '../parts/toasts.tsx'
import { Dialogs } from './dialogs.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'

export function App(): ReactNode {
  const { phase, user } = useSignIn()
  if (phase === 'starting') return <StartingPage />
  if (phase === 'unreachable') return <UnreachablePage />
  if (phase === 'out' || !user) return <SignIn />
  return (
    <>
      <Shell user={user} />
      <Dialogs user={user} />
      <Toasts />
      <Announcer />
      {phase === 'expired' && <SignIn returningUser={user} />}
    </>
  )
}

function StartingPage(): ReactNode {
  const t = useMessages()
  return (
    <main className="center" aria-busy="true">
      <p className="quiet">{t.starting}</p>
    </main>
  )
}

function UnreachablePage(): ReactNode {
  const t = useMessages()
  return (
    <main className="center">
      <div className="card">
        <h1>{t.app_name}</h1>
        <p>{t.errorText.unreachable.cause}</p>
        <p className="quiet">{t.errorText.unreachable.nextStep}</p>
        <button type="button" className="primary" onClick={() => void restoreSignIn()}>
          {t.try_again}
        </button>
      </div>
    </main>
  )
}
