import type { FormEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { createEvent } from '../../state/events/events.ts'
import { navigate, toEventHash } from '../../state/page/route.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { EventChoices, readChoices } from '../parts/event-fields.tsx'
import { useAction } from './use-action.ts'

/** The server refuses a longer name or source. */
const MAX_FIELD_CHARACTERS = 255

export function NewEventDialog(): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const formData = new FormData(event.currentTarget)
    const readField = (name: string) => `${formData.get(name) ?? ''}`.trim()
    run(async () => {
      const { event_id } = await createEvent({
        event_name: readField('event_name'),
        message: readField('message'),
        source: readField('source') || 'manual',
        ...readChoices(readField),
        access: formData.get('restricted') ? 'restricted' : 'open',
      })
      navigate(toEventHash(event_id))
    })
  }
  return (
    <form className="content" onSubmit={submit}>
      <label>
        {t.event_name}
        <input name="event_name" required maxLength={MAX_FIELD_CHARACTERS} />
      </label>
      <label>
        {t.what_happened}
        <textarea name="message" required rows={4} />
      </label>
      <div className="pair">
        <label>
          {t.source_of_event}
          <input name="source" maxLength={MAX_FIELD_CHARACTERS} placeholder="manual" />
        </label>
        <EventChoices />
      </div>
      <label className="choice">
        <input type="checkbox" name="restricted" /> {t.restricted_label}
      </label>
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="submit" className="primary" disabled={isBusy}>
          {t.open_event}
        </button>
      </p>
    </form>
  )
}
