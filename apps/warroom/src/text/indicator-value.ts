import { defang, markDeceptive } from '@engineer-chat/markdown'
import type { IndicatorType } from '@engineer-chat/protocol'

/** Only these types are addresses. Values of other types, such as `T1059.001`, would be wrong after defanging. */
const ADDRESS_TYPES: ReadonlySet<IndicatorType> = new Set(['url', 'domain', 'email', 'ipv4'])

export const isAddressType = (type: IndicatorType): boolean => ADDRESS_TYPES.has(type)

/** Returns the value as the page shows and copies it: an address is defanged. */
export function toShownValue(type: IndicatorType, value: string): string {
  const marked = markDeceptive(value)
  return isAddressType(type) ? defang(marked) : marked
}
