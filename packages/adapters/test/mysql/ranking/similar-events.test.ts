import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { TEXT_RULES } from '@engineer-chat/chat/ranking'
import { createId, sha256 } from '@engineer-chat/chat/shared'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

const MAX_VALUES = 100
const MAX_EVENTS = 50
const MAX_RANKED = 20_000
const BATCH_ROWS = 2_000
const READER = { caller: { user_id: 'anna', role: 'engineer' as const }, audiences: ['all'] }

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const event_id = await createRoom(mysql)
  const find = async () =>
    (await createMysqlStores(mysql).similarEvents.findSimilarities(READER, event_id)).sharedIndicators
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

test('[SIMILAR4] at most 50 events are named for one indicator', async (t) => {
  const { mysql, event_id, find } = await setUp(t)
  await addIndicators(mysql, event_id, ['a.example'])
  for (let count = 0; count < MAX_EVENTS; count += 1) {
    await addIndicators(mysql, await createRoom(mysql), ['a.example'])
  }
  t.equal((await find())[0]?.event_ids.length, MAX_EVENTS)
  await addIndicators(mysql, await createRoom(mysql), ['a.example'])
  t.equal((await find())[0]?.event_ids.length, MAX_EVENTS)
})

/** Adds events that a worker has already indexed, without any words. The ids of their scopes are consecutive. */
async function addIndexedEvents({ pool }: Mysql, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => createId())
  for (let start = 0; start < count; start += BATCH_ROWS) {
    const batchIds = ids.slice(start, start + BATCH_ROWS)
    const events = batchIds.map((event_id) => [event_id, 'Another', 'Nothing', '', 'high', 'siem'])
    await pool.query('INSERT INTO events (event_id, event_name, message, context, severity, source) VALUES ?', [events])
    await pool.query('INSERT INTO text_scopes (kind, event_id, event_version) VALUES ?', [
      batchIds.map((event_id) => ['room', event_id, '']),
    ])
  }
}

async function setUpTexts(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { textIndex, similarEvents } = createMysqlStores(mysql)
  const add = async (message: string) => {
    const event_id = await createRoom(mysql)
    await mysql.pool.execute("UPDATE events SET event_name = 'It', message = ? WHERE event_id = ?", [message, event_id])
    while (await textIndex.deriveNextRows(event_id, 10, TEXT_RULES));
    return event_id
  }
  const find = async (event_id: string) =>
    (await similarEvents.findSimilarities(READER, event_id)).similarTexts.map((event) => event.event_id)
  return { mysql, add, find }
}

test('[SIMILAR4] at most 50 events are named for a similar text', async (t) => {
  const { mysql, add, find } = await setUpTexts(t)
  await addIndexedEvents(mysql, 500)
  for (let count = 0; count < MAX_EVENTS - 1; count += 1) await add('okapi vicuna gaur kudu')
  const event_id = await add('okapi vicuna gaur kudu')
  t.equal((await find(event_id)).length, MAX_EVENTS - 1)
  await add('okapi vicuna gaur kudu')
  await add('okapi vicuna gaur kudu')
  // The event itself may be among the 50 most similar ones. It is not named.
  const found = await find(event_id)
  t.ok(found.length >= MAX_EVENTS - 1 && found.length <= MAX_EVENTS, `${found.length} events`)
})

test('[SIMILAR4] the newest 20,000 events are compared', async (t) => {
  const { mysql, add, find } = await setUpTexts(t)
  const oldEventId = await add('quagga')
  await addIndexedEvents(mysql, MAX_RANKED - 2) // The old event and the event itself count, too.
  const event_id = await add('quagga')
  t.same(await find(event_id), [oldEventId])
  await addIndexedEvents(mysql, 1)
  t.same(await find(event_id), [])
})
