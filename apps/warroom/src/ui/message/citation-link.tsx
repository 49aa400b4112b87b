import type { Citation } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { updateView } from '../../state/page/view.ts'
import { toCitedHash } from '../../state/replying/cited-hash.ts'
import { formatSourceName, readCitationLabel } from '../../text/citation-label.ts'
import { Time } from '../parts/time.tsx'

/** Links to the cited message, document or other event. For any other source of this event, opens the summary tab. */
export function CitationLink({ citation, event_id }: { citation: Citation; event_id: string }): ReactNode {
  const t = useMessages()
  const { id, supported } = citation
  const hash = toCitedHash(citation, event_id)
  if (!supported) return `${id} ${t.unsupported}`
  const label = <CitationLabel citation={citation} />
  if (hash !== undefined) return <a href={hash}>{label}</a>
  return (
    <button type="button" className="plain" onClick={() => updateView({ isDetailsOpen: true, tab: 'summary' })}>
      {label}
    </button>
  )
}

/** Shows the stored label, which is in English and in UTC, in the reader's language and time zone. */
function CitationLabel({ citation }: { citation: Citation }): ReactNode {
  const t = useMessages()
  const { round, at } = readCitationLabel(citation)
  return (
    <>
      {citation.id} {formatSourceName(citation, t.citation_kind)}
      {round !== undefined && ` · ${t.agents_round(round)}`}
      {at !== undefined && (
        <>
          {' · '}
          <Time at={at} showsDay />
        </>
      )}
    </>
  )
}
