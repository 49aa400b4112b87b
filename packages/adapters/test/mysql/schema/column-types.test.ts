import type { RowDataPacket } from 'mysql2/promise'
import { test } from 'tap'
import { fromIso, toIso } from '../../../src/mysql/schema/column-types.ts'
import { createEmptyDatabase } from '../setup.ts'

test('[STORE11] a time keeps its milliseconds, even if they are zero, with the text and the binary protocol', async (t) => {
  const { pool } = (await createEmptyDatabase(t)).openNode()
  for (const iso of ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.007Z', '2026-01-31T12:00:00.120Z']) {
    const select = 'SELECT CAST(? AS DATETIME(3)) AS at'
    const [[executed]] = await pool.execute<RowDataPacket[]>(select, [fromIso(iso)])
    const [[queried]] = await pool.query<RowDataPacket[]>(select, [fromIso(iso)])
    t.same([toIso(executed?.at), toIso(queried?.at)], [iso, iso])
  }
})
