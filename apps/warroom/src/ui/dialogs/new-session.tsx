import type { User, Visibility } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { startSession } from '../../state/asking/chat.ts'
import { setRecipient, useRecipient } from '../../state/asking/recipient.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { useAction } from './use-action.ts'

export function NewSessionDialog({ event_id, user }: { event_id: string; user: User }): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const recipient = useRecipient(user.user_id, event_id)
  const [visibility, setVisibility] = useState<Visibility>(recipient.visibility)
  const [carriesOver, setCarriesOver] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    run(async () => {
      await startSession(event_id, visibility, carriesOver)
      setRecipient(user.user_id, event_id, { to: 'ai', visibility })
    })
  }
  return (
    <form className="content" onSubmit={submit}>
      <p className="quiet">{t.new_session_hint}</p>
      <fieldset>
        <legend>{t.who_sees}</legend>
        {(['private', 'room'] as const).map((name) => (
          <label key={name} className="choice">
            <input type="radio" name="visibility" checked={visibility === name} onChange={() => setVisibility(name)} />
            {name === 'private' ? t.seen_by_me : t.seen_by_people}
          </label>
        ))}
      </fieldset>
      <label className="choice">
        <input type="checkbox" checked={carriesOver} onChange={({ target }) => setCarriesOver(target.checked)} />
        {t.carry_over}
      </label>
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {t.start_session}
        </button>
      </p>
    </form>
  )
}
