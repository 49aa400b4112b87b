import { markDeceptive } from '@engineer-chat/markdown'
import type { Message } from '@engineer-chat/protocol'
import { createContext, type ReactNode, useContext } from 'react'
import { currentMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { listWritten, type Place, splitPieces } from '../../text/message-pieces.ts'

/** Gives the texts of a message its indicators. Without it a text has none. */
export const ShownMessage = createContext<Message | undefined>(undefined)

/**
 * Shows text that others wrote as it was written. What nobody sees has a visible mark, and indicators open to be copied.
 * `place` says where in the message the text stands; without it no indicator is looked for.
 */
export function MessageText({ text, place }: { text: string; place?: Place }): ReactNode {
  const message = useContext(ShownMessage)
  if (!place || !message?.indicators) return markDeceptive(text)
  const whole = 'path' in place ? text : message.message_content.content
  return splitPieces(text, listWritten(message.indicators, place, whole), place).map(({ text, indicator }, index) =>
    indicator ? (
      <button
        key={index}
        type="button"
        className={`indicator ${indicator.type}`}
        title={currentMessages().indicator_title}
        onClick={() => openDialog({ kind: 'indicator', value: indicator.value, type: indicator.type })}
      >
        {markDeceptive(text)}
      </button>
    ) : (
      markDeceptive(text)
    ),
  )
}
