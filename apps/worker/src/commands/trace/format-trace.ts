import type { QuestionTrace } from '@engineer-chat/adapters/mysql'
import type { LoggedLine } from './log-lines.ts'

interface Step {
  at: string
  /** Names where the step was read: MySQL, or the service and process that logged it. */
  origin: string
  what: string
  fields: Record<string, unknown>
}

/** Renders the history of a question: lines in order of time, each with the milliseconds since the first one. */
export function formatTrace(trace: QuestionTrace | undefined, logged: LoggedLine[]): string[] {
  const steps: Step[] = [
    ...(trace?.entries ?? []).map((entry) => ({ ...entry, origin: 'mysql' })),
    ...logged.map(({ at, service, eventName, fields }) => ({ at, origin: service, what: eventName, fields })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const startMs = Date.parse(steps[0]?.at ?? '')
  return steps.map(({ at, origin, what, fields }) => {
    const sinceStart = `+${Date.parse(at) - startMs} ms`
    return [at, sinceStart.padStart(12), origin.padEnd(14), what, formatFields(fields)].join('  ').trimEnd()
  })
}

const formatFields = (fields: Step['fields']): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined && typeof value !== 'object')
    .map(([name, value]) => `${name}=${typeof value === 'number' ? Math.round(value) : value}`)
    .join(' ')
