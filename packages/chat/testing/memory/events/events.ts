import {
  type Event,
  type EventMember,
  type EventSummary,
  type MemberRole,
  matchesEventFilter,
} from '@engineer-chat/protocol'
import type { EventStore, KeepCommander } from '../../../src/events/event-store.ts'
import { createChangeRow, planEventChange } from '../../../src/events/plan-event-change.ts'
import { deriveEventRights } from '../../../src/people/access.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { addStored } from '../asking/ask.ts'
import { compareText, paginate, sortNewestFirst } from '../paginate.ts'
import { findMembership } from '../people/rights.ts'
import { findCurrentSummary, getRoom, getTimestamp, type Room, takeNextSeq, type World } from '../world.ts'

export function createMemoryEvents(world: World): EventStore {
  return {
    create: async (event) => create(world, event),
    find: async (event_id) => world.rooms.get(event_id)?.event,
    async list(caller, { cursor, limit, ...filter }) {
      const events = [...world.rooms.values()].map((room) => room.event)
      const open = events.filter(
        (event) => deriveEventRights(caller, findMembership(world, caller.user_id, event.event_id)).enter,
      )
      const fitting = open.filter((event) => matchesEventFilter(event, filter))
      return paginate(sortNewestFirst(fitting, getEventId), getEventId, { cursor, limit })
    },
    update: async (event_id, requested, by, guard) => update(world, event_id, requested, by, guard),
    async listMembers(event_id, query) {
      const ids = [...(world.rooms.get(event_id)?.members.keys() ?? [])].sort(compareText)
      return paginate(
        ids.map((id) => toMember(world, event_id, id)),
        (member) => member.user_id,
        query,
      )
    },
    async putMember(event_id, user_id, role, keep) {
      if (role !== 'commander') requireOtherCommander(world, event_id, user_id, keep)
      return putMember(world, event_id, user_id, role)
    },
    async removeMember(event_id, user_id, keep) {
      requireOtherCommander(world, event_id, user_id, keep)
      if (!world.rooms.get(event_id)?.members.delete(user_id)) throw new ChatError('member_not_found')
    },
    async addSummary(event_id, input) {
      const room = getRoom(world, event_id)
      const { change } = changeEvent(world, room, { summary_version: String(room.event.seq + 1) })
      const summary: EventSummary = {
        version: String(change.seq),
        round_id: input.round_id,
        event_summary: input.event_summary,
        event_suggestion: input.event_suggestion ?? '',
        updated_at: getTimestamp(world),
      }
      room.summaries.push(summary)
      return { summary, change }
    },
    async listSummaries(event_id, query) {
      return paginate(world.rooms.get(event_id)?.summaries.toReversed() ?? [], (summary) => summary.version, query)
    },
    async findLatestSummary(event_id) {
      const room = world.rooms.get(event_id)
      return room && findCurrentSummary(room)
    },
  }
}

const getEventId = (event: Event): string => event.event_id

function create(world: World, input: Parameters<EventStore['create']>[0]): Event {
  if (world.rooms.has(input.event_id)) throw new ChatError('event_exists')
  const at = getTimestamp(world)
  const fresh = { event_status: 'pending' as const, seq: 0, summary_version: null, created_at: at, updated_at: at }
  const event: Event = { ...input, ...fresh }
  const room: Room = { event, rows: [], summaries: [], members: new Map(), read: new Map(), changes: [] }
  world.rooms.set(event.event_id, room)
  const creator = world.users.get(event.created_by ?? '')?.user
  if (creator && creator.role !== 'agent') room.members.set(creator.user_id, { role: 'commander', created_at: at })
  return event
}

function update(
  world: World,
  ...[event_id, requested, by, guard]: Parameters<EventStore['update']>
): Awaited<ReturnType<EventStore['update']>> {
  const room = getRoom(world, event_id)
  if (guard && !guard.allowedFrom.includes(room.event.tlp)) throw new ChatError('forbidden')
  const plan = planEventChange(room.event, requested, by)
  if (!plan) return { event: room.event, change: null }
  const { change } = changeEvent(world, room, plan.changes)
  const { updated_at: at } = room.event
  room.changes.push({ seq: change.seq, changed: plan.changed, created_at: at })
  if (!plan.content) return { event: room.event, change }
  const seq = takeNextSeq(room)
  const { row } = addStored(world, {
    row: createChangeRow({ event_id, user_id: by.user_id, seq, at }, plan.content),
    key: null,
    reply: null,
  })
  return { event: room.event, change: { ...change, seq, rows: [row], event: room.event } }
}

function changeEvent(world: World, room: Room, changes: Partial<Event>) {
  const seq = takeNextSeq(room)
  room.event = { ...room.event, ...changes, updated_at: getTimestamp(world) }
  const { event } = room
  return { event, change: { event_id: event.event_id, first_seq: seq, seq, rows: [], event } }
}

function putMember(world: World, event_id: string, user_id: string, role: MemberRole): EventMember {
  const { members } = getRoom(world, event_id)
  if (!world.users.has(user_id)) throw new ChatError('user_not_found')
  members.set(user_id, { role, created_at: members.get(user_id)?.created_at ?? getTimestamp(world) })
  return toMember(world, event_id, user_id)
}

function requireOtherCommander(world: World, event_id: string, user_id: string, keep?: KeepCommander): void {
  const members = world.rooms.get(event_id)?.members
  if (!keep?.keepCommander || members?.get(user_id)?.role !== 'commander') return
  const others = [...members].filter(
    ([id, { role }]) => id !== user_id && role === 'commander' && world.users.get(id)?.user.active,
  )
  if (others.length === 0) throw new ChatError('last_commander')
}

function toMember(world: World, event_id: string, user_id: string): EventMember {
  const member = getRoom(world, event_id).members.get(user_id)
  const user = world.users.get(user_id)?.user
  if (!member || !user) throw new ChatError('member_not_found')
  return { event_id, user_id, username: user.username, ...member }
}
