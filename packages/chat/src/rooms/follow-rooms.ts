/**
 * Stores rows that workers derive from the messages of rooms, for example indicators. `Rules` say what is derived. The
 * derived rows are some seconds behind the messages.
 */
export interface RoomFollower<Rules> {
  /** Lists the ids of rooms with changes that no worker has read. */
  listRoomsBehind(limit: number): Promise<string[]>
  /**
   * Reads the next changed messages of a room, at most `limit`, and replaces the rows derived from them. One
   * transaction stores these rows and how far the room was read. Only one worker reads a room at a time. Resolves to
   * true if more changes may be left.
   */
  deriveNextRows(event_id: string, limit: number, rules: Rules): Promise<boolean>
  /**
   * Removes the derived rows of a room. `deriveNextRows` then begins again at the room's first message. If there is no
   * such event, it changes nothing and resolves to false.
   */
  reset(event_id: string): Promise<boolean>
  /**
   * Lists the ids of rooms that workers have read, completely or in part. It lists only ids greater than `after`, in
   * ascending order.
   */
  listFollowedRooms(query: { after: string; limit: number }): Promise<string[]>
}

export interface FollowLimits {
  /** One run reads the next messages of at most this many rooms. */
  maxRooms: number
  /** One transaction reads at most this many messages. */
  maxMessages: number
}

/**
 * Reads one batch of changed messages of each room that is behind. The next batch of a room waits for the next run, so
 * that a long room does not delay the others. Resolves to true if work may be left for another run. If some rooms fail,
 * the others are still read, and then the first failure is thrown.
 */
export async function followRooms<Rules>(
  follower: RoomFollower<Rules>,
  rules: Rules,
  { maxRooms, maxMessages }: FollowLimits,
): Promise<boolean> {
  const eventIds = await follower.listRoomsBehind(maxRooms)
  let isMoreLeft = eventIds.length === maxRooms
  const failures: unknown[] = []
  for (const event_id of eventIds) {
    try {
      if (await follower.deriveNextRows(event_id, maxMessages, rules)) isMoreLeft = true
    } catch (cause) {
      failures.push(cause)
    }
  }
  if (failures.length > 0) throw failures[0]
  return isMoreLeft
}

/** One call of `listFollowedRooms` lists at most this many rooms. */
const ROOMS_PER_PAGE = 100

/**
 * Resets the room `event_id`, or without it every followed room. The workers then read each of these rooms again from
 * its first message. This is necessary after the rules have changed. Resolves to the number of rooms that were reset,
 * which is 0 if there is no event `event_id`.
 */
export async function resetRooms<Rules>(follower: RoomFollower<Rules>, event_id?: string): Promise<number> {
  if (event_id !== undefined) return (await follower.reset(event_id)) ? 1 : 0
  let count = 0
  let after = ''
  while (true) {
    const followedIds = await follower.listFollowedRooms({ after, limit: ROOMS_PER_PAGE })
    for (const followedId of followedIds) if (await follower.reset(followedId)) count += 1
    const lastId = followedIds.at(-1)
    if (lastId === undefined || followedIds.length < ROOMS_PER_PAGE) return count
    after = lastId
  }
}
