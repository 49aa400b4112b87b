import { markDeceptive } from '@engineer-chat/markdown'
import type { Message } from '@engineer-chat/protocol'
import { createContext, type ReactNode, useContext } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { listIndicatorsIn, type PlaceInMessage, splitByIndicators } from '../../text/message-segments.ts'

/** Provides the message whose indicators `MessageText` shows. Without this context it shows no indicators. */
export const ShownMessage = createContext<Message | undefined>(undefined)

/**
 * Shows a text of another user or of the AI without changes. Invisible characters get a visible mark, and an
 * indicator is a button that opens a dialog for copying it. `place` says which text of the message this is; without
 * `place` no indicator is shown. If `place` is a field, `text` is the whole value of the field.
 */
export function MessageText({ text, place }: { text: string; place?: PlaceInMessage }): ReactNode {
  const message = useContext(ShownMessage)
  if (!place || !message?.indicators) return markDeceptive(text)
  const sourceText = 'path' in place ? text : message.message_content.content
  const { event_id, message_id } = message
  return splitByIndicators(text, listIndicatorsIn(message.indicators, place, sourceText), place).map(
    ({ text: segmentText, indicator }, index) =>
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
          {markDeceptive(segmentText)}
        </button>
      ) : (
        markDeceptive(segmentText)
      ),
  )
}
