import {
  createMysqlStores,
  type DivideOptions,
  type Mysql,
  moveIntoMonths,
  readMonthlyTables,
} from '@engineer-chat/adapters/mysql'
import type { MonthlyTable } from '@engineer-chat/chat/operations'
import type { RowDataPacket } from 'mysql2'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

const OPTIONS: DivideOptions = { batchRows: 100, workTimePercent: 50 }
const ROWS = 3_000
const WITHOUT_MONTHS = 'REMOVE PARTITIONING'

test('[DATA9] while a table is moved, rows are written all the time, and no row is lost, doubled or given another id', async (t) => {
  const { mysql, fill, write, readRows } = await setUp(t)
  await fill(ROWS)
  const before = await readRows()
  const stopping = new AbortController()
  const written: string[] = []
  const writers = [1, 2, 3, 4].map(async (writer) => {
    for (let count = 0; !stopping.signal.aborted; count += 1) {
      const object_id = `${writer}-${count}`
      await write(object_id)
      written.push(object_id)
    }
  })

  const results = await moveIntoMonths(mysql, OPTIONS, ['audit_log'])
  stopping.abort()
  await Promise.all(writers)

  t.match(results, [{ table: 'audit_log', isAlreadyDivided: false, missingRows: 0 }])
  const after = await readRows()
  t.ok(written.length > 20, `${written.length} rows were written meanwhile`)
  t.same(after.slice(0, ROWS), before, 'the earlier rows are unchanged')
  t.same(
    after
      .slice(ROWS)
      .map(({ object_id }) => object_id)
      .toSorted(),
    written.toSorted(),
  )
  t.equal(new Set(after.map(({ id }) => id)).size, after.length)
  t.same(await listTables(mysql), ['audit_log'])
  const [info] = await readMonthlyTables(mysql)
  t.match(info, { table: 'audit_log', isOverflowUsed: false, hasOldTable: false })
  t.ok((info?.months?.length ?? 0) >= 14 + 3, 'from the oldest row to three months ahead')
})

test('[DATA9] a row whose transaction is still open while others are copied is copied, too', async (t) => {
  const { mysql, fill, readRows } = await setUp(t)
  await fill(500)
  const slowWriter = await mysql.pool.getConnection()
  await slowWriter.query('BEGIN')
  await slowWriter.query("INSERT INTO audit_log (action, object_type, object_id) VALUES ('send', 'message', 'slow')")
  await fill(500)
  const committed = (async () => {
    await slowWriter.query('SELECT SLEEP(1.5)')
    await slowWriter.query('COMMIT')
    slowWriter.release()
  })()

  await moveIntoMonths(mysql, OPTIONS, ['audit_log'])
  await committed

  const rows = await readRows()
  t.equal(rows.length, 1_001)
  t.equal(
    rows.findIndex(({ object_id }) => object_id === 'slow'),
    500,
    'the row has the place of its id',
  )
})

test('[DATA9] a move that is interrupted at any step is continued by the next run', async (t) => {
  const { mysql, fill, write, readRows } = await setUp(t)
  await fill(1_000)
  const interruptAt = (step: string, isReached: (doneId: number, lastId: number) => boolean) =>
    moveIntoMonths(
      mysql,
      {
        ...OPTIONS,
        onProgress: (progress) => {
          if (progress.step === step && isReached(progress.doneId, progress.lastId)) throw new Error('killed')
        },
      },
      ['audit_log'],
    )

  await t.rejects(
    interruptAt('copying', (doneId) => doneId > 300),
    /killed/,
  )
  t.same(await listTables(mysql), ['audit_log', 'audit_log_new'])
  await write('after the first end')
  await t.rejects(
    interruptAt('copying', (doneId, lastId) => doneId === lastId),
    /killed/,
  )
  await write('not copied before the exchange')
  // The process dies after these two statements, which exchange the tables.
  await mysql.pool.query('RENAME TABLE audit_log TO audit_log_old, audit_log_new TO audit_log')
  await mysql.pool.query('ALTER TABLE audit_log AUTO_INCREMENT = 50000')
  await write('after the exchange')
  await t.rejects(
    interruptAt('comparing', (doneId) => doneId > 300),
    /killed/,
  )
  t.same(await listTables(mysql), ['audit_log', 'audit_log_old'])
  await moveIntoMonths(mysql, OPTIONS, ['audit_log'])

  const rows = await readRows()
  t.equal(rows.length, 1_003)
  t.same(
    rows.slice(1_000).map(({ object_id }) => object_id),
    ['after the first end', 'not copied before the exchange', 'after the exchange'],
  )
  t.same(await listTables(mysql), ['audit_log'])
  t.match(
    await moveIntoMonths(mysql, OPTIONS, ['audit_log']),
    [{ isAlreadyDivided: true }],
    'a further run changes nothing',
  )
})

test('[DATA9] a row that is removed during the move does not come back', async (t) => {
  const { mysql, fill, readRows } = await setUp(t)
  await fill(500)
  const [firstRow] = await readRows()
  let deleted: Promise<unknown> = Promise.resolve()
  await moveIntoMonths(
    mysql,
    {
      ...OPTIONS,
      onProgress: ({ step, doneId, lastId }) => {
        if (step === 'copying' && doneId < lastId)
          deleted = mysql.pool.query('DELETE FROM audit_log WHERE id = ?', [firstRow?.id])
      },
    },
    ['audit_log'],
  )
  await deleted
  const rows = await readRows()
  t.equal(rows.length, 499)
  t.notOk(rows.some(({ id }) => id === firstRow?.id))
})

test('[DATA9] the old table stays if the new one lacks a row, until the operator accepts its loss', async (t) => {
  const { mysql, fill, readRows } = await setUp(t)
  await fill(500)
  const deletedRow = (await readRows()).at(-20)
  const options: DivideOptions = {
    ...OPTIONS,
    onProgress: async ({ step }) => {
      if (step === 'comparing') await mysql.pool.query('DELETE FROM audit_log WHERE id = ?', [deletedRow?.id])
    },
  }
  t.match(await moveIntoMonths(mysql, options, ['audit_log']), [{ missingRows: 1 }])
  t.same(await listTables(mysql), ['audit_log', 'audit_log_old'])
  t.match((await readMonthlyTables(mysql))[0], { hasOldTable: true })

  await moveIntoMonths(mysql, { ...OPTIONS, shouldGiveUpMissingRows: true }, ['audit_log'])
  t.same(await listTables(mysql), ['audit_log'])
  t.equal((await readRows()).length, 499)
})

test('[DATA9] calls of a chat that was removed meanwhile do not count as missing rows', async (t) => {
  const { mysql } = await setUp(t, 'llm_calls')
  for (let index = 0; index < 250; index += 1) {
    await mysql.pool.query(
      "INSERT INTO llm_calls (message_id, attempt, model, outcome, total_ms) VALUES (?, 1, 'm', 'ok', 1)",
      [`gone-${index}`],
    )
  }
  const options: DivideOptions = {
    ...OPTIONS,
    onProgress: async ({ step }) => {
      if (step === 'comparing') await mysql.pool.query("DELETE FROM llm_calls WHERE message_id = 'gone-249'")
    },
  }
  t.match(await moveIntoMonths(mysql, options, ['llm_calls']), [{ missingRows: 0 }])
  const [[count]] = await mysql.pool.query<RowDataPacket[]>('SELECT COUNT(*) AS count FROM llm_calls')
  t.equal(count?.count, 249)
})

test('[DATA9] a call that was removed with its chat between two runs does not come back', async (t) => {
  const { mysql } = await setUp(t, 'llm_calls')
  const event_id = await createRoom(mysql)
  await mysql.pool.query(
    `INSERT INTO messages (message_id, event_id, position, seq, audience, message_from, message_type, message_category,
       message_content) VALUES ('stays', ?, 1, 1, 'all', 'a', 'chat', 'engineer_chat', '{}')`,
    [event_id],
  )
  const writeCall = (table: string, message_id: string) =>
    mysql.pool.query(
      `INSERT INTO ${table} (message_id, attempt, model, outcome, total_ms) VALUES (?, 1, 'm', 'ok', 1)`,
      [message_id],
    )
  for (const message_id of ['copied', 'gone']) await writeCall('llm_calls', message_id)
  const optionsThatFail: DivideOptions = {
    ...OPTIONS,
    onProgress: ({ step }) => {
      if (step === 'comparing') throw new Error('killed')
    },
  }
  await t.rejects(moveIntoMonths(mysql, optionsThatFail, ['llm_calls']), /killed/)
  await writeCall('llm_calls_old', 'stays')
  await mysql.pool.query("DELETE FROM llm_calls WHERE message_id = 'gone'")

  await moveIntoMonths(mysql, OPTIONS, ['llm_calls'])

  const [rows] = await mysql.pool.query<RowDataPacket[]>('SELECT message_id FROM llm_calls ORDER BY id')
  t.same(
    rows.map(({ message_id }) => message_id),
    ['copied', 'stays'],
  )
})

test('[DATA9] an overflow that has rows is moved into months like a table without partitions', async (t) => {
  const { mysql, fill, readRows } = await setUp(t, 'audit_log', {
    layout:
      "PARTITION BY RANGE COLUMNS (created_at) (PARTITION p202001 VALUES LESS THAN ('2020-02-01'), PARTITION pmax VALUES LESS THAN (MAXVALUE))",
  })
  await fill(300)
  t.match((await readMonthlyTables(mysql))[0], { isOverflowUsed: true })
  const before = await readRows()

  await moveIntoMonths(mysql, OPTIONS, ['audit_log'])

  t.match((await readMonthlyTables(mysql))[0], { isOverflowUsed: false })
  t.same(await readRows(), before)
})

/** Prepares a database whose table is not divided into months, or has the partitions of `layout`. */
async function setUp(t: Test, table: MonthlyTable = 'audit_log', { layout = '' } = {}) {
  const mysql = (await createMigratedDatabase(t)).openNode(8)
  const { audit } = createMysqlStores(mysql)
  await mysql.pool.query(`ALTER TABLE ${table} ${WITHOUT_MONTHS}`)
  if (layout === '') await mysql.pool.query(`ALTER TABLE ${table} DROP PRIMARY KEY, ADD PRIMARY KEY (id)`)
  else await mysql.pool.query(`ALTER TABLE ${table} ${layout}`)
  return {
    mysql,
    /** Writes rows of the last 14 months, the oldest first. */
    fill: async (count: number) => {
      const rows = Array.from({ length: count }, (_, index) => ['send', 'message', `filled-${index}`, index])
      await mysql.pool.query(
        `INSERT INTO audit_log (action, object_type, object_id, created_at) VALUES ${rows
          .map(
            () =>
              `(?, ?, ?, NOW(3) - INTERVAL 14 MONTH + INTERVAL ? * ${Math.floor((14 * 30 * 86_400) / count)} SECOND)`,
          )
          .join(', ')}`,
        rows.flat(),
      )
    },
    write: (object_id: string) =>
      audit.write([
        {
          ...({ action: 'send', actor: 'a', address: null, object_type: 'message', object_id } as const),
          event_id: 'e',
          detail: null,
          request_id: null,
        },
      ]),
    readRows: async () => {
      const [rows] = await mysql.pool.query<RowDataPacket[]>('SELECT * FROM audit_log ORDER BY id')
      return rows
    },
  }
}

async function listTables(mysql: Mysql): Promise<unknown[]> {
  const [tables] = await mysql.pool.query<RowDataPacket[]>("SHOW TABLES LIKE 'audit\\_log%'")
  return tables.map((row) => Object.values(row)[0]).toSorted()
}
