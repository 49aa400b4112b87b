import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { MessageText } from '../parts/message-text.tsx'
import { useExpanded } from './opened.ts'

/** Is closed and not rendered until somebody opens it, and shows the reasoning as plain text. */
export function Reasoning({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [opened, setOpened] = useExpanded(`reasoning ${message.message_id}`)
  const { reasoning } = message.message_content
  if (!reasoning) return null
  return (
    <details className="reasoning" open={opened} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
      <summary>{t.reasoning}</summary>
      {opened && (
        <div className="text" tabIndex={0}>
          <MessageText text={reasoning} />
        </div>
      )}
    </details>
  )
}
