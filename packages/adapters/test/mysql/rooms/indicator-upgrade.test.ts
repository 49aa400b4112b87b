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
  const follow = () => followRooms(stores.indicators, INDICATOR_RULES, { maxRooms: 10, maxMessages: 100 })
  const listValues = async () => {
    const reader = { caller: { user_id: 'alice', role: 'engineer' as const }, audiences: ['all'] }
    const { items } = await stores.indicators.list(reader, event_id, { limit: 10 })
    return items.map(({ value }) => value)
  }
  return { mysql, stores, event_id, setReport, follow, listValues }
}

/** Does what a worker of before the column does to a room's progress. */
const moveProgress = ({ pool }: Mysql, event_id: string, seq: number) =>
  pool.execute(
    `INSERT INTO indicator_progress (event_id, seq) VALUES (?, ?) ON DUPLICATE KEY UPDATE seq = VALUES(seq)`,
    [event_id, seq],
  )

test('[INDICATOR11] the report of a room that was read before the upgrade is read', async (t) => {
  const { mysql, stores, event_id, setReport, follow, listValues } = await setUp(t)
  await setReport('Beacon to 198.51.100.25')
  await mysql.pool.execute('UPDATE events SET seq = 3 WHERE event_id = ?', [event_id])
  await moveProgress(mysql, event_id, 3)

  await follow()

  t.same(await listValues(), ['198.51.100.25'])
  t.same(await stores.indicators.listRoomsBehind(10), [])
})

test('[INDICATOR11] a change of the report that only a worker of before has read is read again', async (t) => {
  const { mysql, stores, event_id, setReport, follow, listValues } = await setUp(t)
  await setReport('Beacon to 198.51.100.26')
  await follow()
  await setReport('Beacon to 198.51.100.27')
  await mysql.pool.execute('UPDATE events SET seq = 2 WHERE event_id = ?', [event_id])
  await moveProgress(mysql, event_id, 2)

  await follow()

  t.same(await listValues(), ['198.51.100.27'])
  t.same(await stores.indicators.listRoomsBehind(10), [])
})
