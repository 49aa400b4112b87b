import { citedIn, type Message, type Person, withoutMarks } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { nameOf, usePeopleOf } from '../../state/events/people.ts'
import { troubleOf } from '../../state/page/problems.ts'
import { messageHash } from '../../state/page/route.ts'
import { useSettings } from '../../state/page/settings.ts'
import { toast } from '../../state/page/toasts.ts'
import { ask } from '../../state/page/view.ts'
import { unpin, useEvidence } from '../../state/rooms/pins.ts'
import { beginning } from '../../text/excerpt.ts'
import { dayKey, dayOf } from '../../text/time.ts'
import { kindOf, useSpeaker } from '../message/speaker.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Time } from '../parts/time.tsx'
import { jumped } from './close-covering-details.ts'

const EXCERPT_CHARACTERS = 280

/** What is pinned, in the order in which it was said: the incident as it can be shown. */
export function Evidence({ event_id }: { event_id: string }): ReactNode {
  const say = useWords()
  const { language, clock } = useSettings()
  const pins = useEvidence(event_id)
  const people = usePeopleOf(event_id)
  const days = Map.groupBy(pins, ({ created_at }) => dayKey(created_at, clock))
  return (
    <>
      <p className="evidence-head">
        <button type="button" onClick={() => ask({ kind: 'export', event_id })}>
          <Icon name="download" /> {say.export_room}
        </button>
      </p>
      {pins.length === 0 && <p className="quiet">{say.no_evidence}</p>}
      {[...days].map(([day, messages]) => (
        <section key={day} className="evidence">
          <h2>{dayOf(messages[0]?.created_at ?? '', language, clock)}</h2>
          <ol>
            {messages.map((message) => (
              <Pinned key={message.message_id} message={message} people={people} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

function Pinned({ message, people }: { message: Message; people: readonly Person[] }): ReactNode {
  const say = useWords()
  const name = useSpeaker(message, people)
  const { event_id, message_id, message_content, created_at, pinned } = message
  const { content, citations = [] } = message_content
  const off = () => unpin(message).catch((error: unknown) => toast(say.trouble[troubleOf(error)].what, 'bad'))
  return (
    <li className="evidence-item" data-message={message_id}>
      <a href={messageHash(event_id, message_id)} onClick={jumped}>
        <span className="meta">
          <Time at={created_at} />
          <Avatar kind={kindOf(message)} name={name} />
          <strong>{name}</strong>
        </span>
        <span className="excerpt">{beginning(withoutMarks(content, citedIn(citations)), EXCERPT_CHARACTERS)}</span>
      </a>
      <p className="meta">
        <Icon name="pin" /> {say.pinned_by(nameOf(people, pinned?.user_id ?? ''))}
        <IconButton icon="close" label={say.unpin} act={off} />
      </p>
    </li>
  )
}
