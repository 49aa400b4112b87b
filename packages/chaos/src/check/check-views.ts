import type { Message } from '@engineer-chat/protocol'
import type { Follower } from '../follow/follower.ts'
import type { StoredRow, StoredState } from './stored-state.ts'

const canSee = (role: string, user_id: string, { audience }: StoredRow): boolean =>
  audience === 'all' || (role !== 'agent' && (audience === 'people' || audience === user_id))

/**
 * Compares the rows that a follower has at the end with the rows in MySQL that its caller may see. It compares both the
 * rows of `StrictRoom` and the rows of the product's client.
 */
export function checkView(follower: Follower, storedState: StoredState): string[] {
  const { caller, room } = follower
  const visibleRows = storedState.rows.filter(
    (row) => row.event_id === room.event_id && canSee(caller.role, caller.user_id, row),
  )
  const clientRows = new Map(follower.clientState.messages.map((message) => [message.message_id, message]))
  const name = `${caller.username} in ${room.event_id}`
  const compare = (view: string, rows: ReadonlyMap<string, Message>): string[] => {
    const missing = visibleRows.flatMap((row) => {
      const seen = rows.get(row.message_id)
      if (!seen)
        return row.position < room.firstPosition
          ? []
          : [`${name}, ${view}: row ${row.seq} at position ${row.position} is missing: ${room.explainMissing(row.seq)}`]
      return isSame(seen, row)
        ? []
        : [`${name}, ${view}: row ${seen.seq} (${seen.message_type}) is row ${row.seq} (${row.message_type}) in MySQL`]
    })
    const ids = new Set(visibleRows.map(({ message_id }) => message_id))
    const forbidden = [...rows.keys()].filter((id) => !ids.has(id))
    return [...missing, ...forbidden.map((id) => `${name}, ${view}: sees ${id}, which it must not see`)]
  }
  const lastSeq = storedState.lastSeqByRoom.get(room.event_id) ?? 0
  return [
    ...compare('frames', room.rows),
    ...compare('client', clientRows),
    ...(room.lastSeq > lastSeq
      ? [`${name}: the follower has sequence number ${room.lastSeq}, but the last one in MySQL is ${lastSeq}`]
      : []),
  ]
}

const isSame = (seen: Message, row: StoredRow): boolean =>
  seen.seq === row.seq &&
  seen.position === row.position &&
  seen.message_type === row.message_type &&
  seen.message_from === row.message_from &&
  seen.reply_to === row.reply_to &&
  seen.message_content.content === row.content.content

/** Finds sequence numbers of a room that followers saw on two different rows. */
export function checkSequenceNumbers(followers: Follower[]): string[] {
  const idsBySeq = new Map<string, string>()
  const violations = new Set<string>()
  for (const { room } of followers) {
    for (const [seq, message_id] of room.messageIdsBySeq) {
      const key = `${room.event_id} ${seq}`
      const knownId = idsBySeq.get(key) ?? message_id
      if (knownId !== message_id)
        violations.add(`sequence number ${seq} of ${room.event_id} belonged to ${knownId} and to ${message_id}`)
      idsBySeq.set(key, knownId)
    }
  }
  return [...violations]
}
