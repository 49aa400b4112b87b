import type { RoomSources } from '../src/shared/reply-context.ts'

/** Creates a room's sources. By default, the totals are the lists' lengths. */
export function createRoomSources(fields: Partial<RoomSources> = {}): RoomSources {
  const { changes = [], pins = [], messages = [] } = fields
  const count = (list: unknown[]) => ({ count: list.length, isLimitReached: false })
  const totals = { changes: count(changes), pins: count(pins), messages: count(messages) }
  return { readPosition: null, summaries: [], totals, ...fields, changes, pins, messages }
}
