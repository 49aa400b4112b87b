import type { Report, StoredReport, Table } from './report.ts'

export function renderText({ bench, tables, goals, ...about }: StoredReport): string {
  const goalTable = listGoals(goals)
  const blocks = [...tables, ...(goalTable ? [goalTable] : [])].map((table) => {
    const widths = table.head.map((_, column) =>
      Math.max(...[table.head, ...table.rows].map((row) => (row[column] ?? '').length)),
    )
    const line = (row: string[]) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    const ruler = widths.map((width) => '-'.repeat(width))
    return [table.title, '', line(table.head), line(ruler), ...table.rows.map(line), ...listNotes(table)].join('\n')
  })
  return [`== ${bench} ==`, describeRun(about), ...blocks].join('\n\n')
}

export function renderMarkdown({ bench, tables, goals, ...about }: StoredReport): string {
  const goalTable = listGoals(goals)
  const blocks = [...tables, ...(goalTable ? [goalTable] : [])].map((table) => {
    const line = (row: string[]) => `| ${row.join(' | ')} |`
    const ruler = table.head.map((_, column) => (column === 0 ? '---' : '---:'))
    return [`**${table.title}**`, '', line(table.head), line(ruler), ...table.rows.map(line), ...listNotes(table)].join(
      '\n',
    )
  })
  return [`## ${bench}`, describeRun(about), ...blocks].join('\n\n')
}

const describeRun = ({ cores, node, seconds, others }: Omit<StoredReport, keyof Report>): string =>
  `${cores} cores, Node ${node}, ${seconds} s; other processes took ${Math.round(others * 100)}% of the machine at most.`

const listNotes = ({ notes = [] }: Table): string[] => (notes.length === 0 ? [] : ['', ...notes])

function listGoals(goals: Report['goals']): Table | undefined {
  if (goals.length === 0) return undefined
  return {
    title: 'Goals',
    head: ['what', 'goal', 'measured', ''],
    rows: goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'met' : 'missed']),
  }
}
