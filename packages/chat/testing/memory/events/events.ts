import {
  type Event,
  type EventMember,
  type EventSummary,
  type MemberRole,
  matchesEventFilter,
} from '@engineer-chat/protocol'
import type { CommanderGuard, EventStore } from '../../../src/events/event-store.ts'
import { createChangeRow, planEventChange } from '../../../src/events/plan-event-change.ts'
import { deriveEventRights } from '../../../src/people/access.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { addStored } from '../asking/ask.ts'
import {
  findCurrentSummary,
  getRoom,
  getTimestamp,
  type MemoryData,
  type StoredRoom,
  takeNextSeq,
} from '../memory-data.ts'
import { compareText, paginate, sortNewestFirst } from '../paginate.ts'
import { findAccessAndRole } from '../people/rights.ts'

export function createMemoryEvents(data: MemoryData): EventStore {
  return {
    create: async (event) => create(data, event),
    find: async (event_id) => data.rooms.get(event_id)?.event,
    async list(caller, { cursor, limit, ...filter }) {
      const events = [...data.rooms.values()].map((room) => room.event)
      const enterable = events.filter(
        (event) => deriveEventRights(caller, findAccessAndRole(data, caller.user_id, event.event_id)).read,
      )
      const matching = enterable.filter((event) => matchesEventFilter(event, filter))
      return paginate(sortNewestFirst(matching, getEventId), getEventId, { cursor, limit })
    },
    update: async (event_id, requested, by, guard) => update(data, event_id, requested, by, guard),
    async listMembers(event_id, query) {
      const memberIds = [...(data.rooms.get(event_id)?.members.keys() ?? [])].sort(compareText)
      return paginate(
        memberIds.map((user_id) => toMember(data, event_id, user_id)),
        (member) => member.user_id,
        query,
      )
    },
    async putMember(event_id, user_id, role, keep) {
      if (role !== 'commander') requireOtherCommander(data, event_id, user_id, keep)
      return putMember(data, event_id, user_id, role)
    },
    async removeMember(event_id, user_id, keep) {
      requireOtherCommander(data, event_id, user_id, keep)
      if (!data.rooms.get(event_id)?.members.delete(user_id)) throw new ChatError('member_not_found')
    },
    async addSummary(event_id, input) {
      const room = getRoom(data, event_id)
      const { change } = changeEvent(data, room, { summary_version: String(room.event.seq + 1) })
      const summary: EventSummary = {
        version: String(change.seq),
        round_id: input.round_id,
        event_summary: input.event_summary,
        event_suggestion: input.event_suggestion ?? '',
        updated_at: getTimestamp(data),
      }
      room.summaries.push(summary)
      return { summary, change }
    },
    async listSummaries(event_id, query) {
      return paginate(data.rooms.get(event_id)?.summaries.toReversed() ?? [], (summary) => summary.version, query)
    },
    async findCurrentSummary(event_id) {
      const room = data.rooms.get(event_id)
      return room && findCurrentSummary(room)
    },
  }
}

const getEventId = (event: Event): string => event.event_id

function create(data: MemoryData, input: Parameters<EventStore['create']>[0]): Event {
  if (data.rooms.has(input.event_id)) throw new ChatError('event_exists')
  const at = getTimestamp(data)
  const times = { created_at: at, updated_at: at }
  const event: Event = { ...input, event_status: 'pending', seq: 0, summary_version: null, ...times }
  const room: StoredRoom = { event, rows: [], summaries: [], members: new Map(), readMarks: new Map(), changes: [] }
  data.rooms.set(event.event_id, room)
  const creator = data.users.get(event.created_by ?? '')?.user
  if (creator && creator.role !== 'agent') room.members.set(creator.user_id, { role: 'commander', created_at: at })
  return event
}

function update(
  data: MemoryData,
  ...[event_id, requested, changedBy, guard]: Parameters<EventStore['update']>
): Awaited<ReturnType<EventStore['update']>> {
  const room = getRoom(data, event_id)
  if (guard && !guard.allowedOldLabels.includes(room.event.tlp)) throw new ChatError('forbidden')
  const plan = planEventChange(room.event, requested, changedBy)
  if (!plan) return { event: room.event, change: null }
  const { change } = changeEvent(data, room, plan.newValues)
  const { updated_at: at } = room.event
  room.changes.push({ seq: change.seq, changed: plan.storedChanges, created_at: at })
  if (!plan.rowContent) return { event: room.event, change }
  const seq = takeNextSeq(room)
  const { row } = addStored(data, {
    row: createChangeRow({ event_id, seq, at }, plan.rowContent),
    key: null,
    reply: null,
  })
  return { event: room.event, change: { ...change, seq, rows: [row], event: room.event } }
}

function changeEvent(data: MemoryData, room: StoredRoom, changes: Partial<Event>) {
  const seq = takeNextSeq(room)
  room.event = { ...room.event, ...changes, updated_at: getTimestamp(data) }
  const { event } = room
  return { event, change: { event_id: event.event_id, first_seq: seq, seq, rows: [], event } }
}

function putMember(data: MemoryData, event_id: string, user_id: string, role: MemberRole): EventMember {
  const { members } = getRoom(data, event_id)
  if (!data.users.has(user_id)) throw new ChatError('user_not_found')
  members.set(user_id, { role, created_at: members.get(user_id)?.created_at ?? getTimestamp(data) })
  return toMember(data, event_id, user_id)
}

function requireOtherCommander(data: MemoryData, event_id: string, user_id: string, guard?: CommanderGuard): void {
  const members = data.rooms.get(event_id)?.members
  if (!guard?.keepLastCommander || members?.get(user_id)?.role !== 'commander') return
  const others = [...members].filter(
    ([id, { role }]) => id !== user_id && role === 'commander' && data.users.get(id)?.user.active,
  )
  if (others.length === 0) throw new ChatError('last_commander')
}

function toMember(data: MemoryData, event_id: string, user_id: string): EventMember {
  const member = getRoom(data, event_id).members.get(user_id)
  const user = data.users.get(user_id)?.user
  if (!member || !user) throw new ChatError('member_not_found')
  return { event_id, user_id, username: user.username, ...member }
}
