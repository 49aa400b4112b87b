import { type Static, Type } from 'typebox'
import { EventId, Severity } from '../scalars.ts'
import { IndicatorType } from './indicators.ts'

export const SimilarEventsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 5 })),
})
export type SimilarEventsQuery = Static<typeof SimilarEventsQuery>

/** Describes an event that is similar to another one. */
export const SimilarEvent = Type.Object(
  {
    event_id: EventId,
    event_name: Type.String(),
    severity: Severity,
    score: Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'It is 0.5 or more if the events share an indicator. Scores are comparable only within one response.',
    }),
    shared_indicators: Type.Array(Type.Object({ type: IndicatorType, value: Type.String() }), {
      description: 'At most ten are listed; those that occur in the fewest events come first.',
    }),
    excerpt: Type.String({ description: 'It is the beginning of the event’s summary, or else of its `message`.' }),
  },
  { $id: 'SimilarEvent' },
)
export type SimilarEvent = Static<typeof SimilarEvent>
