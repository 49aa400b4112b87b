import type { MemberRole } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'

const ROLES: readonly MemberRole[] = ['commander', 'responder', 'observer']

interface RoleProps {
  label: string
  value: MemberRole
  onChoose(role: MemberRole): void
}

export function RoleChoice({ label, value, onChoose }: RoleProps): ReactNode {
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
