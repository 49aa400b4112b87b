import { type Citation, createCitationMatcher, splitCitationMarks } from '@engineer-chat/protocol'
import { Fragment, type ReactNode, useContext } from 'react'
import type { Place } from '../../text/message-pieces.ts'
import { MessageText, ShownMessage } from '../parts/message-text.tsx'
import { CitationChip } from './chip.tsx'

/** Shows prose of a message. In an answer, each citation's mark is a chip where it stands. */
export function CitedText({ text, place }: { text: string; place: { start: number; end: number } }): ReactNode {
  const message = useContext(ShownMessage)
  const citations = message?.message_content.citations
  if (!message || !citations?.length) return <MessageText text={text} place={place} />
  const pieces = splitCitationMarks(text, createCitationMatcher(citations))
  return pieces.map((piece, index) => {
    const citation = piece.id === undefined ? undefined : findCitation(citations, piece.id)
    return (
      <Fragment key={index}>
        {citation ? (
          <CitationChip citation={doubt(citation, piece.text)} written={piece.text} event_id={message.event_id} />
        ) : (
          <MessageText text={piece.text} place={narrow(place, text, piece)} />
        )}
        {piece.id !== undefined && pieces[index + 1]?.id !== undefined && ' '}
      </Fragment>
    )
  })
}

const findCitation = (citations: readonly Citation[], id: string): Citation | undefined =>
  citations.find((one) => one.id === id) ?? citations.find((one) => one.id === id.toLowerCase())

/** The answer itself doubts a mark with `?`. */
const doubt = (citation: Citation, written: string): Citation =>
  citation.supported && written.endsWith('?') ? { ...citation, supported: false } : citation

/** Returns a piece's place. A text with decoded references has other offsets than its source and keeps the whole place. */
const narrow = (place: { start: number; end: number }, text: string, piece: { start: number; text: string }): Place =>
  text.length === place.end - place.start
    ? { start: place.start + piece.start, end: place.start + piece.start + piece.text.length }
    : place
