import { type Code, markDeceptive } from '@engineer-chat/markdown'
import { type ReactNode, useContext, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { copyText } from '../parts/copy-text.ts'
import { Icon } from '../parts/icon.tsx'
import { StreamedTextEnd } from './streamed-text-end.ts'
import { useHighlight } from './use-highlight.ts'

/**
 * Shows code below a header with the info string of its fence, a button that wraps long lines, and a button that copies
 * the code as it was written. Selected text includes the info string, but never the labels of the buttons.
 */
export function CodeBlock({ code: { value, info, end } }: { code: Code }): ReactNode {
  const t = useMessages()
  const [isWrapped, setWrapped] = useState(false)
  const text = markDeceptive(value)
  const isFinished = end < useContext(StreamedTextEnd)
  const codeRef = useHighlight(text, info, isFinished)
  return (
    <div className={isWrapped ? 'code-block wrapped' : 'code-block'}>
      <div className="block-header">
        {info === '' ? <span className="caption">{t.code}</span> : <span className="info">{markDeceptive(info)}</span>}
        <button type="button" className="plain" aria-pressed={isWrapped} onClick={() => setWrapped(!isWrapped)}>
          <Icon name="wrap" /> {t.wrap_lines}
        </button>
        <button type="button" className="plain" onClick={() => void copyText(value, t.copied)}>
          <Icon name="copy" /> {t.copy}
        </button>
      </div>
      <pre tabIndex={0}>
        <code ref={codeRef}>{text}</code>
      </pre>
    </div>
  )
}
