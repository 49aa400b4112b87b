import { audiencesOf, eventRights } from '@engineer-chat/chat/people'
import { CLOSE, type Subscribe } from '@engineer-chat/protocol'
import { messageJson } from '../frames/encode-frame.ts'
import { type Answer, type Encoded, subscribedFrames } from '../frames/subscribed-frames.ts'
import type { Hub } from '../hub.ts'
import { Member, type Peer } from './membership.ts'
import type { Room } from './room.ts'

/** Reads of one subscription, before the client is asked to try again. */
const MAX_READS = 5

/** Join first, then read: what lands in between is held, and its number says whether the answer has it already. */
export async function subscribe(hub: Hub, peer: Peer, { event_id, last_seq }: Subscribe): Promise<void> {
  const before = peer.rooms.get(event_id)
  if (before) hub.leave(before)
  if (peer.rooms.size >= hub.limits.rooms_per_connection) {
    return peer.error('too_many_rooms', 'This connection is in too many rooms.', event_id)
  }
  await peer.outbox.drained() // a long answer on top of a full buffer would close the socket
  const member = new Member(peer, event_id)
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
async function mayEnter(hub: Hub, member: Member): Promise<boolean> {
  const { caller, sign_in_id } = member.peer
  const { user_id } = caller
  const [known, membership] = await Promise.all([
    hub.callerBy({ user_id, sign_in_id }),
    hub.membershipOf({ user_id, event_id: member.event_id }),
  ])
  if (known?.role !== caller.role) member.peer.close(CLOSE.unauthenticated, 'signed_out')
  member.rights = eventRights(caller, membership)
  if (caller.role === 'admin' && membership?.access === 'restricted' && membership.member === null) {
    await hub.deps.onAdminView?.({ user_id, address: member.peer.address }, member.event_id)
  }
  return member.rights.enter
}

async function answer(hub: Hub, member: Member, last_seq: number | undefined): Promise<void> {
  if (member.state === 'left') return
  const room = await hub.enter(member)
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    await hub.gate.opened()
    const answer = await hub.reads(() => {
      member.forgetHeld()
      return read(hub, member, last_seq)
    })
    const newest = Math.max(answer.seq, ...answer.messages.map(({ seq }) => seq))
    const reached = await room.reach(newest) // a reply that the answer shows as finished mustn't go on here
    if (hasLeft(member)) return
    if (reached && !member.overflown && hub.gate.isOpen()) return goLive(room, member, answer)
  }
  throw new Error('the room moved on faster than it could be read')
}

/** Asked anew: it may leave during every await. */
const hasLeft = (member: Member): boolean => member.state === 'left'

async function read(hub: Hub, { peer, event_id }: Member, last_seq: number | undefined): Promise<Answer> {
  const { deps, limits } = hub
  const audiences = audiencesOf(peer.caller)
  if (last_seq !== undefined) {
    const found = await deps.timeline.changes(event_id, audiences, last_seq, limits.resume_rows)
    if (found?.complete && last_seq <= found.seq) {
      const messages = found.rows.map(encoded)
      const bytes = messages.reduce((total, { json }) => total + json.length, 0)
      if (bytes <= limits.resume_bytes) {
        return { event: found.event, seq: found.seq, reset: false, has_more: last_seq > 0, messages }
      }
    }
  }
  const page = await deps.timeline.page(event_id, audiences, { limit: limits.page_rows })
  const event = await deps.events.get(event_id) // after the page: it may say more than `seq`, never less
  if (!event) throw new Error('a room without an event')
  return { event, seq: page.seq, reset: true, has_more: page.has_more, messages: page.rows.map(encoded) }
}

const encoded = (row: Parameters<typeof messageJson>[0]): Encoded => ({
  seq: row.message.seq,
  position: row.message.position,
  json: messageJson(row),
})

/** In one go: the answer, what was held and is newer, the texts in progress, and from here on as it happens. */
function goLive(room: Room, member: Member, answer: Answer): void {
  const { frames, told } = subscribedFrames(answer)
  for (const frame of frames) member.peer.outbox.send(frame)
  member.from = answer.seq
  member.told = told
  for (const delivery of member.held) member.deliver(delivery)
  member.forgetHeld()
  member.state = 'live'
  room.live.showAll(member)
  room.presence.showTo(member)
  room.presence.changed()
}
