import { markDeceptive } from '@engineer-chat/markdown'
import type { Message } from '@engineer-chat/protocol'
import { createContext, type ReactNode, useContext } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { listIndicatorsIn, type Place, splitPieces } from '../../text/message-pieces.ts'

/** Provides the message whose indicators `MessageText` shows. Outside of it a text has no indicators. */
export const ShownMessage = createContext<Message | undefined>(undefined)

/**
 * Shows the text of others unchanged. Invisible characters get a visible mark, and an indicator is a button that opens
 * a dialog for copying it. `place` says where in the message the text stands; without it no indicator is shown.
 */
export function MessageText({ text, place }: { text: string; place?: Place }): ReactNode {
  const message = useContext(ShownMessage)
  if (!place || !message?.indicators) return markDeceptive(text)
  const sourceText = 'path' in place ? text : message.message_content.content
  const { event_id, message_id } = message
  return splitPieces(text, listIndicatorsIn(message.indicators, place, sourceText), place).map(
    ({ text, indicator }, index) =>
      indicator ? (
        <button
          key={index}
          type="button"
          className={`indicator ${indicator.type}`}
          title={getMessages().indicator_title}
          onClick={() =>
            openDialog({ kind: 'indicator', value: indicator.value, type: indicator.type, event_id, message_id })
          }
        >
          {markDeceptive(text)}
        </button>
      ) : (
        markDeceptive(text)
      ),
  )
}
