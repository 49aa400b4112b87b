import type { Citation } from '@engineer-chat/protocol'
import type { FocusEvent, PointerEvent, ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { updateView } from '../../state/page/view.ts'
import {
  hideCitation,
  hideCitationSoon,
  showCitation,
  showCitationSoon,
  useShownCitation,
} from '../../state/replying/citation-preview.ts'
import { toCitedHash } from '../../state/replying/cited-hash.ts'
import { readCitationLabel } from '../../text/citation-label.ts'
import { PREVIEW_ID } from './preview-id.ts'

interface Props {
  citation: Citation
  /** Is the id as the answer has it. */
  written: string
  event_id: string
}

/**
 * Shows a citation where it stands. Pointing at it or the focus previews its source, and a press leads there. One
 * without a source is amber and leads nowhere.
 */
export function CitationChip({ citation, written, event_id }: Props): ReactNode {
  const t = useMessages()
  const { id, supported } = citation
  const hash = toCitedHash(citation, event_id)
  const isShown = useShownCitation(({ shown }) => shown?.citation === citation)
  const { kind } = readCitationLabel(citation)
  const props = {
    className: supported ? 'cite' : 'cite unsupported',
    'aria-label': supported ? t.cited_as(id, t.cited[kind] ?? kind) : t.cited_as(id, t.unsupported),
    'aria-describedby': isShown ? PREVIEW_ID : undefined,
    onPointerEnter: ({ currentTarget, pointerType }: PointerEvent<HTMLElement>) => {
      if (pointerType !== 'touch') showCitationSoon({ chip: currentTarget, citation, event_id })
    },
    onPointerLeave: hideCitationSoon,
    onFocus: ({ currentTarget }: FocusEvent<HTMLElement>) => showCitation({ chip: currentTarget, citation, event_id }),
    onBlur: hideCitationSoon,
  }
  const text = <Written text={written} />
  if (supported && hash !== undefined) {
    return (
      <a {...props} href={hash} onClick={hideCitation}>
        {text}
      </a>
    )
  }
  const openSource = () => {
    hideCitation()
    updateView({ isDetailsOpen: true, tab: 'summary' })
  }
  return (
    <button
      {...props}
      type="button"
      onClick={
        supported ? openSource : ({ currentTarget }) => showCitation({ chip: currentTarget, citation, event_id })
      }
    >
      {text}
    </button>
  )
}

/** Writes the brackets without showing them, so that text that is selected and copied has them. */
const Written = ({ text }: { text: string }): ReactNode => (
  <>
    <span className="bracket">[</span>
    {text}
    <span className="bracket">]</span>
  </>
)
