/**
 * Stores rows that are derived from the messages of rooms by `Rules`. It follows the rooms' sequence numbers with a
 * delay of some seconds.
 */
export interface RoomFollower<Rules> {
  /** Lists the ids of rooms with changes that were not read yet. */
  listRoomsBehind(limit: number): Promise<string[]>
  /**
   * Reads the next changed messages of a room, at most `limit`, and replaces the rows derived from them. The rows and
   * progress are stored together, and only one worker reads a room at a time. Resolves to true if more changes may be
   * left.
   */
  deriveNextRows(event_id: string, limit: number, rules: Rules): Promise<boolean>
  /** Removes the derived rows of a room, so that they are derived again from its first message on. */
  reset(event_id: string): Promise<void>
  /** Lists the ids of rooms that were read completely or in part. They are sorted, and come after the id `after`. */
  listReadRooms(query: { after: string; limit: number }): Promise<string[]>
}

export interface FollowLimits {
  /** One run reads the next messages of at most this many rooms. */
  maxRooms: number
  /** One transaction reads at most this many messages. */
  maxMessages: number
}

/**
 * Reads one batch of changed messages of each room that is behind. The next batch of a room waits for the next run, so
 * that a long room does not delay the others. Resolves to true if work is left for another run. If a room fails, the
 * others are still read, and its failure is thrown after the last room.
 */
export async function followRooms<Rules>(
  follower: RoomFollower<Rules>,
  rules: Rules,
  { maxRooms, maxMessages }: FollowLimits,
): Promise<boolean> {
  const rooms = await follower.listRoomsBehind(maxRooms)
  let isMoreLeft = rooms.length === maxRooms
  const failures: unknown[] = []
  for (const event_id of rooms) {
    try {
      if (await follower.deriveNextRows(event_id, maxMessages, rules)) isMoreLeft = true
    } catch (cause) {
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw failures[0]
  return isMoreLeft
}

const PAGE_ROOMS = 100

/**
 * Resets one room or every room, so that the workers read it again from its first message. This is necessary after the
 * rules have changed. Resolves to the number of rooms.
 */
export async function resetRooms<Rules>(follower: RoomFollower<Rules>, event_id?: string): Promise<number> {
  if (event_id !== undefined) {
    await follower.reset(event_id)
    return 1
  }
  let count = 0
  let after = ''
  while (true) {
    const rooms = await follower.listReadRooms({ after, limit: PAGE_ROOMS })
    for (const room of rooms) await follower.reset(room)
    count += rooms.length
    const lastRoom = rooms.at(-1)
    if (lastRoom === undefined || rooms.length < PAGE_ROOMS) return count
    after = lastRoom
  }
}
