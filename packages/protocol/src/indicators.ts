import { type Static, Type } from 'typebox'

/** A message carries at most this many bytes of indicators, as JSON; later ones are left out. */
export const MAX_INDICATORS_BYTES = 2_048

export const IndicatorType = Type.Enum(['url', 'domain', 'email', 'ipv4', 'ipv6', 'hash', 'cve', 'attack'])
export type IndicatorType = Static<typeof IndicatorType>

const Offset = Type.Integer({ minimum: 0 })

export const Indicator = Type.Object({
  start: Offset,
  end: Offset,
  type: IndicatorType,
  value: Type.String({ description: 'It is refanged and normalised, so that equal indicators have equal values.' }),
  path: Type.Optional(
    Type.String({
      description:
        'It names the field of `message_content` that the offsets count in, as a JSON pointer (RFC 6901). Without it, the field is `content`.',
    }),
  ),
})
export type Indicator = Static<typeof Indicator>
