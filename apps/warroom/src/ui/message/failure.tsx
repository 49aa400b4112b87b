import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { markdown } from '../../text/markdown.tsx'
import { RetryButton } from './reply-foot.tsx'

/** The cause and the next step, in the reader's language; what had been written before it broke is kept. */
export function Failure({ message, own }: { message: Message; own: boolean }): ReactNode {
  const say = useWords()
  const { error, content } = message.message_content
  const { what, next } = say.reply_error[error?.code ?? 'internal'] ?? say.reply_error.internal
  return (
    <div className="failure">
      <p>
        <strong>{what}</strong> {next}
      </p>
      {content !== '' && (
        <details>
          <summary>{say.as_stored}</summary>
          <div className="prose">{markdown(content)}</div>
        </details>
      )}
      <p className="ways">
        {own && <RetryButton message={message} />}
        <span className="quiet">{say.chat_still_works}</span>
      </p>
    </div>
  )
}
