import type { Event } from '@engineer-chat/protocol'

/** An event says the same as before, whatever number its room has come to meanwhile. */
export function isSameEvent(a: Event | undefined, b: Event | undefined): boolean {
  return toComparableText(a) === toComparableText(b)
}

const toComparableText = (event: Event | undefined): string =>
  event === undefined ? '' : JSON.stringify(Object.entries({ ...event, seq: 0, updated_at: '' }).sort())
