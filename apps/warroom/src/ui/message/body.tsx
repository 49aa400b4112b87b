import { type Message, readMessageBody } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { renderPlain } from '../../text/plain.tsx'
import type { Kind } from '../parts/avatar.tsx'
import { Fields } from './fields.tsx'
import { LoadWhole } from './load-whole.tsx'
import { useExpanded } from './opened.ts'
import { useHasMore } from './use-has-more.ts'

const LONG_CHARACTERS = 900
const LONG_LINES = 16
const MINOR_TYPES = /llm_request$/

export function Body({ message, kind }: { message: Message; kind: Kind }): ReactNode {
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
  const folds = isLong || isMinor
  const [opened, setOpened] = useExpanded(message.message_id)
  const isFolded = folds && !opened
  const { box, hasMore } = useHasMore(isFolded)
  const shown = useMemo(() => (isMarkdown ? renderMarkdown(text, { level: 2 }) : renderPlain(text)), [isMarkdown, text])
  return (
    <>
      <div ref={box} className={isFolded ? `prose folded${isMinor ? ' quiet' : ''}${hasMore ? ' cut' : ''}` : 'prose'}>
        {text !== '' && shown}
        {fields.length > 0 && kind === 'agent' && <Fields fields={fields} />}
      </div>
      {folds && (opened || hasMore) && (
        <button type="button" className="plain fold" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {opened ? t.show_less : t.show_all}
        </button>
      )}
      {message.truncated && <LoadWhole message={message} />}
    </>
  )
}

const isLongText = (text: string): boolean =>
  text.length > LONG_CHARACTERS || text.split('\n', LONG_LINES + 1).length > LONG_LINES
