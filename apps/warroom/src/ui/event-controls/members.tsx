import type { EventMember, MemberRole, User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { requestChange } from '../../state/events/change-event.ts'
import { findEventRights, loadMembers, putMember, removeMember, useMembers } from '../../state/events/members.ts'
import { loadPeople } from '../../state/events/people.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { Avatar } from '../parts/avatar.tsx'
import { ErrorText } from '../parts/error-text.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { AddMember } from './add-member.tsx'
import { RoleChoice } from './role-choice.tsx'

/** Lists the members and their roles. Users who may manage the event can add, change and remove members. */
export function MembersDialog({ event_id, user }: { event_id: string; user: User }): ReactNode {
  const t = useMessages()
  const event = useRoom(event_id, (room) => room.event)
  const members = useMembers(event_id) ?? []
  const { mayManage } = findEventRights(user, members)
  const [errorText, setErrorText] = useState('')
  useEffect(() => void loadMembers(event_id).catch(() => {}), [event_id])
  /** Changes a member. Then loads the people again, because a change of members can change who may read the event. */
  const run = (changeMember: () => Promise<void>) => {
    setErrorText('')
    changeMember()
      .then(() => loadPeople(event_id))
      .catch((error: unknown) => {
        const { cause, nextStep } = t.errorText[toErrorKind(error)]
        setErrorText(`${cause} ${nextStep}`)
      })
  }
  return (
    <div className="content members">
      {mayManage ? (
        <AddMember
          event_id={event_id}
          members={members}
          onAdd={(id, role) => run(() => putMember(event_id, id, role))}
        />
      ) : (
        <p className="quiet">{t.controls.only_commanders}</p>
      )}
      <ErrorText text={errorText} />
      {members.length === 0 && <p className="quiet">{t.controls.no_members}</p>}
      <ul>
        {members.map((member) => (
          <MemberItem
            key={member.user_id}
            member={member}
            mayManage={mayManage}
            onChooseRole={(role) => run(() => putMember(event_id, member.user_id, role))}
            onRemove={() => run(() => removeMember(event_id, member.user_id))}
          />
        ))}
      </ul>
      {event && mayManage && (
        <label className="choice">
          <input
            type="checkbox"
            checked={event.access === 'restricted'}
            onChange={({ target }) =>
              requestChange(event, { field: 'access', to: target.checked ? 'restricted' : 'open' })
            }
          />{' '}
          {t.restricted_label}
        </label>
      )}
    </div>
  )
}

interface MemberItemProps {
  member: EventMember
  mayManage: boolean
  onChooseRole(role: MemberRole): void
  onRemove(): void
}

function MemberItem({ member, mayManage, onChooseRole, onRemove }: MemberItemProps): ReactNode {
  const t = useMessages()
  const { username, role } = member
  return (
    <li>
      <Avatar kind="person" name={username} />
      <strong>{username}</strong>
      {mayManage ? (
        <RoleChoice label={t.controls.role_of(username)} value={role} onChoose={onChooseRole} />
      ) : (
        <span className="quiet">{t.member_role[role]}</span>
      )}
      {mayManage && <IconButton icon="close" label={t.controls.remove(username)} onClick={onRemove} />}
    </li>
  )
}
