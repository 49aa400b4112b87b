import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { sha256 } from '@engineer-chat/chat/shared'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

const MAX_VALUES = 100
const MAX_EVENTS = 50
const READER = { caller: { user_id: 'anna', role: 'engineer' as const }, audiences: ['all'] }

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const event_id = await createRoom(mysql)
  const find = async () => (await createMysqlStores(mysql).similarEvents.findCommon(READER, event_id)).values
  return { mysql, event_id, find }
}

async function addIndicators({ pool }: Mysql, event_id: string, values: string[]): Promise<void> {
  const rows = values.map((value, index) => [event_id, index, sha256(value), 'domain', value, 'all', '2026-01-01'])
  await pool.query(
    'INSERT INTO indicators (event_id, position, value_hash, type, value, audience, created_at) VALUES ?',
    [rows],
  )
}

test('[SIMILAR4] the newest 100 indicators of an event are compared', async (t) => {
  const { mysql, event_id, find } = await setUp(t)
  const values = Array.from({ length: MAX_VALUES + 1 }, (_, index) => `v${index}.example`)
  await addIndicators(mysql, event_id, values)
  await addIndicators(mysql, await createRoom(mysql), values)
  const found = (await find()).map(({ value }) => value)
  t.same(found.toSorted(), values.slice(1).toSorted())
})

test('[SIMILAR4] an indicator names 50 events at most', async (t) => {
  const { mysql, event_id, find } = await setUp(t)
  await addIndicators(mysql, event_id, ['a.example'])
  for (let others = 0; others < MAX_EVENTS; others += 1) {
    await addIndicators(mysql, await createRoom(mysql), ['a.example'])
  }
  t.equal((await find())[0]?.event_ids.length, MAX_EVENTS)
  await addIndicators(mysql, await createRoom(mysql), ['a.example'])
  t.equal((await find())[0]?.event_ids.length, MAX_EVENTS)
})
