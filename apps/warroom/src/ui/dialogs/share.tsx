import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { shareSession } from '../../state/asking/chat.ts'
import { loadPeople, usePeople } from '../../state/events/people.ts'
import { closeDialog } from '../../state/page/view.ts'
import { pinMessage } from '../../state/rooms/pins.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { useAction } from './use-action.ts'

const MAX_SHOWN_NAMES = 12

interface Props {
  event_id: string
  session_id: string
  /** Names a message that is pinned after the session is shared, because a private message cannot be pinned. */
  pin_message_id?: string
  user: User
}

/** Names the people who will be able to read the session, because sharing cannot be undone. */
export function ShareDialog({ event_id, session_id, pin_message_id: message_id, user }: Props): ReactNode {
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  // People may have been added since the room was opened.
  useEffect(() => void loadPeople(event_id).catch(() => {}), [event_id])
  const otherReaders = usePeople(event_id).filter(({ may_enter, user_id }) => may_enter && user_id !== user.user_id)
  const shareThenPin = async () => {
    await shareSession(event_id, session_id)
    if (message_id !== undefined) await pinMessage({ event_id, message_id })
  }
  const names = otherReaders.slice(0, MAX_SHOWN_NAMES).map(({ username }) => username)
  return (
    <div className="content">
      {message_id !== undefined && (
        <p>
          <strong>{t.share_to_pin}</strong>
        </p>
      )}
      <p>{t.share_effects}</p>
      <p>
        <strong>{t.share_readers(otherReaders.length)}</strong> {names.join(', ')}
        {otherReaders.length > MAX_SHOWN_NAMES && ' …'}
      </p>
      <p className="quiet">{t.share_agents}</p>
      <ErrorText text={errorText} />
      <p className="button-row">
        <button type="button" className="primary" disabled={isBusy} onClick={() => run(shareThenPin)}>
          {message_id === undefined ? t.share_button : t.share_and_pin}
        </button>
        <button type="button" onClick={closeDialog}>
          {t.keep_private}
        </button>
      </p>
    </div>
  )
}
