import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import type { Kind } from '../parts/avatar.tsx'
import { IndicatorText } from '../parts/indicator-text.tsx'
import { LoadWhole } from './load-whole.tsx'
import { useExpanded } from './opened.ts'

const LONG_CHARACTERS = 900
const LONG_LINES = 16
const QUIET_TYPES = /llm_request$/

export function Body({ message, kind }: { message: Message; kind: Kind }): ReactNode {
  const t = useMessages()
  const { content } = message.message_content
  const isQuiet = kind === 'agent' && QUIET_TYPES.test(message.message_type)
  const isLong = content.length > LONG_CHARACTERS || content.split('\n', LONG_LINES + 1).length > LONG_LINES
  const folds = kind !== 'ai' && (isLong || isQuiet)
  const [opened, setOpened] = useExpanded(message.message_id)
  const shown = useMemo(
    () => (kind === 'person' ? <Written text={content} /> : renderMarkdown(content)),
    [kind, content],
  )
  return (
    <>
      <div className={folds && !opened ? (isQuiet ? 'prose folded quiet' : 'prose folded') : 'prose'}>{shown}</div>
      {folds && (
        <button type="button" className="plain fold" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {opened ? t.show_less : t.show_all}
        </button>
      )}
      {message.truncated && <LoadWhole message={message} />}
    </>
  )
}

/** Keeps the line breaks that people type; they may still write code and lists. */
function Written({ text }: { text: string }): ReactNode {
  if (/```|^\s*([-*]|\d+\.)\s|`[^`]+`|\*\*|\]\(/m.test(text)) return renderMarkdown(text)
  return (
    <p className="text">
      <IndicatorText text={text} />
    </p>
  )
}
