import type { Severity } from '@engineer-chat/protocol'
import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { openEvent } from '../../state/events/events.ts'
import { eventHash, navigate } from '../../state/page/route.ts'
import { useAct } from './act.ts'

const LEVELS = ['low', 'medium', 'high', 'critical'] as const

export function NewEvent(): ReactNode {
  const say = useMessages()
  const { busy, problem, act } = useAct()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => `${data.get(name) ?? ''}`.trim()
    act(async () => {
      const { event_id } = await openEvent({
        event_name: text('event_name'),
        message: text('message'),
        source: text('source') || 'manual',
        severity: text('severity') as Severity,
        access: data.get('restricted') ? 'restricted' : 'open',
      })
      navigate(eventHash(event_id))
    })
  }
  return (
    <form className="content" onSubmit={submit}>
      <label>
        {say.event_name}
        <input name="event_name" required maxLength={255} />
      </label>
      <label>
        {say.what_happened}
        <textarea name="message" required rows={4} />
      </label>
      <div className="pair">
        <label>
          {say.severity_label}
          <select name="severity" defaultValue="medium">
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {say.severity[level]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say.source_of_event}
          <input name="source" maxLength={255} placeholder="manual" />
        </label>
      </div>
      <label className="choice">
        <input type="checkbox" name="restricted" /> {say.restricted_what}
      </label>
      {problem !== '' && <p className="problem">{problem}</p>}
      <p className="ways">
        <button type="submit" className="primary" disabled={busy}>
          {say.open_event}
        </button>
      </p>
    </form>
  )
}
