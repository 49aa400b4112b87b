import { quotesChat, type User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { editUnsent } from '../../state/asking/edit-unsent.ts'
import {
  discardUnsent,
  findFirstRefusedAtRoundLimit,
  resendMessage,
  resendRefusedAtRoundLimit,
  type Unsent,
  useOutbox,
} from '../../state/asking/outbox.ts'
import { listCommanderNames, loadMembers, useMembers } from '../../state/events/members.ts'
import { VisibilityLabel } from '../message/visibility.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { focusMessageBox } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { MessageText } from '../parts/message-text.tsx'
import { QuoteBlock } from '../quoting/quote-block.tsx'
import { NextSession } from './next-session.tsx'

/** Shows an unsent message as it will look after sending, with the state of its delivery. */
export function UnsentView({ unsent, user, event_id }: { unsent: Unsent; user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const { state, text, to, visibility, errorKind, quote } = unsent
  return (
    <article className={`message own unsent ${state}`} data-state={state} aria-label={t.your_message}>
      <Avatar kind="person" name={user.username} />
      <div className="body">
        <p className="byline">
          <strong>{user.username}</strong>
          <VisibilityLabel
            category={to === 'ai' ? 'engineer_chat' : 'room'}
            visibility={visibility}
            quotesChat={quotesChat(quote)}
          />
          <span className="delivery">
            {state === 'sending' && t.sending}
            {state === 'waiting' && t.waiting_to_send}
            {state === 'failed' && t.not_sent}
          </span>
        </p>
        {quote && <QuoteBlock quote={quote} event_id={event_id} foldKey={unsent.client_message_id} />}
        <p className="text">
          <MessageText text={text} />
        </p>
        {state === 'failed' && errorKind && (
          <p className="error-text" role="alert">
            {t.errorText[errorKind].cause}{' '}
            {errorKind === 'forbidden' ? <CommanderAdvice event_id={event_id} /> : t.errorText[errorKind].nextStep}
          </p>
        )}
        {state === 'failed' && <FailedActions unsent={unsent} user={user} event_id={event_id} />}
      </div>
    </article>
  )
}

/** Names the commanders whom the writer can ask. The server lists members only for a person who may read the event. */
function CommanderAdvice({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const names = listCommanderNames(useMembers(event_id))
  useEffect(() => void loadMembers(event_id).catch(() => {}), [event_id])
  return names.length === 0 ? t.errorText.forbidden.nextStep : t.ask_commander(names.join(', '))
}

function FailedActions({ unsent, user, event_id }: { unsent: Unsent; user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const { client_message_id, errorKind, visibility } = unsent
  const edit = () => {
    editUnsent(user.user_id, unsent)
    focusMessageBox()
  }
  // The next session is offered once, and not below each message that was refused at the round limit.
  const isFirstRefused = useOutbox(
    ({ items }) => findFirstRefusedAtRoundLimit(items, unsent)?.client_message_id === client_message_id,
  )
  if (isFirstRefused) {
    const resend = () => resendRefusedAtRoundLimit(unsent)
    return <NextSession event_id={event_id} visibility={visibility} onStarted={resend} />
  }
  return (
    <p className="button-row">
      {errorKind !== 'session_round_limit' && (
        <button type="button" onClick={() => resendMessage(client_message_id)}>
          <Icon name="retry" /> {t.send_again}
        </button>
      )}
      <button type="button" onClick={edit}>
        <Icon name="edit" /> {t.edit}
      </button>
      <button type="button" className="plain" onClick={() => discardUnsent(client_message_id)}>
        {t.discard}
      </button>
    </p>
  )
}
