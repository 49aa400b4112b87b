import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const stores = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const setReport = (message: string) =>
    mysql.pool.execute('UPDATE events SET message = ? WHERE event_id = ?', [message, event_id])
  const readRooms = () => followRooms(stores.indicators, INDICATOR_RULES, { maxRooms: 10, maxMessages: 100 })
  const listValues = async () => {
    const reader = { caller: { user_id: 'alice', role: 'engineer' as const }, audiences: ['all'] }
    const { items } = await stores.indicators.list(reader, event_id, { limit: 10 })
    return items.map(({ value }) => value)
  }
  return { mysql, stores, event_id, setReport, readRooms, listValues }
}

/** Sets `seq` but not `report_seq`, as a worker of an older version does. */
const moveProgress = ({ pool }: Mysql, event_id: string, seq: number) =>
  pool.execute(
    `INSERT INTO indicator_progress (event_id, seq) VALUES (?, ?) ON DUPLICATE KEY UPDATE seq = VALUES(seq)`,
    [event_id, seq],
  )

test('[INDICATOR11] if a room was read before the upgrade, its report is read after the upgrade', async (t) => {
  const { mysql, stores, event_id, setReport, readRooms, listValues } = await setUp(t)
  await setReport('Beacon to 198.51.100.25')
  await mysql.pool.execute('UPDATE events SET seq = 3 WHERE event_id = ?', [event_id])
  await moveProgress(mysql, event_id, 3)

  await readRooms()

  t.same(await listValues(), ['198.51.100.25'])
  t.same(await stores.indicators.listRoomsBehind(10), [])
})

test('[INDICATOR11] a change of the report that only an older worker has read is read again', async (t) => {
  const { mysql, stores, event_id, setReport, readRooms, listValues } = await setUp(t)
  await setReport('Beacon to 198.51.100.26')
  await readRooms()
  await setReport('Beacon to 198.51.100.27')
  await mysql.pool.execute('UPDATE events SET seq = 2 WHERE event_id = ?', [event_id])
  await moveProgress(mysql, event_id, 2)

  await readRooms()

  t.same(await listValues(), ['198.51.100.27'])
  t.same(await stores.indicators.listRoomsBehind(10), [])
})
