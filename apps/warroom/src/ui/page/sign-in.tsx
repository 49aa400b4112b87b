import { ApiProblem } from '@engineer-chat/client'
import type { User } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/problems.ts'
import { change, useSettings } from '../../state/page/settings.ts'
import { signIn } from '../../state/people/session.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { useSecondsUntil } from './use-seconds-until.ts'

/** Fills the page, or covers the room after the sign-in expired, so that the drafts in the room are kept. */
export function SignIn({ returning }: { returning?: User }): ReactNode {
  const t = useMessages()
  const { submit, busy, problem } = useSubmit()
  return (
    <main className={returning ? 'center over' : 'center'}>
      <form className="card sign-in" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>{returning ? t.sign_in_again : t.app_name}</h1>
        <p className="quiet">{returning ? t.sign_in_again_why : t.tagline}</p>
        <label>
          {t.username}
          <input
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            ref={returning ? undefined : focusElement}
            defaultValue={returning?.username}
          />
        </label>
        <label>
          {t.password}
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            ref={returning ? focusElement : undefined}
          />
        </label>
        {problem && <Problem {...problem} />}
        <button type="submit" className="primary" disabled={busy}>
          {busy ? t.signing_in : t.sign_in}
        </button>
        <LanguageButton />
      </form>
    </main>
  )
}

interface SignInProblem {
  trouble: ErrorKind
  /** The server asks to wait until this time of `performance.now()`. */
  untilMs: number | null
}

function Problem({ trouble, untilMs }: SignInProblem): ReactNode {
  const t = useMessages()
  const { what, next } = trouble === 'unauthorized' ? t.wrong_password : t.trouble[trouble]
  return (
    <p className="problem" role="alert">
      {what} {trouble === 'rate_limited' && untilMs !== null ? <Countdown untilMs={untilMs} /> : next}
    </p>
  )
}

/** `aria-live="off"` keeps a screen reader from reading the countdown again each second. */
function Countdown({ untilMs }: { untilMs: number }): ReactNode {
  const t = useMessages()
  const seconds = useSecondsUntil(untilMs)
  return <span aria-live="off">{seconds > 0 ? t.try_again_in(seconds) : t.try_again_now}</span>
}

function useSubmit() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<SignInProblem>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(undefined)
    signIn(`${data.get('username')}`.trim(), `${data.get('password')}`).catch((error: unknown) => {
      const waitMs = error instanceof ApiProblem ? error.retryAfterMs : null
      setProblem({ trouble: toErrorKind(error), untilMs: waitMs === null ? null : performance.now() + waitMs })
      setBusy(false)
    })
  }
  return { submit, busy, problem }
}

function LanguageButton(): ReactNode {
  const language = useSettings((settings) => settings.language)
  return (
    <button type="button" className="plain" onClick={() => change({ language: language === 'zh' ? 'en' : 'zh' })}>
      <Icon name="globe" />{' '}
      <span lang={language === 'zh' ? 'en' : 'zh-CN'}>{language === 'zh' ? 'English' : '中文'}</span>
    </button>
  )
}
