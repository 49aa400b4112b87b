import type { IndicatorStore } from './indicator-store.ts'
import { INDICATOR_RULES } from './list-mentions.ts'

export interface FollowLimits {
  /** One turn reads the next messages of at most this many rooms. */
  maxRooms: number
  /** One transaction reads at most this many messages. */
  maxMessages: number
}

/**
 * Reads the next changed messages of each room that is behind, for one turn. Every room gets a batch before any gets a
 * second one, so that an old and long room does not delay the others. Resolves to true if another turn has work.
 */
export async function followRooms(
  ctx: { indicators: IndicatorStore },
  { maxRooms, maxMessages }: FollowLimits,
): Promise<boolean> {
  const rooms = await ctx.indicators.listRoomsBehind(maxRooms)
  let isMoreLeft = rooms.length === maxRooms
  for (const event_id of rooms) {
    if (await ctx.indicators.readNextMessages(event_id, maxMessages, INDICATOR_RULES)) isMoreLeft = true
  }
  return isMoreLeft
}

const PAGE_ROOMS = 100

/** Lets the workers read every room again from its beginning, as a better rule for indicators asks for. */
export async function rebuildIndicators(ctx: { indicators: IndicatorStore }, event_id?: string): Promise<number> {
  if (event_id !== undefined) {
    await ctx.indicators.reset(event_id)
    return 1
  }
  let count = 0
  let after = ''
  while (true) {
    const rooms = await ctx.indicators.listReadRooms({ after, limit: PAGE_ROOMS })
    for (const room of rooms) await ctx.indicators.reset(room)
    count += rooms.length
    const last = rooms.at(-1)
    if (last === undefined || rooms.length < PAGE_ROOMS) return count
    after = last
  }
}
