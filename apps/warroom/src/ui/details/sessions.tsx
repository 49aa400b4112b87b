import type { ChatSession, User } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useChat } from '../../state/chat.ts'
import { useRoom } from '../../state/rooms.ts'
import { messageHash } from '../../state/route.ts'
import { ask } from '../../state/view.ts'
import { VisibilityMark } from '../message/visibility.tsx'
import { Time } from '../time.tsx'

export function Sessions({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const say = useWords()
  const { sessions } = useChat(event_id)
  return (
    <>
      <p>
        <button type="button" onClick={() => ask({ kind: 'new_session', event_id })}>
          {say.new_session}
        </button>
      </p>
      {sessions.length === 0 && <p className="quiet">{say.no_sessions}</p>}
      <ul className="sessions">
        {sessions.map((session) => (
          <Session key={session.session_id} session={session} user_id={user.user_id} />
        ))}
      </ul>
    </>
  )
}

function Session({ session, user_id }: { session: ChatSession; user_id: string }): ReactNode {
  const say = useWords()
  const { event_id, session_id, active, visibility, rounds, max_rounds, created_at } = session
  const first = useRoom(event_id, (room) =>
    room.messages.find((message) => message.chat_session_id === session_id && message.user_id === user_id),
  )
  return (
    <li className={active ? 'session active' : 'session'}>
      <p className="meta">
        <Time at={created_at} /> {active && <span className="tag you">{say.active}</span>}
        <VisibilityMark category="engineer_chat" visibility={visibility} />
        <span>{say.rounds(rounds, max_rounds)}</span>
      </p>
      {first && <a href={messageHash(event_id, first.message_id)}>{first.message_content.content.slice(0, 120)}</a>}
      {visibility === 'private' && (
        <button type="button" className="plain" onClick={() => ask({ kind: 'share', event_id, session_id })}>
          {say.share_session}
        </button>
      )}
    </li>
  )
}
