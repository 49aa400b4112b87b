import { type Message, readMessageBody } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { renderPlain } from '../../text/plain.tsx'
import { LoadWholeButton } from './load-whole-button.tsx'
import { useExpanded } from './use-expanded.ts'
import { useOverflow } from './use-overflow.ts'

/** A text with more characters or more lines than this can be folded. */
const LONG_CHARACTERS = 900
const LONG_LINES = 16

export function MessageBody({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const { message_category, sender_type, message_content } = message
  const { text = '', isMarkdown } = useMemo(
    () => readMessageBody({ message_category, sender_type, message_content }),
    [message_category, sender_type, message_content],
  )
  const isFoldable = isLongText(message_content.content)
  const [isExpanded, setExpanded] = useExpanded(message.message_id)
  const isFolded = isFoldable && !isExpanded
  const { box, overflows } = useOverflow(isFolded)
  const renderedText = useMemo(
    () => (isMarkdown ? renderMarkdown(text, { firstLevel: 2 }) : renderPlain(text)),
    [isMarkdown, text],
  )
  return (
    <>
      <div ref={box} className={isFolded ? `prose folded${overflows ? ' cut' : ''}` : 'prose'}>
        {text !== '' && renderedText}
      </div>
      {isFoldable && (isExpanded || overflows) && (
        <button
          type="button"
          className="plain fold"
          aria-expanded={isExpanded}
          onClick={() => setExpanded(!isExpanded)}
        >
          {isExpanded ? t.show_less : t.show_all}
        </button>
      )}
      {message.truncated && <LoadWholeButton message={message} />}
    </>
  )
}

/** The limit of `split` keeps a text with very many lines from being split completely. */
const isLongText = (text: string): boolean =>
  text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES
