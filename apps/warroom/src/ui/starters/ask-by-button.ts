import type { User } from '@engineer-chat/protocol'
import { getMessages, useMessages } from '../../i18n/index.ts'
import { askPrivately } from '../../state/asking/submit-text.ts'
import { findEventRights, useMembers } from '../../state/events/members.ts'
import { announce } from '../parts/announcer.tsx'
import { focusTimeline } from '../parts/focus.ts'

export interface AskContext {
  user: User
  event_id: string
}

/** Asks the AI when a button is clicked. The button may disappear afterwards, so the timeline gets the focus. */
export function askPrivatelyByButton({ user, event_id }: AskContext, question: string): void {
  askPrivately(user.user_id, event_id, question)
  announce(getMessages().asked_by_button(question))
  focusTimeline()
}

/** Returns why this person may not ask the AI here, or undefined if they may. The server checks each question again. */
export function useAskRefusal({ user, event_id }: AskContext): string | undefined {
  const t = useMessages()
  return findEventRights(user, useMembers(event_id)).mayAsk ? undefined : t.may_not_ask
}
