import type { BenchReport, StoredReport, Table } from './report.ts'

export function renderText({ bench, tables, goals, ...run }: StoredReport): string {
  const goalTable = toGoalTable(goals)
  const blocks = [...tables, ...(goalTable ? [goalTable] : [])].map((table) => {
    const widths = table.head.map((_, column) =>
      Math.max(...[table.head, ...table.rows].map((row) => (row[column] ?? '').length)),
    )
    const formatRow = (row: string[]) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    const ruler = widths.map((width) => '-'.repeat(width))
    return [
      table.title,
      '',
      formatRow(table.head),
      formatRow(ruler),
      ...table.rows.map(formatRow),
      ...listNotes(table),
    ].join('\n')
  })
  return [`== ${bench} ==`, describeRun(run), ...blocks].join('\n\n')
}

export function renderMarkdown({ bench, tables, goals, ...run }: StoredReport): string {
  const goalTable = toGoalTable(goals)
  const blocks = [...tables, ...(goalTable ? [goalTable] : [])].map((table) => {
    const formatRow = (row: string[]) => `| ${row.join(' | ')} |`
    const ruler = table.head.map((_, column) => (column === 0 ? '---' : '---:'))
    return [
      `**${table.title}**`,
      '',
      formatRow(table.head),
      formatRow(ruler),
      ...table.rows.map(formatRow),
      ...listNotes(table),
    ].join('\n')
  })
  return [`## ${bench}`, describeRun(run), ...blocks].join('\n\n')
}

const describeRun = ({ cores, node, seconds, others }: Omit<StoredReport, keyof BenchReport>): string =>
  `${cores} cores, Node ${node}, ${seconds} s; other processes took ${Math.round(others * 100)}% of the machine at most.`

const listNotes = ({ notes = [] }: Table): string[] => (notes.length === 0 ? [] : ['', ...notes])

function toGoalTable(goals: BenchReport['goals']): Table | undefined {
  if (goals.length === 0) return undefined
  return {
    title: 'Goals',
    head: ['what', 'goal', 'measured', ''],
    rows: goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'met' : 'missed']),
  }
}
