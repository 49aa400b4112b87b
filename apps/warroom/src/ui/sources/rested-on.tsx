import type { ToldSource } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useSourceMessages } from '../../i18n/source-messages.ts'
import { CitationLink } from '../message/citation-link.tsx'
import { useExpanded } from '../message/use-expanded.ts'
import { countKinds } from './count-kinds.ts'
import './sources.css'

interface Props {
  sources: readonly ToldSource[]
  event_id: string
  message_id: string
}

/** Says in a line what an answer rested on. Opened, it lists each source, and each one leads to its place. */
export default function RestedOn({ sources, event_id, message_id }: Props): ReactNode {
  const t = useSourceMessages()
  const [isOpen, setOpen] = useExpanded(`sources ${message_id}`)
  const kinds = countKinds(sources).map(([kind, number]) => t.kinds[kind](number))
  return (
    <details className="rested-on" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.rested_on(kinds)}</summary>
      {isOpen && (
        <ul aria-label={t.list}>
          {sources.map(({ kind: _, ...source }) => (
            <li key={source.id}>
              <CitationLink citation={{ ...source, supported: true }} event_id={event_id} />
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}
