import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './scalars.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'In UTC.' })

/** Both days are included. */
export const AnalyticsQuery = Type.Object({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
})
export type AnalyticsQuery = Static<typeof AnalyticsQuery>

const Count = Type.Integer({ minimum: 0 })
const createShare = (description: string) =>
  Nullable(Type.Number({ minimum: 0, maximum: 1, description: `${description} Null: there were none.` }))
const Millis = Type.Integer({ minimum: 0, description: 'Milliseconds.' })

export const AnalyticsFigures = Type.Object(
  {
    replies: Type.Integer({ minimum: 0, description: 'All that were asked for: one for each question.' }),
    unfinished: Count,
    answered: Count,
    cancelled: Count,
    failed: Count,
    errors: Type.Record(Type.String(), Count, { description: 'The failed ones by their code.' }),
    verdicts: Type.Object({ up: Count, down: Count }),
    satisfaction: createShare('Of the verdicts that askers gave, the share of thumbs up.'),
    completion: createShare('Of the replies that ended, the share that ended as an answer.'),
    abandonment: createShare('Of the replies that ended, the share that the asker cancelled.'),
    answer_ms: Nullable(
      Type.Object(
        { mean: Millis, p50: Millis, p95: Millis },
        { description: 'How long the call took that gave the answer; percentiles are read off a histogram.' },
      ),
    ),
  },
  { $id: 'AnalyticsFigures' },
)
export type AnalyticsFigures = Static<typeof AnalyticsFigures>

/**
 * Counts the calls of a configured model by its id, whatever its provider calls it. A call that was tried again
 * counts twice.
 */
export const ModelCalls = Type.Object(
  {
    model_id: Type.String(),
    made: Count,
    failed: Count,
    cancelled: Count,
    prompt_tokens: Count,
    completion_tokens: Count,
    cost_micros: Nullable(
      Type.Integer({ minimum: 0, description: 'Millionths of the models file’s currency. Null: no price is known.' }),
    ),
  },
  { $id: 'ModelCalls' },
)
export type ModelCalls = Static<typeof ModelCalls>

const ByModel = Type.Array(
  Type.Object({
    model: Nullable(Type.String({ description: 'That was called last. Null: none was, nor was one asked for.' })),
    figures: AnalyticsFigures,
  }),
)

const AnalyticsDay = Type.Object({
  day: Day,
  counted_at: Timestamp,
  sessions: Type.Integer({ minimum: 0, description: 'In which something was asked.' }),
  people: Type.Integer({ minimum: 0, description: 'Who asked something.' }),
  all: AnalyticsFigures,
  models: ByModel,
  calls: Type.Array(ModelCalls, {
    description: 'Of the day’s questions. None of a day that was counted by an older version.',
  }),
})

/** A reply belongs to the day of its question. Days that weren't counted yet are left out. */
export const Analytics = Type.Object(
  { from: Day, to: Day, all: AnalyticsFigures, models: ByModel, days: Type.Array(AnalyticsDay) },
  { $id: 'Analytics' },
)
export type Analytics = Static<typeof Analytics>
