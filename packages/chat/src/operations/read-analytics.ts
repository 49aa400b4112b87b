import type { Analytics, AnalyticsQuery } from '@engineer-chat/protocol'
import { requireAdmin } from '../people/index.ts'
import { listNoEvent, type Principal, throwInvalid, type VerbReport } from '../shared/index.ts'
import { toModelCalls } from './model-call-stats.ts'
import { sumReplyStats, toAnalyticsFigures } from './reply-stats.ts'
import { toSessionFigures } from './session-stats.ts'
import type { StatisticsStore } from './statistics-store.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
const MAX_DAYS = 366

/** Returns the statistics of a range of days, by default the last 30. @throws ChatError forbidden, validation_failed */
export async function readAnalytics(
  ctx: { statistics: StatisticsStore },
  caller: Principal,
  query: AnalyticsQuery,
): Promise<Analytics> {
  requireAdmin(caller)
  const to = query.to ?? toDay(Date.now())
  const lastDayMs = parseDay(to, '/to')
  const from = query.from ?? toDay(lastDayMs - (DEFAULT_DAYS - 1) * DAY_MS)
  const firstDayMs = parseDay(from, '/from')
  if (firstDayMs > lastDayMs) throwInvalid('/from', 'must not be after to')
  if (lastDayMs - firstDayMs >= MAX_DAYS * DAY_MS) throwInvalid('/from', `must be less than ${MAX_DAYS} days before to`)
  const days = await ctx.statistics.listDays(from, to)
  const statsByDayAndModel = days.flatMap(({ models }) => models)
  return {
    from,
    to,
    all: toAnalyticsFigures(sumReplyStats(statsByDayAndModel.map(({ stats }) => stats))),
    session_figures: toSessionFigures(days.map(({ session_ends }) => session_ends)),
    models: [...Map.groupBy(statsByDayAndModel, ({ model }) => model)].map(([model, statsByDay]) => ({
      model,
      figures: toAnalyticsFigures(sumReplyStats(statsByDay.map(({ stats }) => stats))),
    })),
    days: days.map(({ models, calls, session_ends, ...day }) => ({
      ...day,
      session_figures: toSessionFigures([session_ends]),
      calls: toModelCalls(calls),
      all: toAnalyticsFigures(sumReplyStats(models.map(({ stats }) => stats))),
      models: models.map(({ model, stats }) => ({ model, figures: toAnalyticsFigures(stats) })),
    })),
  }
}

readAnalytics.report = { listShownEvents: listNoEvent } satisfies VerbReport<AnalyticsQuery, Analytics>

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/**
 * Returns the time at which a day begins in UTC, in milliseconds since 1970. `path` is the field of the query that the
 * error names.
 * @throws ChatError validation_failed
 */
function parseDay(day: string, path: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(ms) || toDay(ms) !== day) throwInvalid(path, 'must be a day of the calendar')
  return ms
}
