import { createCitationMatcher, type Message, type Person, removeCitationMarks } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { useSettings } from '../../state/page/settings.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { unpinMessage, usePins } from '../../state/rooms/pins.ts'
import { describeEventChange } from '../../text/event-change.ts'
import { takeBeginning, toPlainLine } from '../../text/excerpt.ts'
import { formatDay, toDayKey } from '../../text/time.ts'
import { toSenderKind, useSenderName } from '../message/sender.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Time } from '../parts/time.tsx'
import { closeDetailsOverRoom } from './close-details-over-room.ts'

const EXCERPT_CHARACTERS = 280

/** Lists pinned messages in the order in which they were written. */
export default function Pins({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { language, clock } = useSettings()
  const pins = usePins(event_id)
  const people = usePeople(event_id)
  const pinsByDay = Map.groupBy(pins, ({ created_at }) => toDayKey(created_at, clock))
  return (
    <>
      <p className="evidence-head">
        <button type="button" onClick={() => openDialog({ kind: 'export', event_id })}>
          <Icon name="download" /> {t.export_room}
        </button>
      </p>
      {pins.length === 0 && <p className="quiet">{t.no_evidence}</p>}
      {[...pinsByDay].map(([day, messages]) => (
        <section key={day} className="evidence">
          <h2>{formatDay(messages[0]?.created_at ?? '', language, clock)}</h2>
          <ol>
            {messages.map((message) => (
              <PinItem key={message.message_id} message={message} people={people} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

function PinItem({ message, people }: { message: Message; people: readonly Person[] }): ReactNode {
  const t = useMessages()
  const name = useSenderName(message, people)
  const { event_id, message_id, message_content, created_at, pinned } = message
  const mayUnpin = useMayAsk(event_id)
  const isCited = createCitationMatcher(message_content.citations ?? [])
  const line = describeEventChange(message, t) ?? removeCitationMarks(toPlainLine(message), isCited)
  const removePin = () =>
    unpinMessage(message).catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
  return (
    <li className="evidence-item" data-message={message_id}>
      <a href={toMessageHash(event_id, message_id)} onClick={closeDetailsOverRoom}>
        <span className="meta">
          <Time at={created_at} />
          <Avatar kind={toSenderKind(message)} name={name} />
          <strong>{name}</strong>
        </span>
        <span className="excerpt">{takeBeginning(line, EXCERPT_CHARACTERS)}</span>
      </a>
      <p className="meta">
        <Icon name="pin" /> {t.pinned_by(findName(people, pinned?.user_id ?? ''))}
        {mayUnpin && <IconButton icon="close" label={t.unpin} onClick={removePin} />}
      </p>
    </li>
  )
}
