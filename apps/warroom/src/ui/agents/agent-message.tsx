import type { Message, Person } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { MessageActions } from '../message/actions.tsx'
import { PinnedBy } from '../message/message.tsx'
import { useSenderName } from '../message/sender.ts'
import { VisibilityLabel } from '../message/visibility.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { ErrorBoundary } from '../parts/error-boundary.tsx'
import { ShownMessage } from '../parts/message-text.tsx'
import { Time } from '../parts/time.tsx'
import { AgentBody } from './agent-body.tsx'

interface Props {
  message: Message
  /** Says whether this message continues the group of the row above. Only the first row of a group shows the role. */
  isContinuation: boolean
  /**
   * Says whether the message shows its round: the nearest line above that names a round names another one, or no line
   * above names a round.
   */
  showsRound: boolean
  people: readonly Person[]
  /** Says whether a link has led to this message. */
  isJumpTarget: boolean
}

/**
 * Shows an agent's message as a row of a log: the role, then the text on one line until it is unfolded, then the time.
 */
export function AgentMessage({ message, isContinuation, showsRound, people, isJumpTarget }: Props): ReactNode {
  const t = useMessages()
  const name = useSenderName(message, people)
  const type = t.agent_type(message.message_type)
  const classes = [
    'message',
    'agent',
    isContinuation && 'continued',
    message.pinned && 'pinned',
    isJumpTarget && 'jump-target',
  ]
  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      id={`m-${message.message_id}`}
      tabIndex={-1} // A tap on a touch screen focuses the message, which shows the toolbar.
      data-kind="agent"
      data-type={message.message_type}
      aria-label={t.message_by(name)}
    >
      <span className="agent-role" title={`${t.tag_agent} · ${type}`}>
        {!isContinuation && (
          <>
            <Avatar kind="agent" name={name} />
            <strong>{name}</strong>
          </>
        )}
        <span className="unseen"> {`${t.tag_agent}, ${type}`}</span>
      </span>
      <div className="body">
        <PinnedBy message={message} people={people} />
        <ErrorBoundary fallback={<p className="text">{message.message_content.content}</p>}>
          <ShownMessage value={message}>
            <AgentBody message={message} isJumpTarget={isJumpTarget} />
          </ShownMessage>
        </ErrorBoundary>
      </div>
      <span className="when">
        {showsRound && message.round_id !== null && <span className="type">{t.agents_round(message.round_id)}</span>}
        {!isContinuation && <VisibilityLabel category="agent" visibility={message.visibility} />}
        <Time at={message.created_at} />
      </span>
      <MessageActions message={message} kind="agent" isOwn={false} />
    </article>
  )
}
