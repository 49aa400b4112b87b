import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { DraftQuote } from '../../state/asking/quoting.ts'
import { openDialog } from '../../state/page/view.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { QuoteBlock } from './quote-block.tsx'

interface Props {
  quote: DraftQuote
  event_id: string
  /** Says whether other users would read a quote of a message that only this person may read. */
  isBlocked: boolean
  remove(): void
}

/**
 * Shows above the message box the quote that the next message will have. If the quote is blocked, offers to share the
 * session of the quoted message first.
 */
export default function DraftQuoteView({ quote, event_id, isBlocked, remove }: Props): ReactNode {
  const t = useMessages()
  const { chat_session_id: session_id } = quote
  return (
    <div className={isBlocked ? 'draft-quote blocked' : 'draft-quote'}>
      <QuoteBlock quote={quote} event_id={event_id} foldKey={`draft ${event_id} ${quote.message_id}`}>
        <IconButton icon="close" label={t.quote_remove} onClick={remove} />
      </QuoteBlock>
      {isBlocked && (
        <p className="quote-blocked" role="status">
          {t.quote_is_private}{' '}
          {session_id !== null && (
            <button type="button" onClick={() => openDialog({ kind: 'share', event_id, session_id })}>
              {t.share_session}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
