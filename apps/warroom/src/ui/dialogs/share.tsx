import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { share } from '../../state/asking/chat.ts'
import { loadPeople, usePeople } from '../../state/events/people.ts'
import { closeDialog } from '../../state/page/view.ts'
import { pin } from '../../state/rooms/pins.ts'
import { useAction } from './use-action.ts'

const MAX_NAMES = 12

/** Names everybody who will read the session, because sharing can't be taken back. */
export function Share(props: { event_id: string; session_id: string; pin?: string; user: User }): ReactNode {
  const { event_id, session_id, user, pin: message_id } = props
  const t = useMessages()
  const { isBusy, errorText, run } = useAction()
  useEffect(() => void loadPeople(event_id).catch(() => {}), [event_id]) // Somebody may have been added meanwhile.
  const others = usePeople(event_id).filter(({ may_enter, user_id }) => may_enter && user_id !== user.user_id)
  const shareThenPin = async () => {
    await share(event_id, session_id)
    if (message_id !== undefined) await pin({ event_id, message_id })
  }
  const names = others.slice(0, MAX_NAMES).map(({ username }) => username)
  return (
    <div className="content">
      {message_id !== undefined && (
        <p>
          <strong>{t.share_to_pin}</strong>
        </p>
      )}
      <p>{t.share_what}</p>
      <p>
        <strong>{t.share_who(others.length)}</strong> {names.join(', ')}
        {others.length > MAX_NAMES && ' …'}
      </p>
      <p className="quiet">{t.share_agents}</p>
      {errorText !== '' && <p className="error-text">{errorText}</p>}
      <p className="ways">
        <button type="button" className="primary" disabled={isBusy} onClick={() => run(shareThenPin)}>
          {message_id === undefined ? t.share_do : t.share_and_pin}
        </button>
        <button type="button" onClick={closeDialog}>
          {t.keep_private}
        </button>
      </p>
    </div>
  )
}
