import type { AiCommand } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { chooseVisibility, getVisibility, useChat } from '../../state/asking/chat.ts'
import { openDialog } from '../../state/page/view.ts'
import { type Addressee, mentionsAi } from '../../text/addressee.ts'
import { Icon } from '../parts/icon.tsx'
import { ModelPicker } from './model-picker.tsx'

/** Shows before a text is sent who answers it and who will read it. */
export function Audience(props: { event_id: string; addressee: Addressee; text: string }): ReactNode {
  const { event_id, addressee, text } = props
  const t = useMessages()
  if (addressee.to === 'page') return <span className="to">{t.to_command}</span>
  if (addressee.to === 'ai') return <SessionAudience event_id={event_id} command={addressee.command} />
  if (addressee.to === 'ai_without_question') return <SessionAudience event_id={event_id} />
  return (
    <span className="to room">
      <Icon name="room" /> {t.to_room}
      {addressee.to === 'room' && addressee.looksLikeCommand && <span className="quiet"> · {t.no_command}</span>}
      {mentionsAi(text) && <span className="quiet"> · {t.mention_first}</span>}
    </span>
  )
}

function SessionAudience({ event_id, command }: { event_id: string; command?: AiCommand | undefined }): ReactNode {
  const t = useMessages()
  const chat = useChat(event_id)
  const visibility = getVisibility(chat)
  const { session, rounds, max_rounds } = chat
  const isPrivate = visibility === 'private'
  const changeVisibility = () => {
    if (!session) chooseVisibility(event_id, isPrivate ? 'room' : 'private')
    else if (isPrivate) openDialog({ kind: 'share', event_id, session_id: session.session_id })
    else openDialog({ kind: 'new_session', event_id })
  }
  return (
    <span className={`to ${isPrivate ? 'private' : 'shared'}`}>
      <Icon name="sparkle" /> {command === undefined ? t.to_ai : t.to_ai_command(`/${command}`)}
      <button type="button" className="plain visibility" onClick={changeVisibility} title={t.change_visibility}>
        <Icon name={isPrivate ? 'lock' : 'room'} /> {isPrivate ? t.seen_by_me : t.seen_by_people}
      </button>
      <ModelPicker />
      {session && max_rounds > 0 && <span className="quiet">{t.rounds(rounds, max_rounds)}</span>}
    </span>
  )
}
