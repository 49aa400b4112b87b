import type { RoomSources } from '../src/shared/reply-context.ts'

/** Creates what a room has for a prompt. Its totals are the lists' lengths if they are not given. */
export function createRoomSources(fields: Partial<RoomSources> = {}): RoomSources {
  const { changes = [], pins = [], messages = [] } = fields
  const count = (list: unknown[]) => ({ count: list.length, isLimited: false })
  const totals = { changes: count(changes), pins: count(pins), messages: count(messages) }
  return { since: null, summaries: [], totals, ...fields, changes, pins, messages }
}
