import type { EventStore } from '@engineer-chat/chat/events'
import { deriveEventRights, type EventRights, listAudiences } from '@engineer-chat/chat/people'
import type { Timeline } from '@engineer-chat/chat/rooms'
import type { Audience, Log } from '@engineer-chat/chat/shared'
import { CLOSE_CODES, type Subscribe } from '@engineer-chat/protocol'
import type { Connections } from '../connection/connections.ts'
import { toMessageJson } from '../frames/encode-frame.ts'
import { type EncodedMessage, encodeSubscribedFrames, type SubscribedContent } from '../frames/subscribed-frames.ts'
import type { RightsFreshness } from '../rights/rights-freshness.ts'
import type { CoalescedRights } from '../rights/rights-reads.ts'
import type { SocketLimits } from '../socket-limits.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import { leaveRoom, refuseMember } from './leave-room.ts'
import {
  clearQueue,
  deliver,
  hasLeft,
  type JoiningState,
  type LiveMembership,
  RoomMembership,
  type SocketPeer,
} from './membership.ts'
import type { NodeRooms } from './node-rooms.ts'
import { type RecordViewContext, recordAdminView } from './record-admin-view.ts'
import type { Room } from './room.ts'

/** A subscription is read at most this many times before the client is asked to try again. */
const MAX_READS = 5

export interface SubscribeContext extends RecordViewContext {
  connections: Pick<Connections, 'has'>
  rooms: Pick<NodeRooms, 'join'>
  coalescedRights: CoalescedRights
  freshness: Pick<RightsFreshness, 'areRightsFresh' | 'waitUntilFresh'>
  timeline: Pick<Timeline, 'readChanges' | 'readPage'>
  events: Pick<EventStore, 'find'>
  limits: SocketLimits
  metrics: SocketMetrics
  log: Log
  limitReads<T>(read: () => Promise<T>): Promise<T>
}

/**
 * Subscribes a connection to a room. It joins the room first, and then reads it. Changes that come during the read are
 * queued. Their sequence numbers show which of them the read contains.
 */
export async function subscribe(
  ctx: SubscribeContext,
  peer: SocketPeer,
  { event_id, last_seq }: Subscribe,
): Promise<void> {
  const previous = peer.rooms.get(event_id)
  if (previous) leaveRoom(previous)
  if (peer.rooms.size >= ctx.limits.roomsPerConnection) {
    return peer.sendError('too_many_rooms', 'This connection is in too many rooms.', event_id)
  }
  await peer.outbox.waitUntilDrained() // A long `subscribed` frame in addition to a full buffer would close the socket.
  if (!ctx.connections.has(peer)) return
  const member = new RoomMembership(peer, event_id)
  peer.rooms.set(event_id, member)
  try {
    const rights = await readRights(ctx, member)
    if (!rights.read) return refuseMember(ctx.metrics, member)
    await readUntilLive(ctx, member, rights, last_seq)
  } catch (error) {
    if (hasLeft(member)) return
    leaveRoom(member)
    ctx.log.error('EngineerChat.room_unavailable', { event_id, connection_id: peer.id }, error)
    peer.sendError('unavailable', 'The room cannot be read now. Subscribe again in a moment.', event_id)
  }
}

/**
 * Reads the member's rights, closes the connection if its sign-in has ended or its user's role has changed, and records
 * the view of an admin. It must run after the member was added to its peer, so that every later read of the rights
 * watch includes the member.
 */
async function readRights(ctx: SubscribeContext, member: RoomMembership): Promise<EventRights> {
  const { peer, eventId } = member
  const { caller, signInId } = peer
  const { user_id } = caller
  const [known, accessAndRole] = await Promise.all([
    ctx.coalescedRights.findPrincipal({ user_id, sign_in_id: signInId }),
    ctx.coalescedRights.findAccessAndRole({ user_id, event_id: eventId }),
  ])
  // During the read, a socket may have continued with another sign-in. The rights watch checks that one.
  if (known?.role !== caller.role && peer.signInId === signInId) peer.close(CLOSE_CODES.unauthenticated, 'signed_out')
  // A member who has left is shown nothing, so there is no view to record.
  if (!hasLeft(member)) await recordAdminView(ctx, member, accessAndRole)
  return deriveEventRights(caller, accessAndRole)
}

async function readUntilLive(
  ctx: SubscribeContext,
  member: RoomMembership,
  rights: EventRights,
  last_seq: number | undefined,
): Promise<void> {
  if (hasLeft(member)) return
  const { room, joining } = await ctx.rooms.join(member, rights)
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    await ctx.freshness.waitUntilFresh()
    const content = await ctx.limitReads(() => {
      clearQueue(joining)
      return readContent(ctx, member, last_seq)
    })
    const newestSeq = Math.max(content.seq, ...content.messages.map(({ seq }) => seq))
    // A room that is behind could still send deltas of a reply that this read found finished.
    const isDelivered = await room.deliverUpTo(newestSeq)
    if (hasLeft(member)) return
    if (isDelivered && !joining.hasOverflowed && ctx.freshness.areRightsFresh())
      return goLive(room, member, joining, content)
  }
  throw new Error('The room changed faster than it could be read.')
}

async function readContent(
  ctx: Pick<SubscribeContext, 'timeline' | 'events' | 'limits'>,
  { peer, eventId }: RoomMembership,
  last_seq: number | undefined,
): Promise<SubscribedContent> {
  const { timeline, events, limits } = ctx
  const audiences = listAudiences(peer.caller)
  if (last_seq !== undefined) {
    const missed = await findMissedContent(ctx, eventId, audiences, last_seq)
    if (missed) return missed
  }
  const page = await timeline.readPage(eventId, audiences, { limit: limits.pageRows })
  // The event is read after the page of messages, so it may be newer than `seq`, but never older.
  const event = await events.find(eventId)
  if (!event) throw new Error('The room has no event.')
  return { event, seq: page.seq, reset: true, has_more: page.has_more, messages: page.rows.map(toEncoded) }
}

/** Returns the changes after `last_seq`, or undefined if there are too many, or if the room never had this number. */
async function findMissedContent(
  { timeline, limits }: Pick<SubscribeContext, 'timeline' | 'limits'>,
  eventId: string,
  audiences: Audience[],
  last_seq: number,
): Promise<SubscribedContent | undefined> {
  const found = await timeline.readChanges(eventId, audiences, last_seq, limits.resumeRows)
  if (!found?.complete || last_seq > found.seq) return undefined
  const messages = found.rows.map(toEncoded)
  const totalBytes = messages.reduce((total, { bytes }) => total + bytes, 0)
  if (totalBytes > limits.resumeBytes) return undefined
  // Older messages than these exist, unless the client asked for all changes from the beginning.
  return { event: found.event, seq: found.seq, reset: false, has_more: last_seq > 0, messages }
}

function toEncoded(row: Parameters<typeof toMessageJson>[0]): EncodedMessage {
  const { seq, position } = row.message
  const json = toMessageJson(row)
  return { seq, position, json, bytes: Buffer.byteLength(json) }
}

/**
 * Makes the member live. In one tick it sends the `subscribed` frames, the queued changes that are newer, the texts in
 * progress, and the list of present people.
 */
function goLive(room: Room, member: RoomMembership, joining: JoiningState, content: SubscribedContent): void {
  const { frames, lastSeq } = encodeSubscribedFrames(content)
  for (const frame of frames) member.peer.outbox.send(frame)
  const live: LiveMembership = Object.assign(member, {
    status: {
      state: 'live' as const,
      room,
      rights: joining.rights,
      subscribedSeq: content.seq,
      lastSentSeq: lastSeq,
      missedReplies: new Set<string>(),
      typedAtMs: Number.NEGATIVE_INFINITY,
    },
  })
  for (const delivery of joining.queue) deliver(live, delivery)
  room.streaming.sendAllSnapshots(live)
  room.presence.sendTo(live)
  room.presence.scheduleUpdate()
}
