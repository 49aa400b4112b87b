import type { Event } from '@engineer-chat/protocol'

/** An event says the same as before, whatever number its room has come to meanwhile. */
export function sameEvent(a: Event | undefined, b: Event | undefined): boolean {
  return told(a) === told(b)
}

const told = (event: Event | undefined): string =>
  event === undefined ? '' : JSON.stringify(Object.entries({ ...event, seq: 0, updated_at: '' }).sort())
