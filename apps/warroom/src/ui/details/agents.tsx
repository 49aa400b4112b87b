import { AGENT_NAMES, type AgentName, type Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { loadAgentHistory, useAgentHistoryPosition } from '../../state/rooms/search.ts'
import { takeBeginning, toPlainLine } from '../../text/excerpt.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Time } from '../parts/time.tsx'
import { closeDetailsOverRoom } from './close-details-over-room.ts'

const EXCERPT_CHARACTERS = 140

/** Lists all messages of each agent's role, the newest first. Each message links to its place in the timeline. */
export default function Agents({ event_id }: { event_id: string }): ReactNode {
  const messages = useRoom(event_id, (room) => room.messages)
  const messagesByRole = Map.groupBy(
    messages.filter((message) => message.message_category === 'agent'),
    (message) => message.message_from,
  )
  return AGENT_NAMES.map((role) => (
    <RoleHistory key={role} role={role} event_id={event_id} messages={messagesByRole.get(role) ?? []} />
  ))
}

/**
 * Loads the role's history when it is opened, because the messages that the room has loaded may have gaps. A reset of
 * the room drops the history, which is then loaded again.
 */
function RoleHistory(props: { role: AgentName; event_id: string; messages: Message[] }): ReactNode {
  const { role, event_id, messages } = props
  const t = useMessages()
  const [isOpen, setIsOpen] = useState(false)
  const [isLoading, setIsLoading] = useState(false)
  // Undefined means that no page of the history has been loaded, and null that there are no older messages.
  const nextBefore = useAgentHistoryPosition(event_id, role)
  const name = t.agent[role] ?? role
  const load = () => {
    setIsLoading(true)
    loadAgentHistory(event_id, role)
      .catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
      .finally(() => setIsLoading(false))
  }
  const needsFirstPage = isOpen && nextBefore === undefined
  useEffect(() => {
    if (needsFirstPage) load()
  }, [needsFirstPage])
  const lastMessage = messages.at(-1)
  const firstLoadedPosition = nextBefore ?? 0
  const shownMessages = messages.filter(({ position }) => position >= firstLoadedPosition).reverse()
  return (
    <details className="role" data-role={role} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <Avatar kind="agent" name={name} /> {name}
        <span className="last">{lastMessage && <Time at={lastMessage.created_at} showsDay />}</span>
      </summary>
      {isOpen && nextBefore !== undefined && (
        <ol>
          {shownMessages.map((message) => (
            <RoleMessage key={message.message_id} message={message} />
          ))}
        </ol>
      )}
      {isOpen && isLoading && <p className="quiet">{t.loading}</p>}
      {isOpen && nextBefore === null && shownMessages.length === 0 && (
        <p className="quiet">{t.role_without_messages}</p>
      )}
      {isOpen && !isLoading && typeof nextBefore === 'number' && (
        <button type="button" className="plain" onClick={load}>
          {t.load_older}
        </button>
      )}
    </details>
  )
}

function RoleMessage({ message }: { message: Message }): ReactNode {
  const t = useMessages()
  const { event_id, message_id, message_type, round_id, created_at } = message
  return (
    <li>
      <a href={toMessageHash(event_id, message_id)} onClick={closeDetailsOverRoom}>
        <span className="type">{t.agent_type(message_type)}</span>
        {round_id !== null && <span className="type"> · {t.agents_round(round_id)}</span>}{' '}
        <Time at={created_at} showsDay />
        <span className="excerpt">{takeBeginning(toPlainLine(message), EXCERPT_CHARACTERS)}</span>
      </a>
    </li>
  )
}
