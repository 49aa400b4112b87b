import type { Visibility } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { startSession } from '../../state/asking/chat.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'

/** Offers to start the next session, with or without a summary of the session that has reached its round limit. */
export function NextSession(props: { event_id: string; visibility: Visibility; onStarted?(): void }): ReactNode {
  const { event_id, visibility, onStarted } = props
  const t = useMessages()
  const [isBusy, setIsBusy] = useState(false)
  const start = (carry_over: boolean) => {
    setIsBusy(true)
    startSession(event_id, visibility, carry_over)
      .then(() => onStarted?.())
      .catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
      .finally(() => setIsBusy(false))
  }
  return (
    <p className="button-row">
      <button type="button" className="primary" disabled={isBusy} onClick={() => start(true)}>
        {t.next_session_carry}
      </button>
      <button type="button" disabled={isBusy} onClick={() => start(false)}>
        {t.next_session_fresh}
      </button>
    </p>
  )
}
