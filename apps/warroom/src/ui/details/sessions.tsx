import type { ChatSession, User } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadSession, useChat } from '../../state/asking/chat.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { openDialog } from '../../state/page/view.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { takeBeginning, toPlainLine } from '../../text/excerpt.ts'
import { VisibilityLabel } from '../message/visibility.tsx'
import { Time } from '../parts/time.tsx'
import { QuestionButtons } from '../starters/question-buttons.tsx'
import { closeDetailsOverRoom } from './close-details-over-room.ts'

const EXCERPT_CHARACTERS = 140

/** Lists the sessions that the user has with the AI in this event. */
export default function Sessions({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const { sessions } = useChat(event_id)
  return (
    <>
      <p>
        <button type="button" onClick={() => openDialog({ kind: 'new_session', event_id })}>
          {t.new_session}
        </button>
      </p>
      {sessions.length === 0 && (
        <>
          <p className="quiet">{t.no_sessions}</p>
          <QuestionButtons user={user} event_id={event_id} />
        </>
      )}
      <ul className="sessions">
        {sessions.map((session) => (
          <Session key={session.session_id} session={session} user={user} />
        ))}
      </ul>
    </>
  )
}

/** Shows a session. Its questions are loaded when it is opened. */
function Session({ session, user }: { session: ChatSession; user: User }): ReactNode {
  const t = useMessages()
  const { event_id, session_id, active, visibility, rounds, max_rounds, created_at } = session
  const [isOpen, setIsOpen] = useState(false)
  const onToggle = (isNowOpen: boolean) => {
    setIsOpen(isNowOpen)
    if (!isNowOpen) return
    loadSession(event_id, session_id).catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
  }
  return (
    <li className={active ? 'session active' : 'session'} data-session={session_id}>
      <details onToggle={({ currentTarget }) => onToggle(currentTarget.open)}>
        <summary>
          <span className="meta">
            <Time at={created_at} showsDay /> {active && <span className="tag you">{t.active}</span>}
            <VisibilityLabel category="engineer_chat" visibility={visibility} />
            <span>{t.rounds(rounds, max_rounds)}</span>
          </span>
        </summary>
        {isOpen && rounds > 0 && (
          <SessionQuestions event_id={event_id} session_id={session_id} user_id={user.user_id} />
        )}
        {rounds === 0 && <p className="quiet">{t.nothing_asked}</p>}
        {rounds === 0 && active && visibility === 'private' && <QuestionButtons user={user} event_id={event_id} />}
        {visibility === 'private' && (
          <button type="button" className="plain" onClick={() => openDialog({ kind: 'share', event_id, session_id })}>
            {t.share_session}
          </button>
        )}
      </details>
    </li>
  )
}

function SessionQuestions({
  event_id,
  session_id,
  user_id,
}: {
  event_id: string
  session_id: string
  user_id: string
}): ReactNode {
  const t = useMessages()
  const messages = useRoom(event_id, (room) => room.messages)
  const questions = messages.filter(
    (message) => message.chat_session_id === session_id && message.user_id === user_id && message.reply_to === null,
  )
  if (questions.length === 0) return <p className="quiet">{t.loading}</p>
  return (
    <ol aria-label={t.asked_in_session}>
      {questions.map((message) => (
        <li key={message.message_id}>
          <a href={toMessageHash(event_id, message.message_id)} onClick={closeDetailsOverRoom}>
            {takeBeginning(toPlainLine(message), EXCERPT_CHARACTERS)}
          </a>{' '}
          <span className="quiet">
            <Time at={message.created_at} />
          </span>
        </li>
      ))}
    </ol>
  )
}
