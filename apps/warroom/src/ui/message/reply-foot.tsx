import type { Message } from '@engineer-chat/protocol'
import { lazy, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { sendFeedback, useVerdict } from '../../state/replying/feedback.ts'
import { retryReply } from '../../state/replying/replies.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Lazily } from '../parts/lazily.tsx'
import { CitationLink } from './citation-link.tsx'
import { ReadAloud } from './read-aloud.tsx'
import { Reasoning } from './reasoning.tsx'

const RestedOn = lazy(() => import('../sources/rested-on.tsx'))
const SaveAsDocument = lazy(() => import('../documents/save-as-document.tsx'))

/** Answers to these commands are written to be kept. */
const findKept = (prompt_version = '') =>
  (['postmortem', 'timeline', 'handover'] as const).find((kind) => prompt_version.startsWith(`${kind}/`))

export function ReplyFoot({ message, isOwn }: { message: Message; isOwn: boolean }): ReactNode {
  const t = useMessages()
  const { event_id, message_id, message_content } = message
  const { finish_reason, model, usage, fallback, citations = [], sources, prompt_version } = message_content
  const ending = finish_reason && finish_reason !== 'stop' && !fallback ? t.finish[finish_reason] : ''
  const kept = findKept(prompt_version)
  const mayAskAgain = isOwn && finish_reason !== 'stop'
  return (
    <footer className="reply-foot">
      {citations.length > 0 && (
        <ul className="citations" aria-label={t.citations}>
          {citations.map((citation) => (
            <li key={citation.id} className={citation.supported ? undefined : 'unsupported'}>
              <CitationLink citation={citation} event_id={event_id} />
            </li>
          ))}
        </ul>
      )}
      {sources && (
        <Lazily fallback={<p className="rested-on" />}>
          <RestedOn sources={sources} event_id={event_id} message_id={message_id} />
        </Lazily>
      )}
      {kept && (
        <Lazily fallback={<p className="document-actions" />}>
          <SaveAsDocument message={message} kind={kept} />
        </Lazily>
      )}
      <Reasoning message={message} />
      {ending !== '' && <p className="ending">{ending}</p>}
      {fallback && (
        <p className="fell-back">{t.fell_back(fallback.from, t.why_not[fallback.code] ?? t.why_not.internal, model)}</p>
      )}
      <p className="facts">
        {model && <span title={prompt_version}>{model}</span>}
        {usage && <span>{t.tokens(usage.prompt_tokens, usage.completion_tokens)}</span>}
        <ReadAloud message={message} />
        {isOwn && <FeedbackButtons message_id={message_id} />}
        {mayAskAgain && <RetryButton message={message} />}
      </p>
    </footer>
  )
}

function FeedbackButtons({ message_id }: { message_id: string }): ReactNode {
  const t = useMessages()
  const givenRating = useVerdict(message_id)
  const give = (rating: 'up' | 'down') => {
    if (rating === givenRating) return // A second press would remove the comment.
    sendFeedback(message_id, { rating }).catch((error: unknown) =>
      showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  }
  return (
    <>
      {(['up', 'down'] as const).map((rating) => (
        <IconButton
          key={rating}
          icon={rating}
          label={t.rating[rating]}
          className={givenRating === rating ? 'chosen' : ''}
          aria-pressed={givenRating === rating}
          onClick={() => give(rating)}
        />
      ))}
      {givenRating !== undefined && (
        <button
          type="button"
          className="plain add-comment"
          onClick={() => openDialog({ kind: 'feedback', message_id, rating: givenRating })}
        >
          {t.add_comment}
        </button>
      )}
    </>
  )
}

export function RetryButton({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [isBusy, setIsBusy] = useState(false)
  const act = () => {
    setIsBusy(true)
    retryReply(message).catch((error: unknown) => {
      setIsBusy(false)
      showToast(t.errorText[toErrorKind(error)].cause, 'bad')
    })
  }
  if (message.pinned) return <span className="quiet">{t.pinned_stays}</span>
  return (
    <button type="button" className="retry" disabled={isBusy} onClick={act}>
      <Icon name="retry" /> {t.ask_again}
    </button>
  )
}
