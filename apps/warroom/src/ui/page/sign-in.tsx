import { ApiProblem } from '@engineer-chat/client'
import type { User } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { switchLanguage, useMessages } from '../../i18n/index.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { useSettings } from '../../state/page/settings.ts'
import { signIn } from '../../state/people/sign-in.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { useSecondsUntil } from './use-seconds-until.ts'

/** Shows the sign-in form. After a sign-in has expired, the form covers the page, which stays with its drafts. */
export function SignIn({ returningUser }: { returningUser?: User }): ReactNode {
  const t = useMessages()
  const { submit, isBusy, signInError } = useSubmit()
  return (
    <main className={returningUser ? 'center over' : 'center'}>
      <form className="card sign-in" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>{returningUser ? t.sign_in_again : t.app_name}</h1>
        <p className="quiet">{returningUser ? t.sign_in_again_reason : t.tagline}</p>
        <label>
          {t.username}
          <input
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            ref={returningUser ? undefined : focusElement}
            defaultValue={returningUser?.username}
          />
        </label>
        <label>
          {t.password}
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            ref={returningUser ? focusElement : undefined}
          />
        </label>
        {signInError && <ErrorLine {...signInError} />}
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? t.signing_in : t.sign_in}
        </button>
        <LanguageButton />
      </form>
    </main>
  )
}

interface SignInError {
  errorKind: ErrorKind
  /** The server accepts the next attempt at this time of `performance.now()`; null if the server names no time. */
  retryAtMs: number | null
}

function ErrorLine({ errorKind, retryAtMs }: SignInError): ReactNode {
  const t = useMessages()
  const { cause, nextStep } = errorKind === 'unauthorized' ? t.wrong_password : t.errorText[errorKind]
  return (
    <p className="error-text" role="alert">
      {cause} {errorKind === 'rate_limited' && retryAtMs !== null ? <Countdown untilMs={retryAtMs} /> : nextStep}
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
  const [isBusy, setIsBusy] = useState(false)
  const [signInError, setSignInError] = useState<SignInError>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const formData = new FormData(event.currentTarget)
    setIsBusy(true)
    setSignInError(undefined)
    signIn(`${formData.get('username')}`.trim(), `${formData.get('password')}`).catch((error: unknown) => {
      const waitMs = error instanceof ApiProblem ? error.retryAfterMs : null
      setSignInError({ errorKind: toErrorKind(error), retryAtMs: waitMs === null ? null : performance.now() + waitMs })
      setIsBusy(false)
    })
  }
  return { submit, isBusy, signInError }
}

function LanguageButton(): ReactNode {
  const language = useSettings((settings) => settings.language)
  return (
    <button type="button" className="plain" onClick={switchLanguage}>
      <Icon name="globe" />{' '}
      <span lang={language === 'zh' ? 'en' : 'zh-CN'}>{language === 'zh' ? 'English' : '中文'}</span>
    </button>
  )
}
