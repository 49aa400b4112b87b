import { type Message, readMessageBody } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { renderPlain } from '../../text/plain.tsx'
import type { SenderKind } from '../parts/avatar.tsx'
import { Fields } from './fields.tsx'
import { LoadWholeButton } from './load-whole-button.tsx'
import { useExpanded } from './use-expanded.ts'
import { useHasMore } from './use-has-more.ts'

const LONG_CHARACTERS = 900
const LONG_LINES = 16
const MINOR_TYPES = /llm_request$/

export function Body({ message, kind }: { message: Message; kind: SenderKind }): ReactNode {
  const t = useMessages()
  const { message_category, sender_type, message_content } = message
  const {
    text = '',
    isMarkdown,
    fields,
  } = useMemo(
    () => readMessageBody({ message_category, sender_type, message_content }),
    [message_category, sender_type, message_content],
  )
  const isMinor = kind === 'agent' && MINOR_TYPES.test(message.message_type)
  const isLong = isLongText(message_content.content)
  const isFoldable = isLong || isMinor
  const [isExpanded, setExpanded] = useExpanded(message.message_id)
  const isFolded = isFoldable && !isExpanded
  const { box, hasMore } = useHasMore(isFolded)
  const shown = useMemo(() => (isMarkdown ? renderMarkdown(text, { level: 2 }) : renderPlain(text)), [isMarkdown, text])
  return (
    <>
      <div ref={box} className={isFolded ? `prose folded${isMinor ? ' quiet' : ''}${hasMore ? ' cut' : ''}` : 'prose'}>
        {text !== '' && shown}
        {fields.length > 0 && kind === 'agent' && <Fields fields={fields} />}
      </div>
      {isFoldable && (isExpanded || hasMore) && (
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

const isLongText = (text: string): boolean =>
  text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES
