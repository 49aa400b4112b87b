import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { Words } from '../parts/indicator-text.tsx'
import { useOpened } from './opened.ts'

/** No part of the answer: closed until somebody asks for it, drawn no earlier, and as text, whatever it looks like. */
export function Reasoning({ message }: { message: Message }): ReactNode {
  const say = useWords()
  const [opened, setOpened] = useOpened(`reasoning ${message.message_id}`)
  const { reasoning } = message.message_content
  if (!reasoning) return null
  return (
    <details className="reasoning" open={opened} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
      <summary>{say.reasoning}</summary>
      {opened && (
        <div className="text" tabIndex={0}>
          <Words text={reasoning} />
        </div>
      )}
    </details>
  )
}
