import type { Citation } from '@engineer-chat/protocol'
import { type FocusEvent, type PointerEvent, type ReactNode, useState } from 'react'
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
import { formatSourceName } from '../../text/citation-label.ts'
import { PREVIEW_ID } from './preview-id.ts'

interface Props {
  citation: Citation
  /** Holds the text of the mark in the answer, without brackets. */
  markText: string
  /** Names the event of the answer. */
  event_id: string
}

/**
 * Shows a citation at its place in the text. A preview shows the source while the pointer is on the chip or the chip
 * has the focus. A click opens the source. An unsupported citation has no source: a click only shows the preview.
 */
export function CitationChip({ citation, markText, event_id }: Props): ReactNode {
  const t = useMessages()
  const { id, supported } = citation
  const hash = toCitedHash(citation, event_id)
  const [element, setElement] = useState<HTMLElement | null>(null)
  // The chips are compared and not the citations, because each change of the message creates new citation objects.
  const isShown = useShownCitation(({ shown }) => shown?.chip === element)
  const chipProps = {
    ref: setElement,
    className: supported ? 'cite' : 'cite unsupported',
    'aria-label': t.citation_label(id, supported ? formatSourceName(citation, t.citation_kind) : t.unsupported),
    'aria-describedby': isShown ? PREVIEW_ID : undefined,
    onPointerEnter: ({ currentTarget, pointerType }: PointerEvent<HTMLElement>) => {
      if (pointerType !== 'touch') showCitationSoon({ chip: currentTarget, citation, event_id })
    },
    onPointerLeave: hideCitationSoon,
    onFocus: ({ currentTarget }: FocusEvent<HTMLElement>) => showCitation({ chip: currentTarget, citation, event_id }),
    onBlur: hideCitationSoon,
  }
  const text = <CitationMarkText text={markText} />
  if (supported && hash !== undefined) {
    return (
      <a {...chipProps} href={hash} onClick={hideCitation}>
        {text}
      </a>
    )
  }
  // A source without a hash is part of the event, which the details describe.
  const openDetails = () => {
    hideCitation()
    updateView({ isDetailsOpen: true, tab: 'summary' })
  }
  return (
    <button
      {...chipProps}
      type="button"
      onClick={
        supported ? openDetails : ({ currentTarget }) => showCitation({ chip: currentTarget, citation, event_id })
      }
    >
      {text}
    </button>
  )
}

/** Adds invisible brackets, so that copied text contains them. */
const CitationMarkText = ({ text }: { text: string }): ReactNode => (
  <>
    <span className="bracket">[</span>
    {text}
    <span className="bracket">]</span>
  </>
)
