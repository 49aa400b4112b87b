import type { BenchReport, StoredReport, Table } from './report.ts'

export function renderText({ bench, tables, goals, ...run }: StoredReport): string {
  const blocks = [...tables, ...listGoalTables(goals)].map((table) => {
    const widths = table.head.map((_, column) =>
      Math.max(...[table.head, ...table.rows].map((row) => (row[column] ?? '').length)),
    )
    const formatRow = (row: string[]) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    const separator = widths.map((width) => '-'.repeat(width))
    return [
      table.title,
      '',
      formatRow(table.head),
      formatRow(separator),
      ...table.rows.map(formatRow),
      ...listNotes(table),
    ].join('\n')
  })
  return [`== ${bench} ==`, describeRun(run), ...blocks].join('\n\n')
}

export function renderMarkdown({ bench, tables, goals, ...run }: StoredReport): string {
  const blocks = [...tables, ...listGoalTables(goals)].map((table) => {
    const formatRow = (row: string[]) => `| ${row.join(' | ')} |`
    // The first column is aligned left, and the numbers in the other ones right.
    const separator = table.head.map((_, column) => (column === 0 ? '---' : '---:'))
    return [
      `**${table.title}**`,
      '',
      formatRow(table.head),
      formatRow(separator),
      ...table.rows.map(formatRow),
      ...listNotes(table),
    ].join('\n')
  })
  return [`## ${bench}`, describeRun(run), ...blocks].join('\n\n')
}

const describeRun = ({ cores, node, seconds, others }: Omit<StoredReport, keyof BenchReport>): string =>
  `${cores} cores, Node ${node}, ${seconds} s; other processes took ${Math.round(others * 100)}% of the machine at most.`

const listNotes = ({ notes = [] }: Table): string[] => (notes.length === 0 ? [] : ['', ...notes])

/** Lists the table of the goals; lists nothing if there are no goals. */
function listGoalTables(goals: BenchReport['goals']): Table[] {
  if (goals.length === 0) return []
  const rows = goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'met' : 'missed'])
  return [{ title: 'Goals', head: ['what', 'goal', 'measured', ''], rows }]
}
