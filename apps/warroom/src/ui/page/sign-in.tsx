import type { User } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/problems.ts'
import { change, useSettings } from '../../state/page/settings.ts'
import { signIn } from '../../state/people/session.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'

/** Alone on the page, or above a room whose sign-in ran out: what was written there stays. */
export function SignIn({ returning }: { returning?: User }): ReactNode {
  const say = useMessages()
  const { submit, busy, problem } = useSubmit()
  return (
    <main className={returning ? 'center over' : 'center'}>
      <form className="card sign-in" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>{returning ? say.sign_in_again : say.app_name}</h1>
        <p className="quiet">{returning ? say.sign_in_again_why : say.tagline}</p>
        <label>
          {say.username}
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
          {say.password}
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
            ref={returning ? focusElement : undefined}
          />
        </label>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="primary" disabled={busy}>
          {busy ? say.signing_in : say.sign_in}
        </button>
        <LanguageButton />
      </form>
    </main>
  )
}

function useSubmit() {
  const say = useMessages()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setProblem('')
    signIn(`${data.get('username')}`.trim(), `${data.get('password')}`).catch((error: unknown) => {
      const trouble = toErrorKind(error)
      const { what, next } = trouble === 'unauthorized' ? say.wrong_password : say.trouble[trouble]
      setProblem(`${what} ${next}`)
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
