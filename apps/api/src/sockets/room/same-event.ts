import type { Event } from '@engineer-chat/protocol'

/** Returns true if two states of an event are equal, apart from the sequence number and the time of the change. */
export function isSameEvent(a: Event | undefined, b: Event | undefined): boolean {
  return toComparableJson(a) === toComparableJson(b)
}

const toComparableJson = (event: Event | undefined): string =>
  event === undefined ? '' : JSON.stringify(Object.entries({ ...event, seq: 0, updated_at: '' }).sort())
