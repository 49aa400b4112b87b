import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { AnswerText } from './answer-text.tsx'
import { LoadWhole } from './load-whole.tsx'
import { ReplyFoot } from './reply-foot.tsx'
import { Progress } from './thinking.tsx'
import { usePacedText } from './use-paced-text.ts'

/** Shows a reply from its first word to its end with the same elements, so that its end draws nothing anew. */
export function Reply({ message, own }: { message: Message; own: boolean }): ReactNode {
  const isWritten = isThinking(message)
  const written = usePacedText(message.event_id, message.message_id, isWritten)
  const text = isWritten ? written : message.message_content.content
  return (
    <div className={isWritten ? 'thinking' : undefined} aria-busy={isWritten || undefined}>
      {text !== '' && (
        <div className={isWritten ? 'prose streaming' : 'prose'}>
          <AnswerText text={text} />
        </div>
      )}
      {isWritten ? (
        <Progress message={message} own={own} isWriting={text !== ''} />
      ) : (
        <>
          {message.truncated && <LoadWhole message={message} />}
          <ReplyFoot message={message} own={own} />
        </>
      )}
    </div>
  )
}
