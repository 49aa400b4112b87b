import type { IndicatorStore } from '@engineer-chat/chat/rooms'
import type { Pool } from 'mysql2/promise'
import { toDatabase } from '../../core/index.ts'
import { deriveNextRows } from '../follow-room.ts'
import { createIndicatorReader, listFollowedRooms, listRoomsBehind, resetRoom } from './follow-messages.ts'
import { listIndicators } from './list-indicators.ts'
import { searchIndicators } from './search-indicators.ts'

export function createIndicatorStore(pool: Pool): IndicatorStore {
  const db = toDatabase(pool)
  return {
    listRoomsBehind: (limit) => listRoomsBehind(pool, limit),
    deriveNextRows: (event_id, limit, rules) =>
      deriveNextRows(pool, event_id, limit, createIndicatorReader(event_id, rules)),
    reset: (event_id) => resetRoom(pool, event_id),
    listFollowedRooms: (query) => listFollowedRooms(pool, query),
    list: (...query) => listIndicators(db, ...query),
    search: (...query) => searchIndicators(db, ...query),
  }
}
