import type { Visibility } from '@engineer-chat/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { chooseVisibility, startSession } from '../../state/asking/chat.ts'
import { useAct } from './act.ts'

export function NewSession({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { busy, problem, act } = useAct()
  const [visibility, setVisibility] = useState<Visibility>('private')
  const [carry, setCarry] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act(async () => {
      await startSession(event_id, visibility, carry)
      chooseVisibility(event_id, visibility)
    })
  }
  return (
    <form className="content" onSubmit={submit}>
      <p className="quiet">{t.new_session_what}</p>
      <fieldset>
        <legend>{t.who_sees}</legend>
        {(['private', 'room'] as const).map((one) => (
          <label key={one} className="choice">
            <input type="radio" name="visibility" checked={visibility === one} onChange={() => setVisibility(one)} />
            {one === 'private' ? t.seen_by_me : t.seen_by_people}
          </label>
        ))}
      </fieldset>
      <label className="choice">
        <input type="checkbox" checked={carry} onChange={({ target }) => setCarry(target.checked)} />
        {t.carry_over}
      </label>
      {problem !== '' && <p className="problem">{problem}</p>}
      <p className="ways">
        <button type="submit" className="primary" disabled={busy}>
          {t.start_session}
        </button>
      </p>
    </form>
  )
}
