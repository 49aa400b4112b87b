import { isThinking } from '@engineer-chat/client'
import { type Message, type Person, quotesChat, readQuote, type User } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName } from '../../state/events/people.ts'
import { formatExactTime } from '../../text/time.ts'
import { Avatar, type SenderKind } from '../parts/avatar.tsx'
import { ErrorBoundary } from '../parts/error-boundary.tsx'
import { Icon } from '../parts/icon.tsx'
import { ShownMessage } from '../parts/message-text.tsx'
import { Time } from '../parts/time.tsx'
import { QuoteBlock } from '../quoting/quote-block.tsx'
import { MessageActions } from './actions.tsx'
import { MessageBody } from './body.tsx'
import { ReplyFailure } from './failure.tsx'
import { Reply } from './reply.tsx'
import { toSenderKind, useSenderName } from './sender.ts'
import { VisibilityLabel } from './visibility.tsx'

interface Props {
  message: Message
  /** Says whether this message continues the group of the row above. Only the first row of a group shows the sender. */
  isContinuation: boolean
  user: User
  people: readonly Person[]
  /** Says whether a link, a pin, a citation or the search has led to this message. */
  isJumpTarget: boolean
}

export function MessageView({ message, isContinuation, user, people, isJumpTarget }: Props): ReactNode {
  const t = useMessages()
  const kind = toSenderKind(message)
  const isOwn = message.user_id === user.user_id
  const name = useSenderName(message, people)
  const quote = readQuote(message)
  const classes = [
    'message',
    kind,
    message.message_category,
    message.visibility,
    isOwn && 'own',
    isContinuation && 'continued',
    message.pinned && 'pinned',
    isJumpTarget && 'jump-target',
    message.mentions?.includes(user.user_id) && 'mentions-me',
  ]
  return (
    <article
      className={classes.filter(Boolean).join(' ')}
      id={`m-${message.message_id}`}
      tabIndex={-1} // A tap on a touch screen focuses the message, which shows the toolbar.
      data-kind={kind}
      data-type={message.message_type}
      aria-label={t.message_by(name)}
    >
      {isContinuation ? (
        <span className="gutter">
          <Time at={message.created_at} />
        </span>
      ) : (
        <Avatar kind={kind} name={name} />
      )}
      <div className="body">
        <PinnedBy message={message} people={people} />
        {!isContinuation && <Byline message={message} kind={kind} name={name} isOwn={isOwn} />}
        {quote && <QuoteBlock quote={quote} event_id={message.event_id} foldKey={message.message_id} />}
        <ErrorBoundary fallback={<p className="text">{message.message_content.content}</p>}>
          <ShownMessage value={message}>
            <MessageContent message={message} kind={kind} isOwn={isOwn} isJumpTarget={isJumpTarget} />
          </ShownMessage>
        </ErrorBoundary>
      </div>
      {!isThinking(message) && <MessageActions message={message} kind={kind} isOwn={isOwn} />}
    </article>
  )
}

export function PinnedBy({ message, people }: { message: Message; people: readonly Person[] }): ReactNode {
  const t = useMessages()
  if (!message.pinned) return null
  const { user_id, at } = message.pinned
  return (
    <p className="pinned-by" title={formatExactTime(at)}>
      <Icon name="pin" /> {t.pinned_by(findName(people, user_id))}
    </p>
  )
}

function Byline(props: { message: Message; kind: SenderKind; name: string; isOwn: boolean }): ReactNode {
  const { message, kind, name, isOwn } = props
  const t = useMessages()
  return (
    <p className="byline">
      <strong>{name}</strong>
      {kind === 'ai' && <span className="tag ai">{t.tag_ai}</span>}
      {kind === 'person' && isOwn && <span className="tag you">{t.you}</span>}
      {kind === 'person' && message.message_category === 'engineer_chat' && <span className="asks">{t.asks_ai}</span>}
      <VisibilityLabel
        category={message.message_category}
        visibility={message.visibility}
        quotesChat={quotesChat(readQuote(message))}
      />
      <Time at={message.created_at} />
    </p>
  )
}

interface MessageContentProps extends Pick<Props, 'message' | 'isJumpTarget'> {
  kind: SenderKind
  isOwn: boolean
}

function MessageContent({ message, kind, isOwn, isJumpTarget }: MessageContentProps): ReactNode {
  if (isThinking(message) || kind === 'ai') return <Reply message={message} isOwn={isOwn} isJumpTarget={isJumpTarget} />
  if (kind === 'system' && message.message_content.error) return <ReplyFailure message={message} isOwn={isOwn} />
  return <MessageBody message={message} />
}
