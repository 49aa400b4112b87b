import type { MonthlyTableInfo } from '@engineer-chat/adapters/mysql'

export const isFullyDivided = ({ months, isOverflowUsed, hasOldTable }: MonthlyTableInfo): boolean =>
  months !== undefined && !isOverflowUsed && !hasOldTable

/** Renders a line for each table, with what to do about it. */
export const renderTables = (tables: MonthlyTableInfo[]): string => tables.map(renderTable).join('\n')

function renderTable(info: MonthlyTableInfo): string {
  const { table, rows, months } = info
  const place = months ? `by month, ${months[0]} to ${months.at(-1)}` : 'in one piece'
  return `${table}: about ${rows.toLocaleString('en-US')} rows, stored ${place}. ${describeTask(info)}`.trimEnd()
}

function describeTask({ table, months, isOverflowUsed, hasOldTable }: MonthlyTableInfo): string {
  if (hasOldTable && months) {
    return `${table}_old is there, because a move has not ended or found differences: --divide continues it.`
  }
  if (isOverflowUsed) return 'It has rows after its last month: --divide moves them into months.'
  return months ? '' : '--divide moves it into months while it is in use.'
}
