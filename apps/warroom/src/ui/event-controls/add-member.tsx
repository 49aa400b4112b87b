import type { EventMember, MemberRole, Person } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { Avatar } from '../parts/avatar.tsx'
import { RoleChoice } from './role-choice.tsx'

const MAX_RESULTS = 6

interface Props {
  event_id: string
  members: readonly EventMember[]
  onAdd(user_id: string, role: MemberRole): void
}

/** Finds people by a part of their name, and adds them as members with the chosen role. */
export function AddMember({ event_id, members, onAdd }: Props): ReactNode {
  const t = useMessages()
  const people = usePeople(event_id)
  const [searchText, setSearchText] = useState('')
  const [role, setRole] = useState<MemberRole>('responder')
  const isSearching = searchText.trim() !== ''
  const foundPeople = isSearching ? findPeople(people, members, searchText.trim().toLowerCase()) : []
  return (
    <div className="add-member">
      <div className="pair">
        <input
          type="search"
          aria-label={t.controls.add_person}
          placeholder={t.controls.add_person}
          value={searchText}
          onChange={({ target }) => setSearchText(target.value)}
        />
        <RoleChoice label={t.role_label} value={role} onChoose={setRole} />
      </div>
      <ul aria-live="polite">
        {foundPeople.map(({ user_id, username }) => (
          <li key={user_id}>
            <Avatar kind="person" name={username} />
            <strong>{username}</strong>
            <button
              type="button"
              aria-label={`${t.controls.add} ${username}`}
              onClick={() => {
                onAdd(user_id, role)
                setSearchText('')
              }}
            >
              {t.controls.add}
            </button>
          </li>
        ))}
        {isSearching && foundPeople.length === 0 && <li className="quiet">{t.controls.nobody_found}</li>}
      </ul>
    </div>
  )
}

function findPeople(people: readonly Person[], members: readonly EventMember[], text: string): Person[] {
  const isMember = (id: string) => members.some(({ user_id }) => user_id === id)
  return people
    .filter(({ user_id, username }) => username.toLowerCase().includes(text) && !isMember(user_id))
    .slice(0, MAX_RESULTS)
}
