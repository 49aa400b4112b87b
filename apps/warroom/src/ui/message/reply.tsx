import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { FoldedAnswer } from '../folding/folded-answer.tsx'
import { AnswerText } from './answer-text.tsx'
import { LoadWholeButton } from './load-whole-button.tsx'
import { ReplyProgress } from './progress.tsx'
import { ReplyFoot } from './reply-foot.tsx'
import { usePacedText } from './use-paced-text.ts'

interface Props {
  message: Message
  isOwn: boolean
  isJumpTarget: boolean
}

/**
 * Shows streamed and finished replies with the same elements, so that they are not created again when the reply ends.
 */
export function Reply({ message, isOwn, isJumpTarget }: Props): ReactNode {
  const isInProgress = isThinking(message)
  const pacedText = usePacedText(message.event_id, message.message_id, isInProgress)
  const text = isInProgress ? pacedText : message.message_content.content
  return (
    <div className={isInProgress ? 'thinking' : undefined} aria-busy={isInProgress || undefined}>
      {text !== '' && (
        <FoldedAnswer message={message} isInProgress={isInProgress} isJumpTarget={isJumpTarget}>
          <AnswerText text={text} isInProgress={isInProgress} />
        </FoldedAnswer>
      )}
      {isInProgress ? (
        <ReplyProgress message={message} isOwn={isOwn} isWriting={text !== ''} />
      ) : (
        <>
          {message.truncated && <LoadWholeButton message={message} />}
          <ReplyFoot message={message} isOwn={isOwn} />
        </>
      )}
    </div>
  )
}
