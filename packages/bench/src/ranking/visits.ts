import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'
import type { BulkDatabase } from '../database/bulk-database.ts'
import { watchCpu } from '../measure/processes.ts'
import { median, toRatioStats } from '../measure/quantiles.ts'
import { formatNumber, formatStats, type Table } from '../report/report.ts'
import { insertMessages } from './insert-messages.ts'
import { createTextWriter } from './texts.ts'

export const VISIT_LOADS = ['manyRooms', 'oneRoom'] as const
export type VisitLoad = (typeof VISIT_LOADS)[number]

/** Gives the processor time for one message, in µs. */
export interface VisitStats {
  worker_us: number
  mysql_us: number
}

interface Setup {
  database: BulkDatabase
  stores: Stores
  mysqlPid: number
  roomCount: number
}

/**
 * Creates rooms, and returns a function that adds as many messages and measures how much it costs to find their
 * indicators and to index them: one message in each room, or all in one room. The difference is what a visit of a room
 * costs, however few messages it finds.
 */
export async function createVisits({ database, stores, mysqlPid, roomCount }: Setup) {
  const rooms = await database.createRooms(roomCount)
  const { writeMessage } = createTextWriter(roomCount)
  const positions = new Map(rooms.map((event_id) => [event_id, 0]))
  const addMessages = async (event_id: string, count: number) => {
    const position = positions.get(event_id) ?? 0
    await insertMessages(database, event_id, position + 1, Array.from({ length: count }, writeMessage))
    positions.set(event_id, position + count)
  }
  await indexRooms(stores)
  return async (load: VisitLoad): Promise<VisitStats> => {
    const [firstRoom = ''] = rooms
    if (load === 'oneRoom') await addMessages(firstRoom, roomCount)
    else for (const event_id of rooms) await addMessages(event_id, 1)
    const readUsage = watchCpu({ worker: process.pid, mysql: mysqlPid })
    await indexRooms(stores)
    const { cpuUs } = readUsage()
    return { worker_us: cpuUs.worker / roomCount, mysql_us: cpuUs.mysql / roomCount }
  }
}

async function indexRooms({ indicators, textIndex }: Stores): Promise<void> {
  const limits = { maxRooms: 50, maxMessages: 100 }
  while (await followRooms(indicators, INDICATOR_RULES, limits));
  while (await followRooms(textIndex, TEXT_RULES, limits));
}

export function toVisitTable(roomCount: number, results: Record<VisitLoad, VisitStats[]>): Table {
  const labels: Record<VisitLoad, string> = {
    manyRooms: `one message in each of ${roomCount} rooms`,
    oneRoom: `${roomCount} messages in one room`,
  }
  const listTotals = (load: VisitLoad) => results[load].map(({ worker_us, mysql_us }) => worker_us + mysql_us)
  return {
    title: 'find the indicators of new messages, and index them',
    head: ['', 'µs worker for each message', 'µs MySQL', '× messages in one room'],
    rows: VISIT_LOADS.map((load) => [
      labels[load],
      formatNumber(median(results[load].map(({ worker_us }) => worker_us))),
      formatNumber(median(results[load].map(({ mysql_us }) => mysql_us))),
      formatStats(toRatioStats(listTotals(load), listTotals('oneRoom'))),
    ]),
  }
}
