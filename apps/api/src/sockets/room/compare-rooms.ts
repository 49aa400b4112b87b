import type { Timeline } from '@engineer-chat/chat/rooms'
import type { Log } from '@engineer-chat/chat/shared'
import type { OutageReporter } from '@engineer-chat/process/outage'
import type { NodeRooms } from './node-rooms.ts'
import type { Room } from './room.ts'

export interface CompareContext {
  rooms: Pick<NodeRooms, 'listAll' | 'evict'>
  timeline: Pick<Timeline, 'readSeqs'>
  log: Log
  outage: Pick<OutageReporter, 'markLost' | 'markRestored'>
}

/**
 * Creates a function that compares all open rooms with MySQL, one comparison at a time. It finds changes whose hints
 * were lost. Without it, nothing would show that the hint of a room's last change was lost, because no later hint
 * follows. It evicts a room whose sequence number in MySQL has become lower.
 */
export function createRoomComparison(ctx: CompareContext): () => Promise<void> {
  let isComparing = false
  return async () => {
    const seqsBefore = new Map(listOpenRooms(ctx).map((room) => [room, room.lastSeq]))
    if (isComparing || seqsBefore.size === 0) return
    isComparing = true
    try {
      const seqs = await ctx.timeline.readSeqs([...seqsBefore.keys()].map(({ eventId }) => eventId))
      for (const [room, seqBefore] of seqsBefore) correctRoom(ctx, room, seqBefore, seqs.get(room.eventId))
      ctx.outage.markRestored()
    } catch (error) {
      ctx.outage.markLost(error)
    } finally {
      isComparing = false
    }
  }
}

const listOpenRooms = ({ rooms }: CompareContext): Room[] => rooms.listAll().filter(({ state }) => state === 'open')

/**
 * Makes a room catch up with `seq` from MySQL, or evicts it if `seq` is too low. `seqBefore` is the room's sequence
 * number before MySQL was read.
 */
function correctRoom({ rooms, log }: CompareContext, room: Room, seqBefore: number, seq: number | undefined): void {
  if (room.state === 'closed' || seq === undefined) return
  if (seq > room.lastSeq) void room.catchUp()
  if (seq >= seqBefore) return
  log.error('EngineerChat.room_set_back', { event_id: room.eventId, seq, room_seq: room.lastSeq })
  rooms.evict(room)
}
