import { type Citation, createCitationMatcher, splitCitationMarks } from '@engineer-chat/protocol'
import { Fragment, type ReactNode, useContext } from 'react'
import type { PlaceInMessage } from '../../text/message-segments.ts'
import { MessageText, ShownMessage } from '../parts/message-text.tsx'
import { CitationChip } from './chip.tsx'

/** Shows prose of a message. In an answer, each citation's mark is a chip at its place. */
export function CitedText({ text, place }: { text: string; place: { start: number; end: number } }): ReactNode {
  const message = useContext(ShownMessage)
  const citations = message?.message_content.citations
  if (!message || !citations?.length) return <MessageText text={text} place={place} />
  const segments = splitCitationMarks(text, createCitationMatcher(citations))
  return segments.map((segment, index) => {
    const citation = segment.id === undefined ? undefined : findCitation(citations, segment.id)
    return (
      <Fragment key={index}>
        {citation ? (
          <CitationChip
            citation={markUnsupported(citation, segment.text)}
            markText={segment.text}
            event_id={message.event_id}
          />
        ) : (
          <MessageText text={segment.text} place={narrowPlace(place, text, segment)} />
        )}
        {/* A space separates two citations without text between them, such as `[ev1, sum2]`. */}
        {segment.id !== undefined && segments[index + 1]?.id !== undefined && ' '}
      </Fragment>
    )
  })
}

/** Finds a citation by its id as it was written, or else in lower case, because a model may write `[EV1]` for `ev1`. */
const findCitation = (citations: readonly Citation[], id: string): Citation | undefined =>
  citations.find((citation) => citation.id === id) ?? citations.find((citation) => citation.id === id.toLowerCase())

/** Marks the citation as unsupported if its mark ends with `?`, which the server adds to an id without a source. */
const markUnsupported = (citation: Citation, markText: string): Citation =>
  citation.supported && markText.endsWith('?') ? { ...citation, supported: false } : citation

/**
 * Returns the place of a segment of the text. If character references such as `&amp;` were decoded, the text is shorter
 * than its source, so the offsets of the segment are unknown and the place of the whole text is returned.
 */
const narrowPlace = (
  place: { start: number; end: number },
  text: string,
  segment: { start: number; end: number },
): PlaceInMessage =>
  text.length === place.end - place.start
    ? { start: place.start + segment.start, end: place.start + segment.end }
    : place
