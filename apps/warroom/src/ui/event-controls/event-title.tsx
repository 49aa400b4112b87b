import { markDeceptive } from '@engineer-chat/markdown'
import type { Event, User } from '@engineer-chat/protocol'
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { requestChange } from '../../state/events/change-event.ts'
import { findEventRights, useMembers } from '../../state/events/members.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** The server refuses a longer name. */
const MAX_NAME_CHARACTERS = 255

/** Shows the event's name. A user who may change the event can edit the name. `takesFocus` focuses the heading. */
export function EventTitle(props: { event: Event; user: User; takesFocus: boolean }): ReactNode {
  const { event, user, takesFocus } = props
  const t = useMessages()
  const { mayChange } = findEventRights(user, useMembers(event.event_id))
  const [isEditing, setIsEditing] = useState(false)
  const save = (submitEvent: FormEvent<HTMLFormElement>) => {
    submitEvent.preventDefault()
    const name = `${new FormData(submitEvent.currentTarget).get('event_name') ?? ''}`.trim()
    if (name !== '') requestChange(event, { field: 'event_name', to: name })
    setIsEditing(false)
  }
  const cancelOnEscape = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') setIsEditing(false)
  }
  if (isEditing) {
    return (
      <form className="rename" onSubmit={save} onKeyDown={cancelOnEscape}>
        <input
          ref={focusElement}
          name="event_name"
          aria-label={t.event_name}
          defaultValue={event.event_name}
          required
          maxLength={MAX_NAME_CHARACTERS}
        />
        <button
          type="submit"
          className="plain icon-only"
          aria-label={t.controls.save_name}
          title={t.controls.save_name}
        >
          <Icon name="check" />
        </button>
        <IconButton icon="close" label={t.close} onClick={() => setIsEditing(false)} />
      </form>
    )
  }
  return (
    <div className="named">
      <h1 ref={takesFocus ? focusElement : undefined} tabIndex={-1}>
        {markDeceptive(event.event_name)}
      </h1>
      {mayChange && <IconButton icon="edit" label={t.controls.rename} onClick={() => setIsEditing(true)} />}
    </div>
  )
}
