import type { AnswerSource } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useSourceMessages } from '../../i18n/source-messages.ts'
import { CitationLink } from '../message/citation-link.tsx'
import { useExpanded } from '../message/use-expanded.ts'
import { countByKind } from './count-by-kind.ts'
import './sources.css'

interface Props {
  sources: readonly AnswerSource[]
  /** Counts the sources of the answer that were not stored, because there were more than the maximum. */
  unstoredCount?: number | undefined
  event_id: string
  message_id: string
}

/** Shows the number of sources of each kind in one line. When the line is opened, lists the sources with links. */
export default function AnswerSources({ sources, unstoredCount = 0, event_id, message_id }: Props): ReactNode {
  const t = useSourceMessages()
  const [isOpen, setOpen] = useExpanded(`sources ${message_id}`)
  const kindCounts = countByKind(sources).map(([kind, count]) => t.kinds[kind](count))
  const unstoredTexts = unstoredCount > 0 ? [t.more(unstoredCount)] : []
  return (
    <details className="answer-sources" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.sources_line([...kindCounts, ...unstoredTexts])}</summary>
      {isOpen && (
        <ul aria-label={t.list}>
          {/* A citation has the same fields as a source, but no kind. */}
          {sources.map(({ kind: _, ...source }) => (
            <li key={source.id}>
              <CitationLink citation={{ ...source, supported: true }} event_id={event_id} />
            </li>
          ))}
          {unstoredTexts.map((text) => (
            <li key="more">{text}</li>
          ))}
        </ul>
      )}
    </details>
  )
}
