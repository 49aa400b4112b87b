import type { ReactNode } from 'react'
import { say } from '../i18n/index.ts'
import { ask } from '../state/view.ts'
import { defanged, piecesOf } from '../text/indicators.ts'

/** Plain text whose indicators can be taken along. */
export function Words({ text }: { text: string }): ReactNode {
  return piecesOf(unescaped(text)).map(({ text, kind }, index) =>
    kind === 'text' ? (
      text
    ) : (
      <button
        key={index}
        type="button"
        className={`indicator ${kind}`}
        title={say().indicator_title}
        onClick={() => ask({ kind: 'indicator', text })}
      >
        {kind === 'hash' || kind === 'ip' ? text : defanged(text)}
      </button>
    ),
  )
}

/** The lexer leaves text as it was, entities included; they stand for one character each, and never for markup. */
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
