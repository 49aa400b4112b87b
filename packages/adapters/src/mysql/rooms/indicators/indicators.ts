import type { IndicatorStore } from '@engineer-chat/chat/rooms'
import type { Pool } from 'mysql2/promise'
import { toDatabase } from '../../core/index.ts'
import { listReadRooms, listRoomsBehind, readNextMessages, resetRoom } from './follow-messages.ts'
import { listIndicators } from './list-indicators.ts'
import { searchIndicators } from './search-indicators.ts'

export function createIndicatorStore(pool: Pool): IndicatorStore {
  const db = toDatabase(pool)
  return {
    listRoomsBehind: (limit) => listRoomsBehind(pool, limit),
    readNextMessages: (...batch) => readNextMessages(pool, ...batch),
    reset: (event_id) => resetRoom(pool, event_id),
    listReadRooms: (query) => listReadRooms(pool, query),
    list: (...query) => listIndicators(db, ...query),
    search: (...query) => searchIndicators(db, ...query),
  }
}
