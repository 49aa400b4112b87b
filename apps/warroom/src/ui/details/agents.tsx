import { AGENT_NAMES, type Message } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useRoom } from '../../state/rooms.ts'
import { messageHash } from '../../state/route.ts'
import { Avatar } from '../avatar.tsx'
import { Time } from '../time.tsx'

const SHOWN = 30

/** What each role has done, the newest first; a click goes to where it stands. */
export function Agents({ event_id }: { event_id: string }): ReactNode {
  const say = useWords()
  const messages = useRoom(event_id, (room) => room.messages)
  const byRole = Map.groupBy(
    messages.filter((message) => message.message_category === 'agent'),
    (message) => message.message_from,
  )
  if (byRole.size === 0) return <p className="quiet">{say.no_agents}</p>
  return AGENT_NAMES.filter((role) => byRole.has(role)).map((role) => (
    <Role key={role} role={role} messages={byRole.get(role) ?? []} />
  ))
}

function Role({ role, messages }: { role: string; messages: Message[] }): ReactNode {
  const say = useWords()
  const name = say.agent[role] ?? role
  return (
    <details className="role" open={messages.length < 4}>
      <summary>
        <Avatar kind="agent" name={name} /> {name} <span className="count">{messages.length}</span>
      </summary>
      <ol>
        {messages
          .slice(-SHOWN)
          .reverse()
          .map((message) => (
            <li key={message.message_id}>
              <a href={messageHash(message.event_id, message.message_id)}>
                <span className="type">{say.agent_type(message.message_type)}</span> <Time at={message.created_at} />
                <span className="excerpt">{plain(message.message_content.content)}</span>
              </a>
            </li>
          ))}
      </ol>
    </details>
  )
}

const plain = (text: string): string =>
  text
    .replace(/[#*_`>-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 140)
