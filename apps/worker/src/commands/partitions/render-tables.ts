import type { MonthlyTableInfo } from '@engineer-chat/adapters/mysql'

/** Returns true if all rows of the table are stored by month, and no move has left an old table. */
export const isFullyDivided = ({ months, isOverflowUsed, hasOldTable }: MonthlyTableInfo): boolean =>
  months !== undefined && !isOverflowUsed && !hasOldTable

/** Renders a line for each table, with the task that remains for an operator. */
export const renderTables = (tables: MonthlyTableInfo[]): string => tables.map(renderTable).join('\n')

function renderTable(info: MonthlyTableInfo): string {
  const { table, rows, months } = info
  const storage = months ? `by month, ${months[0]} to ${months.at(-1)}` : 'in one piece'
  return `${table}: about ${rows.toLocaleString('en-US')} rows, stored ${storage}. ${describeTask(info)}`.trimEnd()
}

function describeTask({ table, months, isOverflowUsed, hasOldTable }: MonthlyTableInfo): string {
  if (hasOldTable && months) {
    return `${table}_old is there, because a move has not ended or found differences: --divide continues it.`
  }
  if (isOverflowUsed) return 'It has rows after its last month: --divide moves them into months.'
  return months ? '' : '--divide moves it into months while it is in use.'
}
