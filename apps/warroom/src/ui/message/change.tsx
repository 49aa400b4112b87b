import { markDeceptive } from '@engineer-chat/markdown'
import type { Message, Person } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName } from '../../state/events/people.ts'
import { describeEventChange } from '../../text/event-change.ts'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { MessageActions } from './actions.tsx'
import { PinnedBy } from './message.tsx'

/** Shows a change of the event in one line, with the name of the person or the agent that made it. */
export function ChangeView(props: { message: Message; people: readonly Person[]; isJumpTarget: boolean }): ReactNode {
  const { message, people, isJumpTarget } = props
  const t = useMessages()
  const name = findName(people, message.user_id ?? '')
  const classes = ['message', 'change', message.pinned && 'pinned', isJumpTarget && 'jump-target']
  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      id={`m-${message.message_id}`}
      tabIndex={-1}
      data-kind="system"
      data-type={message.message_type}
      aria-label={t.event_change.by(name)}
    >
      <span className="mark">
        <Icon name="edit" />
      </span>
      <div className="body">
        <PinnedBy message={message} people={people} />
        <p>
          <strong>{name}</strong> {markDeceptive(describeEventChange(message, t) ?? message.message_content.content)}{' '}
          <Time at={message.created_at} />
        </p>
      </div>
      <MessageActions message={message} kind="system" isOwn={false} />
    </article>
  )
}
