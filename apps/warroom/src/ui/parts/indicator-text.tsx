import type { ReactNode } from 'react'
import { currentMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { defang, splitPieces } from '../../text/indicators.ts'

/** Shows plain text whose indicators can be copied. */
export function IndicatorText({ text }: { text: string }): ReactNode {
  return splitPieces(text).map(({ text, kind }, index) =>
    kind === 'text' ? (
      text
    ) : (
      <button
        key={index}
        type="button"
        className={`indicator ${kind}`}
        title={currentMessages().indicator_title}
        onClick={() => openDialog({ kind: 'indicator', text })}
      >
        {kind === 'hash' || kind === 'ip' ? text : defang(text)}
      </button>
    ),
  )
}
