import type { Analytics, AnalyticsQuery } from '@engineer-chat/protocol'
import { requireAdmin } from '../people/index.ts'
import { type Principal, showNoEvent, throwInvalid, type VerbReport } from '../shared/index.ts'
import { toModelCalls } from './model-call-stats.ts'
import { sumStats, toAnalyticsFigures } from './reply-stats.ts'
import { toSessionFigures } from './session-stats.ts'
import type { StatisticsStore } from './statistics-store.ts'

const DAY_MS = 86_400_000
const DAYS_SHOWN = 30
const MAX_DAYS = 366

/** Returns the statistics of the last days. @throws ChatError forbidden, validation_failed */
export async function readAnalytics(
  ctx: { statistics: StatisticsStore },
  caller: Principal,
  query: AnalyticsQuery,
): Promise<Analytics> {
  requireAdmin(caller)
  const to = query.to ?? toDay(Date.now())
  const last = parseDay(to, '/to')
  const from = query.from ?? toDay(last - (DAYS_SHOWN - 1) * DAY_MS)
  const first = parseDay(from, '/from')
  if (first > last) throwInvalid('/from', 'must not be after to')
  if (last - first >= MAX_DAYS * DAY_MS) throwInvalid('/from', `must be less than ${MAX_DAYS} days before to`)
  const days = await ctx.statistics.listDays(from, to)
  const counted = days.flatMap(({ models }) => models)
  return {
    from,
    to,
    all: toAnalyticsFigures(sumStats(counted.map(({ figures }) => figures))),
    session_figures: toSessionFigures(days.map(({ session_ends }) => session_ends)),
    models: [...Map.groupBy(counted, ({ model }) => model)].map(([model, days]) => ({
      model,
      figures: toAnalyticsFigures(sumStats(days.map(({ figures }) => figures))),
    })),
    days: days.map(({ models, calls, session_ends, ...day }) => ({
      ...day,
      session_figures: toSessionFigures([session_ends]),
      calls: toModelCalls(calls),
      all: toAnalyticsFigures(sumStats(models.map(({ figures }) => figures))),
      models: models.map(({ model, figures }) => ({ model, figures: toAnalyticsFigures(figures) })),
    })),
  }
}

readAnalytics.report = { shownEvents: showNoEvent } satisfies VerbReport<AnalyticsQuery, Analytics>

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

function parseDay(day: string, path: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(ms) || toDay(ms) !== day) throwInvalid(path, 'must be a day of the calendar')
  return ms
}
