import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { reloadTruncated } from '../../state/rooms/rooms.ts'

/** Loads the complete text of a message that the server truncated before it sent the message over the socket. */
export function LoadWholeButton({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const load = () => {
    reloadTruncated(message.event_id, message.position).catch((error: unknown) =>
      showToast(t.errorText[toErrorKind(error)].cause, 'bad'),
    )
  }
  return (
    <button type="button" className="plain fold" onClick={load}>
      {t.load_whole}
    </button>
  )
}
