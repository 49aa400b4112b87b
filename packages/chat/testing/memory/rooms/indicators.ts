import type { FoundIndicator, RoomIndicator } from '@engineer-chat/protocol'
import { deriveEventRights } from '../../../src/people/access.ts'
import {
  type IndicatorReader,
  type IndicatorStore,
  REPORT_POSITION,
} from '../../../src/rooms/indicators/indicator-store.ts'
import type { Items } from '../../../src/shared/items.ts'
import type { MemoryData, StoredOccurrence } from '../memory-data.ts'

export function createMemoryIndicators(data: MemoryData): IndicatorStore {
  return {
    async listRoomsBehind(limit) {
      const rooms = [...data.rooms.values()].map(({ event }) => event)
      const behind = rooms.filter(({ event_id, seq }) => {
        const progress = data.indicators.get(event_id)
        return !progress?.hasReport || seq > progress.seq
      })
      return behind.slice(0, limit).map(({ event_id }) => event_id)
    },
    deriveNextRows: async (...batch) => deriveNextRows(data, ...batch),
    async reset(event_id) {
      if (!data.rooms.has(event_id)) return false
      data.indicators.set(event_id, { seq: 0, hasReport: false, rows: new Map() })
      return true
    },
    async listFollowedRooms({ after, limit }) {
      const ids = [...data.indicators.keys()].filter((event_id) => event_id > after)
      return ids.sort().slice(0, limit)
    },
    list: async (...query) => listRoom(data, ...query),
    search: async (...query) => search(data, ...query),
  }
}

function deriveNextRows(
  data: MemoryData,
  ...[event_id, limit, rules]: Parameters<IndicatorStore['deriveNextRows']>
): boolean {
  const room = data.rooms.get(event_id)
  const stored = data.indicators.get(event_id) ?? {
    seq: 0,
    hasReport: false,
    rows: new Map<number, StoredOccurrence[]>(),
  }
  data.indicators.set(event_id, stored)
  const changed = room?.rows.map(({ row }) => row).filter(({ message }) => message.seq > stored.seq) ?? []
  const batch = changed.sort((one, other) => one.message.seq - other.message.seq).slice(0, limit)
  for (const row of batch) {
    const { position, created_at } = row.message
    const origin = { event_id, position, audience: row.audience, created_at }
    stored.rows.set(
      position,
      rules.listOccurrences(row).map((occurrence) => ({ ...occurrence, ...origin })),
    )
  }
  if (room && (!stored.hasReport || batch.some(rules.isReportChange))) {
    const origin = { event_id, position: REPORT_POSITION, audience: 'all', created_at: room.event.created_at }
    stored.rows.set(
      REPORT_POSITION,
      rules.listReportOccurrences(room.event).map((occurrence) => ({ ...occurrence, ...origin })),
    )
    stored.hasReport = true
  }
  const isMoreLeft = batch.length === limit
  stored.seq = (isMoreLeft ? batch.at(-1)?.message.seq : room?.event.seq) ?? 0
  return isMoreLeft
}

/** Lists the rows that the reader may read, in all rooms. */
function listReadableRows(data: MemoryData, { caller, audiences }: IndicatorReader): StoredOccurrence[] {
  return [...data.indicators].flatMap(([event_id, { rows }]) => {
    const room = data.rooms.get(event_id)
    const role = room?.members.get(caller.user_id)?.role ?? null
    if (!room || !deriveEventRights(caller, { access: room.event.access, role }).read) return []
    return [...rows.values()].flat().filter(({ audience }) => audiences.includes(audience))
  })
}

function listRoom(
  data: MemoryData,
  ...[reader, event_id, { type, q, value_hashes, cursor, limit }]: Parameters<IndicatorStore['list']>
): Items<RoomIndicator> {
  const readable = listReadableRows(data, reader)
  const matching = readable.filter(
    (row) =>
      row.event_id === event_id &&
      (type === undefined || row.type === type) &&
      (value_hashes === undefined || value_hashes.includes(row.value_hash)) &&
      (q === undefined || row.value.toLowerCase().includes(q.toLowerCase())),
  )
  const groups = [...Map.groupBy(matching, ({ value_hash }) => value_hash)].map(([hash, rows]) => {
    const events = new Set(readable.filter((row) => row.value_hash === hash).map((row) => row.event_id)).size
    return { sortKey: toSortKey(rows), item: { ...countRows(rows), events } }
  })
  return paginateGroups(groups, cursor, limit)
}

function search(
  data: MemoryData,
  ...[reader, { beginnings, cursor, limit }]: Parameters<IndicatorStore['search']>
): Items<FoundIndicator> {
  const matching = listReadableRows(data, reader).filter(({ value, host }) =>
    beginnings.some((text) => value.startsWith(text) || host?.startsWith(text)),
  )
  const groups = [...Map.groupBy(matching, (row) => `${row.event_id} ${row.value_hash}`).values()].map((rows) => {
    const event_id = rows[0]?.event_id ?? ''
    const event_name = data.rooms.get(event_id)?.event.event_name ?? ''
    const counts = countRows(rows)
    return { sortKey: `${counts.last_at} ${toSortKey(rows)} ${event_id}`, item: { ...counts, event_id, event_name } }
  })
  return paginateGroups(groups, cursor, limit)
}

const toSortKey = (rows: StoredOccurrence[]): string => {
  const lastPosition = Math.max(...rows.map(({ position }) => position))
  return `${String(lastPosition).padStart(16, '0')} ${rows[0]?.value_hash}`
}

function countRows(rows: StoredOccurrence[]) {
  const times = rows.map(({ created_at }) => created_at).sort()
  const [first] = rows
  if (!first) throw new Error('A group has no row.')
  const { type, value } = first
  return { type, value, count: rows.length, first_at: times[0] ?? '', last_at: times.at(-1) ?? '' }
}

/** Sorts the groups by their keys, the newest first. The key of the last group on a page is the cursor. */
function paginateGroups<T>(
  groups: Array<{ sortKey: string; item: T }>,
  cursor: string | undefined,
  limit: number,
): Items<T> {
  const sorted = groups.sort((one, other) => (one.sortKey < other.sortKey ? 1 : -1))
  const isCursorValid = cursor === undefined || sorted.some(({ sortKey }) => sortKey === cursor)
  const afterCursor = sorted.filter(({ sortKey }) => isCursorValid && (cursor === undefined || sortKey < cursor))
  const page = afterCursor.slice(0, limit)
  return {
    items: page.map(({ item }) => item),
    next_cursor: afterCursor.length > limit ? (page.at(-1)?.sortKey ?? null) : null,
  }
}
