import type { QuestionTrace } from '@engineer-chat/adapters/mysql'
import type { LoggedLine } from './log-lines.ts'

interface Step {
  at: string
  from: string
  what: string
  fields: Record<string, unknown>
}

/** Renders the history of a question: lines in order of time, each with the milliseconds since the first one. */
export function formatTrace(trace: QuestionTrace | undefined, logged: LoggedLine[]): string[] {
  const steps: Step[] = [
    ...(trace?.entries ?? []).map((entry) => ({ ...entry, from: 'mysql' })),
    ...logged.map(({ at, service, event, fields }) => ({ at, from: service, what: event, fields })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const startMs = Date.parse(steps[0]?.at ?? '')
  return steps.map(({ at, from, what, fields }) => {
    const since = `+${Date.parse(at) - startMs} ms`
    return [at, since.padStart(12), from.padEnd(14), what, formatFields(fields)].join('  ').trimEnd()
  })
}

const formatFields = (fields: Step['fields']): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined && typeof value !== 'object')
    .map(([name, value]) => `${name}=${typeof value === 'number' ? Math.round(value) : value}`)
    .join(' ')
