import type { Message } from '@engineer-chat/protocol'
import { lazy, type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { sendFeedback, useRating } from '../../state/replying/feedback.ts'
import { retryReply } from '../../state/replying/replies.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { LazyPart } from '../parts/lazy-part.tsx'
import { CitationLink } from './citation-link.tsx'
import { ReadAloudButton } from './read-aloud.tsx'
import { Reasoning } from './reasoning.tsx'

const AnswerSources = lazy(() => import('../sources/answer-sources.tsx'))
const SaveAsDocument = lazy(() => import('../documents/save-as-document.tsx'))

/**
 * Returns the kind of document for an answer to a command whose answers are often saved as documents. The prompt's
 * version begins with the name of the command, such as `handover/2`.
 */
const findDocumentKind = (prompt_version = '') =>
  (['postmortem', 'timeline', 'handover'] as const).find((kind) => prompt_version.startsWith(`${kind}/`))

export function ReplyFoot({ message, isOwn }: { message: Message; isOwn: boolean }): ReactNode {
  const t = useMessages()
  const { event_id, message_id, message_content } = message
  const {
    finish_reason,
    model,
    usage,
    fallback,
    citations = [],
    sources,
    sources_left_out,
    prompt_version,
  } = message_content
  const ending = finish_reason && finish_reason !== 'stop' && !fallback ? t.finish[finish_reason] : ''
  const documentKind = findDocumentKind(prompt_version)
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
        <LazyPart fallback={<p className="answer-sources" />}>
          <AnswerSources
            sources={sources}
            unstoredCount={sources_left_out}
            event_id={event_id}
            message_id={message_id}
          />
        </LazyPart>
      )}
      {documentKind && (
        <LazyPart fallback={<p className="document-actions" />}>
          <SaveAsDocument message={message} kind={documentKind} />
        </LazyPart>
      )}
      <Reasoning message={message} />
      {ending !== '' && <p className="ending">{ending}</p>}
      {fallback && (
        <p className="fell-back">
          {t.fallback_notice(fallback.from, t.fallback_reason[fallback.code] ?? t.fallback_reason.internal, model)}
        </p>
      )}
      <p className="facts">
        {model && <span title={prompt_version}>{model}</span>}
        {usage && <span>{t.tokens(usage.prompt_tokens, usage.completion_tokens)}</span>}
        <ReadAloudButton message={message} />
        {isOwn && <FeedbackButtons message_id={message_id} />}
        {mayAskAgain && <RetryButton message={message} />}
      </p>
    </footer>
  )
}

function FeedbackButtons({ message_id }: { message_id: string }): ReactNode {
  const t = useMessages()
  const givenRating = useRating(message_id)
  const sendRating = (rating: 'up' | 'down') => {
    if (rating === givenRating) return // Sending the same rating again would remove its comment.
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
          onClick={() => sendRating(rating)}
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
  const retry = () => {
    setIsBusy(true)
    retryReply(message).catch((error: unknown) => {
      setIsBusy(false)
      showToast(t.errorText[toErrorKind(error)].cause, 'bad')
    })
  }
  if (message.pinned) return <span className="quiet">{t.pinned_stays}</span>
  return (
    <button type="button" className="retry" disabled={isBusy} onClick={retry}>
      <Icon name="retry" /> {t.ask_again}
    </button>
  )
}
