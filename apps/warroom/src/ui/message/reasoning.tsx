import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { MessageText } from '../parts/message-text.tsx'
import { useExpanded } from './use-expanded.ts'

/** Shows a model's reasoning as plain text. It is rendered only while it is open. */
export function Reasoning({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [isOpen, setOpen] = useExpanded(`reasoning ${message.message_id}`)
  const { reasoning } = message.message_content
  if (!reasoning) return null
  return (
    <details className="reasoning" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t.reasoning}</summary>
      {isOpen && (
        <div className="text" tabIndex={0}>
          <MessageText text={reasoning} />
        </div>
      )}
    </details>
  )
}
