import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { useWords } from '../../i18n/index.ts'
import { useOutbox } from '../../state/outbox.ts'
import { usePeopleOf } from '../../state/people.ts'
import { readUpTo } from '../../state/reading.ts'
import { useRoom } from '../../state/rooms.ts'
import { type Row, rowsOf } from '../../state/rows.ts'
import { useSettings } from '../../state/settings.ts'
import { Icon } from '../icon.tsx'
import { RowView } from './row.tsx'
import { Typing } from './typing.tsx'
import { useJump } from './use-jump.ts'
import { usePlace } from './use-place.ts'

interface Props {
  user: User
  event_id: string
  message_id: string
}

export function Timeline({ user, event_id, message_id }: Props): ReactNode {
  const say = useWords()
  const rows = useRows(user.user_id, event_id)
  const people = usePeopleOf(event_id)
  const loaded = useRoom(event_id, (room) => room.last_seq !== null)
  const list = useRef<VListHandle>(null)
  const box = useRef<HTMLDivElement>(null)
  const place = usePlace({ list, box, rows, user_id: user.user_id, event_id, hasTarget: message_id !== '' })
  const jumped = useJump({ list, rows, event_id, message_id, leave: place.leave })
  return (
    <div className="timeline" ref={box} aria-busy={!loaded}>
      {!loaded && <Skeleton />}
      <VList
        ref={list}
        className="rows"
        role="log"
        aria-live="off"
        aria-label={say.timeline}
        tabIndex={0}
        shift={place.shift}
        onScroll={place.scrolled}
        data={rows}
      >
        {(row) => (
          <RowView
            key={row.key}
            row={row}
            user={user}
            people={people}
            event_id={event_id}
            marked={row.key === jumped}
          />
        )}
      </VList>
      <Typing event_id={event_id} user_id={user.user_id} />
      {place.below > 0 && (
        <button type="button" className="new-pill" onClick={place.toBottom}>
          <Icon name="arrow_down" /> {say.new_messages(place.below)}
        </button>
      )}
      {place.below === 0 && place.away && (
        <button
          type="button"
          className="new-pill bare"
          aria-label={say.to_bottom}
          title={say.to_bottom}
          onClick={place.toBottom}
        >
          <Icon name="arrow_down" />
        </button>
      )}
    </div>
  )
}

function useRows(user_id: string, event_id: string): Row[] {
  const messages = useRoom(event_id, (room) => room.messages)
  const first_position = useRoom(event_id, (room) => room.first_position)
  const has_more = useRoom(event_id, (room) => room.has_more)
  const event = useRoom(event_id, (room) => room.event)
  const { items, confirmed } = useOutbox()
  const clock = useSettings((settings) => settings.clock)
  const [read_position] = useState(() => readUpTo(user_id, event_id)) // the line stays where it was on coming in
  return useMemo(() => {
    const unsent = items.filter((item) => item.event_id === event_id)
    const rows = rowsOf({ messages, unsent, confirmed, user_id, clock, read_position, first_position })
    return event && !has_more ? [{ kind: 'opening', key: 'opening', event }, ...rows] : rows
  }, [messages, items, confirmed, user_id, clock, read_position, first_position, has_more, event, event_id])
}

const Skeleton = (): ReactNode => (
  <div className="skeleton" aria-hidden="true">
    {[60, 85, 40, 70].map((width) => (
      <span key={width} className={`w${width}`} />
    ))}
  </div>
)
