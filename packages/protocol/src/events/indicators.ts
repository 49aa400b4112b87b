import { type Static, Type } from 'typebox'
import { EventId, Timestamp } from '../scalars.ts'

/** A message carries at most this many bytes of indicators, as JSON; those that do not fit are left out. */
export const MAX_INDICATORS_BYTES = 2_048

/** The type `attack` is an id of MITRE ATT&CK, such as `T1059.001`. */
export const IndicatorType = Type.Enum(['url', 'domain', 'email', 'ipv4', 'ipv6', 'hash', 'cve', 'attack'])
export type IndicatorType = Static<typeof IndicatorType>

export const Indicator = Type.Object({
  start: Type.Integer({ minimum: 0, description: 'It is the offset of the first character, in UTF-16 units.' }),
  end: Type.Integer({ minimum: 0, description: 'It is the offset after the last character, in UTF-16 units.' }),
  type: IndicatorType,
  value: Type.String({ description: 'It is refanged and normalised, so that equal indicators have equal values.' }),
  path: Type.Optional(
    Type.String({
      description:
        'It names the field of `message_content` to which the offsets refer, as a JSON pointer (RFC 6901). Without it, they refer to `content`.',
    }),
  ),
})
export type Indicator = Static<typeof Indicator>

const Counts = {
  count: Type.Integer({
    minimum: 1,
    description: 'It counts the messages that contain the indicator, and the event’s report if that contains it.',
  }),
  first_at: Timestamp,
  last_at: Timestamp,
}

/** Describes an indicator of a room. It is counted in the report and in the messages that the caller may read. */
export const RoomIndicator = Type.Object({
  type: IndicatorType,
  value: Type.String(),
  ...Counts,
  events: Type.Integer({
    minimum: 1,
    description: 'It counts the events with this indicator that the caller may enter, this one included.',
  }),
})
export type RoomIndicator = Static<typeof RoomIndicator>

/** Exceeds the length of each indicator, because the longest recognised URLs have 2,000 characters. */
const MAX_VALUE_LENGTH = 2_048
const IndicatorCursor = Type.String({ minLength: 1, maxLength: 256 })

export const RoomIndicatorsQuery = Type.Object({
  type: Type.Optional(IndicatorType),
  value: Type.Optional(
    Type.String({ minLength: 1, maxLength: MAX_VALUE_LENGTH, description: 'It is a complete value, as it is listed.' }),
  ),
  q: Type.Optional(
    Type.String({ pattern: '\\S', maxLength: 200, description: 'It is a part of the value, defanged or not.' }),
  ),
  cursor: Type.Optional(IndicatorCursor),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
})
export type RoomIndicatorsQuery = Static<typeof RoomIndicatorsQuery>

/** Describes an indicator in one of the rooms that the caller may enter. */
export const FoundIndicator = Type.Object({
  type: IndicatorType,
  value: Type.String(),
  event_id: EventId,
  event_name: Type.String(),
  ...Counts,
})
export type FoundIndicator = Static<typeof FoundIndicator>

export const IndicatorsQuery = Type.Object({
  q: Type.String({
    pattern: '\\S.*\\S',
    maxLength: 200,
    description: 'It is the beginning of a value, or of the host in a URL or in a mail address. It may be defanged.',
  }),
  cursor: Type.Optional(IndicatorCursor),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type IndicatorsQuery = Static<typeof IndicatorsQuery>
