import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { ShownMessage } from '../parts/message-text.tsx'
import { LoadWhole } from './load-whole.tsx'
import { useExpanded } from './opened.ts'
import { RetryButton } from './reply-foot.tsx'

/** Shows the cause and the next step in the reader's language, and the part of the answer that had been written. */
export function Failure({ message, own }: { message: Message; own: boolean }): ReactNode {
  const t = useMessages()
  const { error, content } = message.message_content
  const { what, next } = t.reply_error[error?.code ?? 'internal'] ?? t.reply_error.internal
  return (
    <div className="failure">
      <p>
        <strong>{what}</strong> {next}
      </p>
      <BrokenOff message={message} />
      {message.truncated && <LoadWhole message={message} />}
      {content !== '' && (
        <details>
          <summary>{t.as_stored}</summary>
          <p className="text">{content}</p>
        </details>
      )}
      <p className="ways">
        {own && <RetryButton message={message} />}
        <span className="quiet">{t.chat_still_works}</span>
      </p>
    </div>
  )
}

/** Is open at first, because somebody was reading it when it broke off. It is drawn as an answer is, without citations. */
function BrokenOff({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [opened, setOpened] = useExpanded(`partial ${message.message_id}`, true)
  const { partial } = message.message_content
  const shown = useMemo(
    () => (opened && typeof partial === 'string' ? renderMarkdown(partial, { decodes: true }) : null),
    [opened, partial],
  )
  if (!partial) return null
  return (
    <details className="broken-off" open={opened} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
      <summary>{t.broke_off}</summary>
      {shown && (
        <ShownMessage value={toPartialMessage(message)}>
          <div className="prose">{shown}</div>
          <p className="cut-here problem">{t.cut_here}</p>
        </ShownMessage>
      )}
    </details>
  )
}

/** The part that had been written, as if it were the message's content. */
function toPartialMessage(message: Message): Message {
  const indicators = message.indicators?.flatMap(({ path, ...found }) => (path === '/partial' ? [found] : []))
  const content = message.message_content.partial ?? ''
  return { ...message, message_content: { ...message.message_content, content }, ...(indicators && { indicators }) }
}
