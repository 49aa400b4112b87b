import type { OutageReport } from './check/check-redis-outages.ts'
import type { RedisTopology } from './testbed/redis.ts'

export interface ChaosReport {
  seed: number
  length_ms: number
  apis: number
  workers: number
  redis: RedisTopology
  /** Holds `ChaosOptions.answerMarginMs`. */
  answer_margin_ms: number
  took_ms: number
  /** Gives the time from the response to the last request until the last reply had ended. */
  settled_ms: number
  /** Lists the promises that were broken. */
  violations: string[]
  notes: string[]
  schedule: string[]
  /** Lists the outages of the whole Redis. */
  outages: OutageReport[]
  counts: Record<string, number>
  /** Holds `Ledger.responseCounts`, which counts HTTP responses. The AI's answers are in `counts`. */
  answers: Record<string, number>
}

const MAX_SECTION_LINES = 30

/** Formats a summary of the report for people. */
export function formatSummary(report: ChaosReport): string {
  const { seed, counts, violations, notes, outages, settled_ms } = report
  const formatSection = (title: string, lines: string[]) =>
    lines.length === 0
      ? []
      : [title, ...lines.slice(0, MAX_SECTION_LINES).map((line) => `  ${line}`), formatOmitted(lines.length)]
  return [
    '',
    `seed ${seed}: ${report.apis} API nodes, ${report.workers} workers, Redis: ${report.redis}, ${report.schedule.length} faults in ${report.length_ms / 1_000} s`,
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`)
      .join(', '),
    `the last reply was finished ${(settled_ms / 1_000).toFixed(1)} s after the last request`,
    ...outages.map(formatOutage),
    ...formatSection(
      'requests',
      Object.entries(report.answers).map(([route, count]) => `${count} × ${route}`),
    ),
    ...formatSection('notes', notes),
    ...formatSection(`BROKEN: ${violations.length}`, violations),
    violations.length === 0 ? 'every promise was kept' : `run it again: ${formatCommand(report)}`,
  ].join('\n')
}

/** Formats the command that runs the same schedule again. */
function formatCommand({ redis, seed, length_ms, apis, workers, answer_margin_ms }: ChaosReport): string {
  const options = [
    `--redis=${redis}`,
    `--seed=${seed}`,
    `--minutes=${length_ms / 60_000}`,
    `--apis=${apis}`,
    `--workers=${workers}`,
    `--answer-margin=${answer_margin_ms}`,
  ]
  return `npm run chaos -- ${options.join(' ')}`
}

/** Says how many lines of a section are left out. If all are shown, returns the empty line that ends the section. */
const formatOmitted = (lineCount: number): string =>
  lineCount > MAX_SECTION_LINES ? `  … and ${lineCount - MAX_SECTION_LINES} more` : ''

const formatOutage = ({ how, duration_ms, answered, slowest_ms }: OutageReport): string =>
  `Redis ${how === 'hang' ? 'hung' : 'was stopped'} for ${Math.round(duration_ms / 1_000)} s: ${answered} questions were answered, ` +
  `the slowest one took ${(slowest_ms / 1_000).toFixed(1)} s longer than the model's longest answer`
