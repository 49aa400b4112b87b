import type { User } from '@engineer-chat/protocol'

const HEADINGS = ['NAME', 'ROLE', 'ACTIVE', 'CREATED', 'ID']

/** Renders one line for each user, in columns as wide as their widest cell. */
export function toTable(users: User[]): string {
  const rows = users.map(({ username, role, active, created_at, user_id }) => [
    ...[username, role, active ? 'yes' : 'no', created_at, user_id],
  ])
  const all = [HEADINGS, ...rows]
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
