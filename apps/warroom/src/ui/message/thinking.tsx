import { isThinking, type RoomState } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/problems.ts'
import { getServerTime } from '../../state/page/server-clock.ts'
import { showToast } from '../../state/page/toasts.ts'
import { stopReply } from '../../state/replying/replies.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { Icon } from '../parts/icon.tsx'

/** Shows that a reply is being written, and for how long. */
export function Progress({
  message,
  own,
  isWriting,
}: {
  message: Message
  own: boolean
  isWriting: boolean
}): ReactNode {
  const t = useMessages()
  const before = useRoom(message.event_id, (room) => countWaitingBefore(room, message))
  return (
    <p className="progress">
      <span className="pulse" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{isWriting ? t.writing : before > 0 ? t.queued(before) : t.thinking}</span>
      <Elapsed since={message.updated_at} />
      {own && <Stop message={message} />}
    </p>
  )
}

function Stop({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [asked, setAsked] = useState(false)
  const act = () => {
    setAsked(true)
    stopReply(message).catch((error: unknown) => {
      setAsked(false)
      showToast(t.trouble[toErrorKind(error)].what, 'bad')
    })
  }
  return (
    <button type="button" className="stop" disabled={asked} onClick={act}>
      <Icon name="stop" /> {asked ? t.stopping : t.stop}
    </button>
  )
}

function Elapsed({ since }: { since: string }): ReactNode {
  const t = useMessages()
  const [now, setNow] = useState(getServerTime)
  useEffect(() => {
    const timer = setInterval(() => setNow(getServerTime()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1_000))
  return <span className="elapsed">{t.seconds(seconds)}</span>
}

const RECENT = 200

/** Counts the questions of the same session that are answered before this one. */
function countWaitingBefore({ messages }: RoomState, message: Message): number {
  return messages
    .slice(-RECENT)
    .filter(
      (other) =>
        isThinking(other) && other.chat_session_id === message.chat_session_id && other.position < message.position,
    ).length
}
