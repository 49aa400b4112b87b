import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useMayAsk } from '../../state/events/members.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { pinMessage, unpinMessage } from '../../state/rooms/pins.ts'
import type { SenderKind } from '../parts/avatar.tsx'
import { copyText } from '../parts/copy-text.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { isQuotable } from '../quoting/is-quotable.ts'
import { MoreActions } from './more-actions.tsx'

/**
 * Shows the actions on a message that the reader may take. They are visible only while the message is pointed at,
 * focused, or touched.
 */
export function MessageActions({
  message,
  kind,
  isOwn,
}: {
  message: Message
  kind: SenderKind
  isOwn: boolean
}): ReactNode {
  const t = useMessages()
  const { chat_session_id, visibility, message_content } = message
  const togglePin = usePinToggle()
  const mayAsk = useMayAsk(message.event_id)
  const quote = (to: 'ai' | 'room') =>
    void import('../quoting/start-quote.ts').then(
      ({ startQuote }) => startQuote(to, message),
      () => showToast(t.part_not_loaded, 'bad'),
    )
  const canShare = isOwn && kind !== 'agent' && visibility === 'private' && chat_session_id !== null
  return (
    <div className="actions" role="toolbar" aria-label={t.actions}>
      {mayAsk && isQuotable(message) && (
        <>
          <IconButton icon="sparkle" label={t.ask_about} className="ask" onClick={() => quote('ai')} />
          <IconButton icon="reply" label={t.reply_with_quote} onClick={() => quote('room')} />
        </>
      )}
      {mayAsk && (
        <IconButton
          icon="pin"
          label={message.pinned ? t.unpin : t.pin}
          className={message.pinned ? 'on' : ''}
          onClick={() => togglePin(message)}
        />
      )}
      {kind === 'ai' ? (
        <IconButton icon="copy" label={t.copy_answer} onClick={() => openDialog({ kind: 'copy_answer', message })} />
      ) : (
        <IconButton icon="copy" label={t.copy_text} onClick={() => void copyText(message_content.content, t.copied)} />
      )}
      <MoreActions message={message} canShare={canShare} />
    </div>
  )
}

/**
 * Returns the function that pins or unpins a message. For a private message it opens the dialog that shares the session
 * and then pins the message, because everybody in the room sees the pins.
 */
export function usePinToggle(): (message: Message) => void {
  const t = useMessages()
  return (message) => {
    const { event_id, message_id, visibility, chat_session_id, pinned } = message
    if (visibility === 'private' && chat_session_id !== null) {
      openDialog({ kind: 'share', event_id, session_id: chat_session_id, pin_message_id: message_id })
      return
    }
    const request = pinned ? unpinMessage(message) : pinMessage(message)
    request.then(
      () => showToast(pinned ? t.unpinned : t.pinned, 'good'),
      (error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  }
}
