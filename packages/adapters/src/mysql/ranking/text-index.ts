import type { TextIndex } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { deriveNextRows } from '../rooms/index.ts'
import { createTextReader, listFollowedRooms, listRoomsBehind, resetRoom } from './follow-messages.ts'
import { indexNextPieces, resetPieces } from './pieces.ts'
import { rankMessages } from './rank-messages.ts'

export function createTextIndex(pool: Pool): TextIndex {
  return {
    listRoomsBehind: (limit) => listRoomsBehind(pool, limit),
    deriveNextRows: (event_id, limit, rules) =>
      deriveNextRows(pool, event_id, limit, createTextReader(event_id, rules)),
    reset: (event_id) => resetRoom(pool, event_id),
    listFollowedRooms: (query) => listFollowedRooms(pool, query),
    rankMessages: (query) => rankMessages(pool, query),
    indexNextPieces: (limit, rules) => indexNextPieces(pool, limit, rules),
    resetPieces: () => resetPieces(pool),
  }
}
