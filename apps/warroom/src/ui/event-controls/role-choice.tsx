import type { MemberRole } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'

const ROLES: readonly MemberRole[] = ['commander', 'responder', 'observer']

interface Props {
  label: string
  value: MemberRole
  onChoose(role: MemberRole): void
}

/** Lets the reader choose a member's role in the event. */
export function RoleChoice({ label, value, onChoose }: Props): ReactNode {
  const t = useMessages()
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ target }) => {
        const role = ROLES.find((name) => name === target.value)
        if (role) onChoose(role)
      }}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t.member_role[role]}
        </option>
      ))}
    </select>
  )
}
