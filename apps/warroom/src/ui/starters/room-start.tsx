import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { setRecipient } from '../../state/asking/recipient.ts'
import { findEventRights, useMembers } from '../../state/events/members.ts'
import { openDialog } from '../../state/page/view.ts'
import { focusMessageBox } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { type AskContext, useAskRefusal } from './ask-by-button.ts'
import { QuestionButtons } from './question-buttons.tsx'

/** Suggests first steps in a room in which nobody has written anything. */
export function RoomStart({ user, event_id }: AskContext): ReactNode {
  const t = useMessages()
  const mayAsk = useAskRefusal({ user, event_id }) === undefined
  const { mayManage } = findEventRights(user, useMembers(event_id))
  const writeToRoom = () => {
    setRecipient(user.user_id, event_id, { to: 'room', visibility: 'private' })
    focusMessageBox()
  }
  return (
    <section className="room-start" aria-label={t.start.title}>
      <p className="quiet">{t.start.title}</p>
      {mayAsk && (
        <>
          <QuestionButtons user={user} event_id={event_id} />
          <p className="starters">
            <button type="button" className="starter" onClick={writeToRoom}>
              <Icon name="edit" /> {t.start.first_message}
            </button>
            {mayManage && (
              <button type="button" className="starter" onClick={() => openDialog({ kind: 'members', event_id })}>
                <Icon name="users" /> {t.start.add_members}
              </button>
            )}
          </p>
        </>
      )}
    </section>
  )
}
