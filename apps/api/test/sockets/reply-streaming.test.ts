import type { ReplyText, StoredMessage } from '@engineer-chat/chat/shared'
import t from 'tap'
import { type LiveMembership, RoomMembership, type SocketPeer } from '../../src/sockets/room/membership.ts'
import { RepliesInProgress } from '../../src/sockets/room/replies-in-progress.ts'
import { ReplyStreaming } from '../../src/sockets/room/reply-streaming.ts'
import { RoomMembers } from '../../src/sockets/room/room-members.ts'

const REPLY = {
  message: { message_id: 'r1', message_category: 'engineer_chat', message_type: 'thinking' },
  audience: 'people',
  attempt: 1,
} as StoredMessage

const createDelta = (index: number) => ({ event_id: 'e1', message_id: 'r1', attempt: 1, index, text: 'x' })

/** Sets up a room with an unfinished reply, and a live member. */
function setUp(findReplyText: () => Promise<ReplyText | undefined>) {
  const outbox = { isCongested: false, send() {} }
  const peer = { caller: { user_id: 'alice', role: 'engineer' }, outbox } as unknown as SocketPeer
  const member = Object.assign(new RoomMembership(peer, 'e1'), {
    status: { state: 'live', missedReplies: new Set<string>() },
  }) as unknown as LiveMembership
  const members = new RoomMembers()
  members.add(member)
  const replies = new RepliesInProgress()
  replies.applyMessage(REPLY)
  const metrics = { deltas_dropped_total: 0 }
  const freshness = { areRightsFresh: () => true }
  const room = { eventId: 'e1', members, replies }
  const streaming = new ReplyStreaming(room, { feed: { findReplyText }, freshness, metrics })
  return { streaming, member, metrics, outbox }
}

t.test(
  '[WS24] a dropped delta is counted once for a slow socket, and a postponed snapshot is not counted',
  async (t) => {
    const { streaming, member, metrics, outbox } = setUp(async () => undefined)
    outbox.isCongested = true
    streaming.onDelta(createDelta(0))
    streaming.onDelta(createDelta(1))
    t.equal(metrics.deltas_dropped_total, 2)
    streaming.sendSnapshot('r1')
    streaming.sendMissedSnapshots(member)
    streaming.sendAllSnapshots(member)
    t.equal(metrics.deltas_dropped_total, 2)
    t.same([...member.status.missedReplies], ['r1'], 'the socket still gets a snapshot when it has drained')
  },
)

t.test('[WS10] a delta that is dropped because 200 others wait for the read of their text is counted', async (t) => {
  const { promise, resolve } = Promise.withResolvers<ReplyText | undefined>()
  const { streaming, metrics } = setUp(() => promise)
  streaming.onDelta(createDelta(1)) // The delta before it is missing, so the whole text is read.
  for (let index = 2; index < 202; index += 1) streaming.onDelta(createDelta(index))
  t.equal(metrics.deltas_dropped_total, 0)
  for (const index of [202, 203]) streaming.onDelta(createDelta(index))
  t.equal(metrics.deltas_dropped_total, 2)
  resolve(undefined)
})
