import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findCatchUp } from '../../state/asking/catch-up.ts'
import { useOutbox } from '../../state/asking/outbox.ts'
import { toMessageHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { formatCommand } from '../../text/commands.ts'
import { Icon } from '../parts/icon.tsx'
import { type AskContext, askPrivatelyByButton, useAskRefusal } from './ask-by-button.ts'

/**
 * Asks the AI what has happened since the reader last read. Afterwards shows that the answer is in progress, and then
 * links to the answer.
 */
export function CatchUpButton({ linePosition, ...context }: AskContext & { linePosition: number }): ReactNode {
  const { user, event_id } = context
  const t = useMessages()
  const refusal = useAskRefusal(context)
  const messages = useRoom(event_id, (room) => room.messages)
  const unsent = useOutbox(({ items }) => items)
  const catchUp = useMemo(
    () => findCatchUp({ messages, unsent, user_id: user.user_id, event_id, linePosition }),
    [messages, unsent, user.user_id, event_id, linePosition],
  )
  if (catchUp.state === 'ended') {
    return (
      <a className="button starter" href={toMessageHash(event_id, catchUp.message_id)}>
        <Icon name="sparkle" /> {t.catch_up.answered}
      </a>
    )
  }
  const isAsked = catchUp.state === 'asked'
  const ask = () => {
    if (refusal !== undefined) showToast(refusal)
    else if (!isAsked) askPrivatelyByButton(context, formatCommand(t, 'catchup'))
  }
  return (
    <button
      type="button"
      className="starter"
      title={refusal ?? t.catch_up.hint}
      aria-disabled={isAsked || refusal !== undefined}
      onClick={ask}
    >
      <Icon name="sparkle" /> {isAsked ? t.catch_up.asked : t.catch_up.ask} <Icon name="lock" label={t.only_you} />
    </button>
  )
}
