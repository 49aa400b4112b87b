import type { MessageQuote } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { useQuotedSender } from '../message/sender.ts'
import { useExpanded } from '../message/use-expanded.ts'
import { useOverflow } from '../message/use-overflow.ts'
import { Icon } from '../parts/icon.tsx'
import { MessageText } from '../parts/message-text.tsx'
import { Time } from '../parts/time.tsx'

interface Props {
  quote: MessageQuote
  event_id: string
  /** Identifies this quote on the page. Whether it is unfolded is remembered by this key. */
  foldKey: string
  /** Appears at the end of the quote's header. */
  children?: ReactNode
}

/** Shows a quote: its author, its time, and the unformatted text. A click opens the quoted message. */
export function QuoteBlock({ quote, event_id, foldKey, children }: Props): ReactNode {
  const t = useMessages()
  const { kind, name } = useQuotedSender(quote, usePeople(event_id))
  const [isExpanded, setExpanded] = useExpanded(`quote ${foldKey}`)
  const { box, overflows } = useOverflow(!isExpanded)
  return (
    <blockquote className={`quote ${kind}`}>
      <p className="quote-head">
        <a href={toMessageHash(event_id, quote.message_id)} aria-label={t.quote_jump(name)} title={t.quote_jump(name)}>
          <Icon name="reply" /> <strong>{name}</strong>
        </a>
        <Time at={quote.created_at} />
        {children}
      </p>
      <div ref={box} className={isExpanded ? 'text' : 'text folded-quote'}>
        <MessageText text={quote.text} />
      </div>
      {(isExpanded || overflows) && (
        <button
          type="button"
          className="plain fold"
          aria-expanded={isExpanded}
          onClick={() => setExpanded(!isExpanded)}
        >
          {isExpanded ? t.show_less : t.show_all}
        </button>
      )}
    </blockquote>
  )
}
