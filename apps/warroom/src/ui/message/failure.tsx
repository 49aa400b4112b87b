import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { ShownMessage } from '../parts/message-text.tsx'
import { LoadWholeButton } from './load-whole-button.tsx'
import { RetryButton } from './reply-foot.tsx'
import { useExpanded } from './use-expanded.ts'

/** Shows the cause of a failure, the next step, and the part of the answer that had been written. */
export function ReplyFailure({ message, isOwn }: { message: Message; isOwn: boolean }): ReactNode {
  const t = useMessages()
  const { error, content } = message.message_content
  const tlp = useRoom(message.event_id, ({ event }) => event?.tlp)
  const isForbiddenByTlp = error?.code === 'tlp_forbids_model' && tlp === 'red'
  const { cause, nextStep } = t.reply_error[error?.code ?? 'internal'] ?? t.reply_error.internal
  return (
    <div className="failure">
      <p>
        <strong>{cause}</strong> {nextStep}
      </p>
      <PartialAnswer message={message} />
      {message.truncated && <LoadWholeButton message={message} />}
      {content !== '' && (
        <details>
          <summary>{t.stored_text}</summary>
          <p className="text">{content}</p>
        </details>
      )}
      <p className="button-row">
        {isOwn && !isForbiddenByTlp && <RetryButton message={message} />}
        <span className="quiet">{t.chat_still_works}</span>
      </p>
    </div>
  )
}

/** Shows the part of the answer that had been written. It is open at first, because somebody may be reading it. */
function PartialAnswer({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [isOpen, setOpen] = useExpanded(`partial ${message.message_id}`, true)
  const { partial } = message.message_content
  const renderedText = useMemo(
    () =>
      isOpen && typeof partial === 'string'
        ? renderMarkdown(partial, { decodesReferences: true, firstLevel: 2 })
        : null,
    [isOpen, partial],
  )
  if (!partial) return null
  return (
    <details className="broken-off" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.partial_answer}</summary>
      {renderedText && (
        <ShownMessage value={toPartialMessage(message)}>
          <div className="prose">{renderedText}</div>
          <p className="cut-here error-text">{t.partial_answer_end}</p>
        </ShownMessage>
      )}
    </details>
  )
}

/**
 * Returns a message whose content is the partial answer. The indicators of the partial answer lose their path, because
 * only an indicator without a path belongs to the content.
 */
function toPartialMessage(message: Message): Message {
  const indicators = message.indicators?.flatMap(({ path, ...indicator }) => (path === '/partial' ? [indicator] : []))
  const content = message.message_content.partial ?? ''
  return { ...message, message_content: { ...message.message_content, content }, ...(indicators && { indicators }) }
}
