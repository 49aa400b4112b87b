import type { Visibility } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getChat, getVisibility, startSession } from '../../state/asking/chat.ts'
import { toErrorKind } from '../../state/page/problems.ts'
import { showToast } from '../../state/page/toasts.ts'

/** Starts the next session when the rounds of one are spent, with or without a summary of it. */
export function NextSession(props: { event_id: string; onStarted?(visibility: Visibility): void }): ReactNode {
  const { event_id, onStarted } = props
  const t = useMessages()
  const [busy, setBusy] = useState(false)
  const begin = (carry_over: boolean) => {
    const visibility = getVisibility(getChat(event_id))
    setBusy(true)
    startSession(event_id, visibility, carry_over)
      .then(() => onStarted?.(visibility))
      .catch((error: unknown) => showToast(t.trouble[toErrorKind(error)].what, 'bad'))
      .finally(() => setBusy(false))
  }
  return (
    <p className="ways">
      <button type="button" className="primary" disabled={busy} onClick={() => begin(true)}>
        {t.next_session_carry}
      </button>
      <button type="button" disabled={busy} onClick={() => begin(false)}>
        {t.next_session_fresh}
      </button>
    </p>
  )
}
