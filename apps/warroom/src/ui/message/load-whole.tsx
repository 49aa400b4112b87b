import type { Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadUntil } from '../../state/rooms/rooms.ts'

/** For a message that a socket's frame had no room for. */
export function LoadWhole({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  return (
    <button
      type="button"
      className="plain fold"
      onClick={() => void loadUntil(message.event_id, message.position).catch(() => {})}
    >
      {t.load_whole}
    </button>
  )
}
