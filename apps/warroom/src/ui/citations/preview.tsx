import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import {
  hideCitation,
  hideCitationSoon,
  keepCitationOpen,
  type ShownCitation,
  useShownCitation,
} from '../../state/replying/citation-preview.ts'
import { useCitedSection } from '../../state/replying/cited-documents.ts'
import { useCitedMessage } from '../../state/replying/cited-messages.ts'
import { formatSourceName, readCitationLabel } from '../../text/citation-label.ts'
import { takeBeginning, toPlainLine } from '../../text/excerpt.ts'
import { useSenderName } from '../message/sender.ts'
import { Time } from '../parts/time.tsx'
import { PREVIEW_ID } from './preview-id.ts'
import { useEventSourceText } from './use-event-source-text.ts'

const EXCERPT_CHARACTERS = 320
/** The preview keeps this distance from the chip. */
const GAP_PX = 6
/** The preview keeps this distance from the edges of the window. */
const EDGE_PX = 8

/**
 * Shows the source of the citation that has the pointer or the focus. The preview also stays open while the pointer is
 * on the preview itself.
 */
export default function CitationPreview(): ReactNode {
  const shownCitation = useShownCitation((state) => state.shown)
  const preview = useRef<HTMLDivElement>(null)
  const chip = shownCitation?.chip
  // Each rendering can change the size of the preview, so this effect has no dependencies.
  useLayoutEffect(() => {
    if (chip && preview.current) placePreview(preview.current, chip)
  })
  useEffect(() => {
    if (!chip) return
    const controller = new AbortController()
    const { signal } = controller
    const updatePosition = () => {
      if (preview.current) placePreview(preview.current, chip)
    }
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      hideCitation()
    }
    addEventListener('scroll', updatePosition, { capture: true, passive: true, signal })
    addEventListener('resize', updatePosition, { signal })
    addEventListener('keydown', closeOnEscape, { capture: true, signal })
    const observer = new ResizeObserver(updatePosition)
    if (preview.current) observer.observe(preview.current)
    return () => {
      controller.abort()
      observer.disconnect()
    }
  }, [chip])
  useEffect(() => hideCitation, []) // Leaving the room hides the preview.
  if (!shownCitation) return null
  return (
    <div
      ref={preview}
      id={PREVIEW_ID}
      className={shownCitation.citation.supported ? 'cite-preview' : 'cite-preview unsupported'}
      role="tooltip"
      onPointerEnter={keepCitationOpen}
      onPointerLeave={hideCitationSoon}
    >
      <PreviewContent shownCitation={shownCitation} />
    </div>
  )
}

/**
 * Puts the preview below the chip, or above the chip if there is no space below. Hides the preview when the chip is no
 * longer in the window.
 */
function placePreview(preview: HTMLElement, chip: HTMLElement): void {
  const { top, bottom, left } = chip.getBoundingClientRect()
  if (!chip.isConnected || bottom < 0 || top > innerHeight) {
    hideCitation()
    return
  }
  const { offsetWidth, offsetHeight } = preview
  const fitsBelow = bottom + GAP_PX + offsetHeight + EDGE_PX <= innerHeight
  preview.style.top = `${Math.max(EDGE_PX, fitsBelow ? bottom + GAP_PX : top - GAP_PX - offsetHeight)}px`
  preview.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - offsetWidth - EDGE_PX))}px`
}

function PreviewContent({ shownCitation }: { shownCitation: ShownCitation }): ReactNode {
  const { citation, event_id } = shownCitation
  const t = useMessages()
  const message = useCitedMessage(event_id, citation.supported ? citation.message_id : undefined)
  const { round, at } = readCitationLabel(citation)
  const eventSourceText = useEventSourceText(event_id, citation)
  const section = useCitedSection(citation.document_id, citation.anchor)
  if (!citation.supported) {
    return (
      <p>
        <strong>{citation.id}</strong> {t.citation_unknown}
      </p>
    )
  }
  const excerpt = message ? toPlainLine(message) : (section ?? eventSourceText)
  const isLoading =
    (citation.message_id !== undefined && message === undefined) ||
    (citation.document_id !== undefined && section === undefined)
  return (
    <>
      <p className="meta">
        <strong>{citation.id}</strong>
        {message ? <Author message={message} /> : <span>{formatSourceName(citation, t.citation_kind)}</span>}
        {round !== undefined && <span>{t.agents_round(round)}</span>}
        {at !== undefined && <Time at={message?.created_at ?? at} showsDay />}
      </p>
      {excerpt !== undefined && excerpt !== '' ? (
        <p className="excerpt">{takeBeginning(excerpt, EXCERPT_CHARACTERS)}</p>
      ) : (
        <p className="quiet">{isLoading ? t.citation_loading : t.citation_unavailable}</p>
      )}
    </>
  )
}

const Author = ({ message }: { message: Message }): ReactNode => (
  <span>{useSenderName(message, usePeople(message.event_id))}</span>
)
