import { deriveEventRights, listAudiences } from '@engineer-chat/chat/people'
import { CLOSE, type Subscribe } from '@engineer-chat/protocol'
import { toMessageJson } from '../frames/encode-frame.ts'
import { type Encoded, encodeSubscribedFrames, type SubscribedAnswer } from '../frames/subscribed-frames.ts'
import type { Hub } from '../hub.ts'
import { RoomMembership, type SocketPeer } from './membership.ts'
import type { Room } from './room.ts'

/** Reads of one subscription, before the client is asked to try again. */
const MAX_READS = 5

/** Join first, then read: what lands in between is held, and its number says whether the answer has it already. */
export async function subscribe(hub: Hub, peer: SocketPeer, { event_id, last_seq }: Subscribe): Promise<void> {
  const before = peer.rooms.get(event_id)
  if (before) hub.leave(before)
  if (peer.rooms.size >= hub.limits.rooms_per_connection) {
    return peer.error('too_many_rooms', 'This connection is in too many rooms.', event_id)
  }
  await peer.outbox.drained() // a long answer on top of a full buffer would close the socket
  const member = new RoomMembership(peer, event_id)
  if (!hub.join(member)) return
  try {
    if (!(await mayEnter(hub, member))) return hub.refuse(member)
    await answer(hub, member, last_seq)
  } catch (error) {
    if (member.state === 'left') return
    hub.leave(member)
    hub.log.error('EngineerChat.room_unavailable', { event_id, connection_id: peer.id }, error)
    peer.error('unavailable', 'The room cannot be read now. Subscribe again in a moment.', event_id)
  }
}

/** Asked of MySQL after joining: whatever the rights watch reads from now on counts for this member, too. */
async function mayEnter(hub: Hub, member: RoomMembership): Promise<boolean> {
  const { caller, sign_in_id } = member.peer
  const { user_id } = caller
  const [known, membership] = await Promise.all([
    hub.callerBy({ user_id, sign_in_id }),
    hub.membershipOf({ user_id, event_id: member.event_id }),
  ])
  if (known?.role !== caller.role) member.peer.close(CLOSE.unauthenticated, 'signed_out')
  member.rights = deriveEventRights(caller, membership)
  if (caller.role === 'admin' && membership?.access === 'restricted' && membership.member === null) {
    await hub.deps.onAdminView?.({ user_id, address: member.peer.address }, member.event_id)
  }
  return member.rights.enter
}

async function answer(hub: Hub, member: RoomMembership, last_seq: number | undefined): Promise<void> {
  if (member.state === 'left') return
  const room = await hub.enter(member)
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    await hub.gate.waitUntilOpen()
    const answer = await hub.reads(() => {
      member.clearQueue()
      return read(hub, member, last_seq)
    })
    const newest = Math.max(answer.seq, ...answer.messages.map(({ seq }) => seq))
    const reached = await room.reach(newest) // a reply that the answer shows as finished mustn't go on here
    if (isGone(member)) return
    if (reached && !member.overflown && hub.gate.isOpen()) return goLive(room, member, answer)
  }
  throw new Error('the room moved on faster than it could be read')
}

/** Asked anew: it may leave during every await. */
const isGone = (member: RoomMembership): boolean => member.state === 'left'

async function read(
  hub: Hub,
  { peer, event_id }: RoomMembership,
  last_seq: number | undefined,
): Promise<SubscribedAnswer> {
  const { deps, limits } = hub
  const audiences = listAudiences(peer.caller)
  if (last_seq !== undefined) {
    const found = await deps.timeline.readChanges(event_id, audiences, last_seq, limits.resume_rows)
    if (found?.complete && last_seq <= found.seq) {
      const messages = found.rows.map(toEncoded)
      const bytes = messages.reduce((total, { json }) => total + json.length, 0)
      if (bytes <= limits.resume_bytes) {
        return { event: found.event, seq: found.seq, reset: false, has_more: last_seq > 0, messages }
      }
    }
  }
  const page = await deps.timeline.readPage(event_id, audiences, { limit: limits.page_rows })
  const event = await deps.events.find(event_id) // after the page: it may say more than `seq`, never less
  if (!event) throw new Error('a room without an event')
  return { event, seq: page.seq, reset: true, has_more: page.has_more, messages: page.rows.map(toEncoded) }
}

const toEncoded = (row: Parameters<typeof toMessageJson>[0]): Encoded => ({
  seq: row.message.seq,
  position: row.message.position,
  json: toMessageJson(row),
})

/** In one go: the answer, what was held and is newer, the texts in progress, and from here on as it happens. */
function goLive(room: Room, member: RoomMembership, answer: SubscribedAnswer): void {
  const { frames, told } = encodeSubscribedFrames(answer)
  for (const frame of frames) member.peer.outbox.send(frame)
  member.from = answer.seq
  member.lastSentSeq = told
  for (const delivery of member.queued) member.deliver(delivery)
  member.clearQueue()
  member.state = 'live'
  room.live.showAll(member)
  room.presence.showTo(member)
  room.presence.changed()
}
