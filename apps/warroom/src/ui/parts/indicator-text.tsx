import type { ReactNode } from 'react'
import { say } from '../../i18n/index.ts'
import { ask } from '../../state/page/view.ts'
import { defanged, piecesOf } from '../../text/indicators.ts'

/** Plain text whose indicators can be taken along. */
export function Words({ text }: { text: string }): ReactNode {
  return piecesOf(text).map(({ text, kind }, index) =>
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
