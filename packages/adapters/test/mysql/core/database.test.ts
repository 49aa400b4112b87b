import { eq } from 'drizzle-orm'
import { test } from 'tap'
import { toDatabase } from '../../../src/mysql/core/database.ts'
import { queryRows } from '../../../src/mysql/core/rows.ts'
import { eventChanges } from '../../../src/mysql/schema/index.ts'
import { createMigratedDatabase } from '../setup.ts'

test('[STORE11] a typed query reads and writes times in the format of the API, and stores them in UTC', async (t) => {
  const { pool } = (await createMigratedDatabase(t)).openNode()
  const db = toDatabase(pool)
  const times = ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.007Z', '2026-01-31T23:59:59.120Z']
  for (const [index, created_at] of times.entries()) {
    await db.insert(eventChanges).values({ event_id: 'an-event', seq: index + 1, changed: {}, created_at })
  }
  const rows = await queryRows<{ stored: string }>(pool, 'SELECT CAST(created_at AS CHAR) stored FROM event_changes')
  t.same(
    rows.map((row) => row.stored),
    ['2026-01-31 12:00:00.000', '2026-01-31 12:00:00.007', '2026-01-31 23:59:59.120'],
  )
  const found = await db.select({ at: eventChanges.created_at }).from(eventChanges).orderBy(eventChanges.created_at)
  t.same(
    found.map((row) => row.at),
    times,
  )
  const [second] = await db
    .select({ seq: eventChanges.seq })
    .from(eventChanges)
    .where(eq(eventChanges.created_at, times[1] ?? ''))
  t.same(second, { seq: 2 })
})

test('[STORE7] a typed query gives JSON back as it was stored, quotes and line breaks included', async (t) => {
  const db = toDatabase((await createMigratedDatabase(t)).openNode().pool)
  const changed = { event_name: `a "name"\nof 'two' lines \\ 名称 ?`, message: null }
  await db.insert(eventChanges).values({ event_id: 'an-event', seq: 1, changed })
  t.same(await db.select({ changed: eventChanges.changed }).from(eventChanges), [{ changed }])
})
