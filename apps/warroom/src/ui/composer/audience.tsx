import type { AiCommand, Visibility } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findActiveSession, useChat } from '../../state/asking/chat.ts'
import type { Recipient } from '../../state/asking/recipient.ts'
import { openDialog } from '../../state/page/view.ts'
import { type Addressee, mentionsAi } from '../../text/addressee.ts'
import { Icon } from '../parts/icon.tsx'
import { ModelPicker } from './model-picker.tsx'

/** Shows who will answer the text in the composer and who will read it, before it is sent. */
export function Audience(props: {
  event_id: string
  /** Says what the text is: a question, a command, or a message for the room. */
  addressee: Addressee
  /** Names who receives the text: the AI if the text begins with `@AI` or an AI command, else the writer's choice. */
  recipient: Recipient
  text: string
  /** Says whether the post quotes a chat with the AI. Agents cannot read such a post. */
  quotesChat: boolean
}): ReactNode {
  const { event_id, addressee, recipient, text } = props
  const t = useMessages()
  if (addressee.to === 'page') return <span className="to">{t.to_command}</span>
  if (recipient.to === 'ai') {
    const command = addressee.to === 'ai' ? addressee.command : undefined
    return <SessionAudience event_id={event_id} visibility={recipient.visibility} command={command} />
  }
  return (
    <span className="to room">
      <Icon name="room" /> {props.quotesChat ? t.to_room_people : t.to_room}
      {addressee.to === 'room' && addressee.looksLikeCommand && <span className="quiet"> · {t.no_command}</span>}
      {mentionsAi(text) && <span className="quiet"> · {t.mention_first}</span>}
    </span>
  )
}

interface SessionAudienceProps {
  event_id: string
  visibility: Visibility
  command: AiCommand | undefined
}

function SessionAudience({ event_id, visibility, command }: SessionAudienceProps): ReactNode {
  const t = useMessages()
  const chat = useChat(event_id)
  const session = findActiveSession(chat, visibility)
  const isPrivate = visibility === 'private'
  return (
    <span className={`to ${isPrivate ? 'private' : 'shared'}`}>
      <Icon name="sparkle" /> {command === undefined ? t.to_ai : t.to_ai_command(`/${command}`)}
      <span className="visibility">
        <Icon name={isPrivate ? 'lock' : 'room'} /> {isPrivate ? t.seen_by_me : t.seen_by_people}
      </span>
      <ModelPicker event_id={event_id} />
      {session && chat.max_rounds > 0 && <span className="quiet">{t.rounds(session.rounds, chat.max_rounds)}</span>}
      {session && isPrivate && (
        <button
          type="button"
          className="plain share"
          onClick={() => openDialog({ kind: 'share', event_id, session_id: session.session_id })}
        >
          {t.share_session}
        </button>
      )}
    </span>
  )
}
