import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './scalars.ts'

const createDaySchema = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })

/** Sums up the configured models of all workers for `/readyz`, without a name, host or key. */
export const AiHealth = Type.Object(
  {
    last_success_at: Nullable(
      Type.String({
        ...Timestamp,
        description: 'It is the end of the last successful call to a model, in ISO 8601 and UTC, with milliseconds.',
      }),
    ),
    models: Type.Integer({ minimum: 0, description: 'It counts the models that running workers have configured.' }),
    left_out: Type.Integer({
      minimum: 0,
      description: 'It counts the models whose circuit breaker is open in every worker.',
    }),
  },
  { $id: 'AiHealth' },
)
export type AiHealth = Static<typeof AiHealth>

export const AnalyticsQuery = Type.Object({
  from: Type.Optional(createDaySchema('It is the first day, in UTC. Without it, the range has 30 days.')),
  to: Type.Optional(createDaySchema('It is the last day, in UTC. Without it, the range ends today.')),
})
export type AnalyticsQuery = Static<typeof AnalyticsQuery>

const Count = Type.Integer({ minimum: 0 })
const createFractionSchema = (description: string) =>
  Nullable(
    Type.Number({ minimum: 0, maximum: 1, description: `${description} Null means that there was nothing to count.` }),
  )
const DurationMs = Type.Integer({ minimum: 0, description: 'It is in milliseconds.' })

export const AnalyticsFigures = Type.Object(
  {
    replies: Type.Integer({ minimum: 0, description: 'It counts all requested replies, one for each question.' }),
    unfinished: Count,
    answered: Count,
    cancelled: Count,
    failed: Count,
    errors: Type.Record(Type.String(), Count, { description: 'It counts the failed replies by their error code.' }),
    verdicts: Type.Object({ up: Count, down: Count }, { description: 'It counts the ratings of askers.' }),
    satisfaction: createFractionSchema('It is the fraction of `up` among the ratings of askers.'),
    completion: createFractionSchema('It is the fraction of the ended replies that ended as an answer.'),
    abandonment: createFractionSchema('It is the fraction of the ended replies that the asker cancelled.'),
    answer_ms: Nullable(
      Type.Object(
        { mean: DurationMs, p50: DurationMs, p95: DurationMs },
        {
          description:
            'It is the duration of the call that gave the answer; percentiles are computed from a histogram.',
        },
      ),
    ),
  },
  { $id: 'AnalyticsFigures' },
)
export type AnalyticsFigures = Static<typeof AnalyticsFigures>

/**
 * A session counts on each day with a question in it: as completed if its last reply of that day is an answer, as
 * abandoned if that reply was cancelled or failed, and as neither if it is unfinished. Unlike in `AnalyticsFigures`,
 * failures are part of `abandonment` here.
 */
export const SessionFigures = Type.Object(
  {
    completed: Type.Integer({
      minimum: 0,
      description: 'It counts sessions whose last reply of the day is an answer.',
    }),
    abandoned: Type.Integer({
      minimum: 0,
      description: 'It counts sessions whose last reply of the day was cancelled or failed.',
    }),
    completion: createFractionSchema('It is the fraction of completed sessions among completed and abandoned ones.'),
    abandonment: createFractionSchema('It is the fraction of abandoned sessions among completed and abandoned ones.'),
  },
  { $id: 'SessionFigures' },
)
export type SessionFigures = Static<typeof SessionFigures>

/** Counts the calls to the configured model with this id. */
export const ModelCalls = Type.Object(
  {
    model_id: Type.String(),
    made: Type.Integer({ minimum: 0, description: 'It counts all calls: also failed, cancelled and repeated ones.' }),
    failed: Count,
    cancelled: Count,
    prompt_tokens: Count,
    completion_tokens: Count,
    cost_micros: Nullable(
      Type.Integer({
        minimum: 0,
        description: 'It is in millionths of the models file’s currency. Null means that no price is known.',
      }),
    ),
  },
  { $id: 'ModelCalls' },
)
export type ModelCalls = Static<typeof ModelCalls>

const FiguresByModel = Type.Array(
  Type.Object({
    model: Nullable(
      Type.String({
        description:
          'It names the model of the last call for each of these replies, or the requested model if there was no call. Null means that there was no call and no model was requested.',
      }),
    ),
    figures: AnalyticsFigures,
  }),
)

const AnalyticsDay = Type.Object({
  day: createDaySchema('The day is in UTC.'),
  counted_at: Timestamp,
  sessions: Type.Integer({ minimum: 0, description: 'It counts the sessions with a question of this day.' }),
  people: Type.Integer({ minimum: 0, description: 'It counts the people who asked a question on this day.' }),
  session_figures: SessionFigures,
  all: AnalyticsFigures,
  models: FiguresByModel,
  calls: Type.Array(ModelCalls, {
    description:
      'It lists the calls for the day’s questions. It is empty for a day that was counted by an older version.',
  }),
})

/** A reply belongs to the day of its question. Days that were not counted yet are left out. */
export const Analytics = Type.Object(
  {
    from: createDaySchema('It is the first day of the range, in UTC.'),
    to: createDaySchema('It is the last day of the range, in UTC.'),
    all: AnalyticsFigures,
    session_figures: SessionFigures,
    models: FiguresByModel,
    days: Type.Array(AnalyticsDay),
  },
  { $id: 'Analytics' },
)
export type Analytics = Static<typeof Analytics>
