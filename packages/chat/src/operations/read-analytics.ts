import type { Analytics, AnalyticsQuery } from '@engineer-chat/protocol'
import { adminOnly } from '../people/index.ts'
import { type Caller, invalid } from '../shared/index.ts'
import { describedCalls } from './model-call-stats.ts'
import { described, sumOf } from './reply-stats.ts'
import type { Statistics } from './statistics-store.ts'

const DAY_MS = 86_400_000
const DAYS_SHOWN = 30
const MOST_DAYS = 366

/** What was asked on the last days, and what became of it. @throws ChatError forbidden, validation_failed */
export async function readAnalytics(
  ctx: { statistics: Statistics },
  caller: Caller,
  query: AnalyticsQuery,
): Promise<Analytics> {
  adminOnly(caller)
  const to = query.to ?? dayAt(Date.now())
  const last = startOf(to, '/to')
  const from = query.from ?? dayAt(last - (DAYS_SHOWN - 1) * DAY_MS)
  const first = startOf(from, '/from')
  if (first > last) invalid('/from', 'must not be after to')
  if (last - first >= MOST_DAYS * DAY_MS) invalid('/from', `must be less than ${MOST_DAYS} days before to`)
  const days = await ctx.statistics.days(from, to)
  const counted = days.flatMap(({ models }) => models)
  return {
    from,
    to,
    all: described(sumOf(counted.map(({ figures }) => figures))),
    models: [...Map.groupBy(counted, ({ model }) => model)].map(([model, days]) => ({
      model,
      figures: described(sumOf(days.map(({ figures }) => figures))),
    })),
    days: days.map(({ models, calls, ...day }) => ({
      ...day,
      calls: describedCalls(calls),
      all: described(sumOf(models.map(({ figures }) => figures))),
      models: models.map(({ model, figures }) => ({ model, figures: described(figures) })),
    })),
  }
}

const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

function startOf(day: string, path: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(ms) || dayAt(ms) !== day) invalid(path, 'must be a day of the calendar')
  return ms
}
