import type { Indicator, IndicatorType } from '@engineer-chat/protocol'
import { type StoredMessage, sha256 } from '../../shared/index.ts'
import { listIndicators } from './add-indicators.ts'
import type { IndicatorMention } from './indicator-store.ts'

/** A message sends 2 KiB of indicators, but a search must not miss those behind. This holds some hundred of them. */
const MAX_BYTES = 64 * 1024
const MAX_HOST_LENGTH = 255

/** Lists the indicators of a message as rows of the table, each value once. */
export function listMentions({ message }: StoredMessage): IndicatorMention[] {
  const mentions = new Map<string, IndicatorMention>()
  for (const { type, value } of listIndicators(message.message_content, MAX_BYTES)) {
    const value_hash = toValueHash(type, value)
    mentions.set(value_hash, { type, value, value_hash, host: readHost({ type, value }) })
  }
  return [...mentions.values()]
}

export const toValueHash = (type: IndicatorType, value: string): string => sha256(`${type} ${value}`)

function readHost({ type, value }: Pick<Indicator, 'type' | 'value'>): string | null {
  const host = type === 'url' ? URL.parse(value)?.hostname : type === 'email' ? value.split('@')[1] : undefined
  return host?.slice(0, MAX_HOST_LENGTH) || null
}
