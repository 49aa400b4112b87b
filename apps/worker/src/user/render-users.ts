import type { User } from '@engineer-chat/protocol'

const HEADINGS = ['NAME', 'ROLE', 'ACTIVE', 'CREATED', 'ID']

/** Renders one line for each user, in columns as wide as their widest cell. */
export function renderUsers(users: User[]): string {
  const rows = users.map(({ username, role, active, created_at, user_id }) => {
    return [username, role, active ? 'yes' : 'no', created_at, user_id]
  })
  const lines = [HEADINGS, ...rows]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)))
  return lines
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
