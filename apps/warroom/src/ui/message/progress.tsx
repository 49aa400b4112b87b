import { isThinking, type RoomState } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { getServerTimeMs } from '../../state/page/server-clock.ts'
import { showToast } from '../../state/page/toasts.ts'
import { stopReply } from '../../state/replying/replies.ts'
import { useWaitingReply } from '../../state/replying/waiting.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { Icon } from '../parts/icon.tsx'

/** Shows the state of an unfinished reply, and the seconds since its question was asked, or asked again. */
export function ReplyProgress({
  message,
  isOwn,
  isWriting,
}: {
  message: Message
  isOwn: boolean
  isWriting: boolean
}): ReactNode {
  const t = useMessages()
  const earlierCount = useRoom(message.event_id, (room) => countEarlierUnanswered(room, message))
  const waiting = useWaitingReply(message, isOwn && !isWriting && earlierCount === 0)
  const describeState = () => {
    if (isWriting) return t.writing
    if (earlierCount > 0) return t.queued(earlierCount)
    return waiting ? t.waiting_turn(waiting.place, waiting.expected_wait_s) : t.thinking
  }
  return (
    <p className="progress">
      <span className="pulse" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{describeState()}</span>
      <ElapsedSeconds since={message.updated_at} />
      {isOwn && <StopButton message={message} />}
    </p>
  )
}

function StopButton({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const [isStopping, setIsStopping] = useState(false)
  const stop = () => {
    setIsStopping(true)
    stopReply(message).catch((error: unknown) => {
      setIsStopping(false)
      showToast(t.errorText[toErrorKind(error)].cause, 'bad')
    })
  }
  return (
    <button type="button" className="stop" disabled={isStopping} onClick={stop}>
      <Icon name="stop" /> {isStopping ? t.stopping : t.stop}
    </button>
  )
}

function ElapsedSeconds({ since }: { since: string }): ReactNode {
  const t = useMessages()
  const [nowMs, setNowMs] = useState(getServerTimeMs)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(getServerTimeMs()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(since)) / 1_000))
  return <span className="elapsed">{t.seconds(seconds)}</span>
}

/** Only this number of the newest messages is searched, because the search runs at each change of the room. */
const MAX_SEARCHED_MESSAGES = 200

/** Counts the earlier questions of the same session that are not answered yet. */
function countEarlierUnanswered({ messages }: RoomState, message: Message): number {
  return messages
    .slice(-MAX_SEARCHED_MESSAGES)
    .filter(
      (reply) =>
        isThinking(reply) && reply.chat_session_id === message.chat_session_id && reply.position < message.position,
    ).length
}
