import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { type MonthlyTable, type MonthPartitions, rotateMonths } from '@engineer-chat/chat/operations'
import type { RowDataPacket } from 'mysql2'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createRoom } from '../setup.ts'

test('[DATA6] a new installation stores both tables by month, with an empty overflow partition', async (t) => {
  const { readState } = await setUp(t)
  for (const table of ['audit_log', 'llm_calls'] as const) {
    const state = await readState(table)
    t.equal(state?.months.length, 4)
    t.equal(state?.months[0], state?.today.slice(0, 7))
    t.equal(state?.isOverflowUsed, false)
  }
})

test('[DATA6] months are added after the last one, and a row of a later month goes into the overflow partition', async (t) => {
  const { mysql, run, readState } = await setUp(t)
  await mysql.pool.query("INSERT INTO audit_log (action, object_type, created_at) VALUES ('send', 'm', '2999-01-01')")
  t.equal((await readState('audit_log'))?.isOverflowUsed, true)
  await mysql.pool.query('DELETE FROM audit_log')
  const last = (await readState('audit_log'))?.months.at(-1) ?? ''
  const next = `${Number(last.slice(0, 4)) + 1}-01`
  await run((partitions) => partitions.addMonths('audit_log', [next]))
  t.equal((await readState('audit_log'))?.months.at(-1), next)
})

test('[DATA6] an old month is removed with its partition, and readers see the other rows', async (t) => {
  const { mysql, run, addOldMonth, writeEntry, listEntries, readState } = await setUp(t)
  await addOldMonth('audit_log')
  await writeEntry('free', 'old')
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  await writeEntry('free', 'young')

  t.same(await readContent(run, 'audit_log', '2020-01'), 'removable')
  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))

  t.same(await listEntries(), ['young'])
  t.notOk((await readState('audit_log'))?.months.includes('2020-01'))
})

test('[DATA7] rows under a legal hold stay where readers find them until the hold is lifted', async (t) => {
  const { mysql, run, addOldMonth, writeEntry, listEntries, readState } = await setUp(t)
  await addOldMonth('audit_log')
  await writeEntry('held', 'held')
  await writeEntry('free', 'free')
  await writeEntry(null, 'nobody')
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('held')")
  const ids = await listEntries('id')

  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))

  t.same(await listEntries(), ['held'])
  t.equal((await listEntries('id'))[0], ids.at(-1), 'with the id that it had')
  t.equal(await readContent(run, 'audit_log', '2020-01'), 'held')
  t.ok((await readState('audit_log'))?.months.includes('2020-01'))
  t.same(await listTables(mysql, 'audit_log_exchange'), [])

  await mysql.pool.query('DELETE FROM legal_holds')
  t.equal(await readContent(run, 'audit_log', '2020-01'), 'removable')
  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))
  t.same(await listEntries(), [])
})

test('[DATA7] a reader finds the held rows at every moment of a removal', async (t) => {
  const { mysql, run, addOldMonth, writeEntry, listEntries } = await setUp(t)
  await addOldMonth('audit_log')
  for (const event_id of ['held', 'free', 'free']) await writeEntry(event_id, event_id)
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('held')")
  const readLists = new Set<string>()
  const stopping = new AbortController()
  const reading = (async () => {
    while (!stopping.signal.aborted) readLists.add((await listEntries()).join())
  })()

  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))
  const remaining = await listEntries()
  stopping.abort()
  await reading

  t.same(remaining, ['held'])
  t.same(
    [...readLists].filter((ids) => !ids.includes('held')),
    [],
  )
})

test('[DATA7] calls to models of held events stay while other calls of the month are removed', async (t) => {
  const { mysql, run, addOldMonth } = await setUp(t)
  await addOldMonth('llm_calls')
  const [held, free] = [await createRoom(mysql), await createRoom(mysql)]
  for (const [index, event_id] of [held, free].entries()) {
    await mysql.pool.query(
      `INSERT INTO messages (message_id, event_id, position, seq, audience, message_from, message_type, message_category,
         message_content) VALUES (?, ?, 1, 1, 'all', 'a', 'chat', 'engineer_chat', '{}')`,
      [`m${index}`, event_id],
    )
  }
  for (const message_id of ['m0', 'm1', 'gone']) {
    await mysql.pool.query(
      "INSERT INTO llm_calls (message_id, attempt, model, outcome, total_ms, created_at) VALUES (?, 1, 'm', 'ok', 1, '2020-01-31 23:59:59.999')",
      [message_id],
    )
  }
  await mysql.pool.query('INSERT INTO legal_holds (event_id) VALUES (?)', [held])

  await run((partitions) => partitions.removeMonth('llm_calls', '2020-01'))

  const [rows] = await mysql.pool.query<RowDataPacket[]>('SELECT message_id FROM llm_calls')
  t.same(
    rows.map(({ message_id }) => message_id),
    ['m0'],
  )
})

test('[DATA7] a removal that is interrupted at any step loses no held row', async (t) => {
  const { mysql, run, addOldMonth, writeEntry, listEntries } = await setUp(t)
  await addOldMonth('audit_log')
  await writeEntry('held', 'first')
  await writeEntry('free', 'free')
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  // The process died after the exchange, and the hold came between the copy and the exchange.
  await interruptAfterExchange(mysql)
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('held')")
  t.same(await listEntries(), [])

  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))
  t.same(await listEntries(), ['first'])

  // The process died after the copy: the exchange table has copies, and a second run adds none of them.
  await mysql.pool.query('CREATE TABLE audit_log_exchange LIKE audit_log')
  await mysql.pool.query('ALTER TABLE audit_log_exchange REMOVE PARTITIONING')
  await mysql.pool.query('INSERT INTO audit_log_exchange SELECT * FROM audit_log')
  await run((partitions) => partitions.removeMonth('audit_log', '2020-01'))
  t.same(await listEntries(), ['first'])
  t.same(await listTables(mysql, 'audit_log_exchange'), [])
})

test('[DATA7] an interrupted removal is finished by a worker, even if the remaining rows of the month are held', async (t) => {
  const { mysql, addOldMonth, writeEntry, listEntries } = await setUp(t)
  await addOldMonth('audit_log')
  for (const event_id of ['held', 'late', 'free']) await writeEntry(event_id, event_id)
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('held')")
  await interruptAfterExchange(mysql)
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('late')")
  t.same(await listEntries(), ['held'])

  const { months } = createMysqlStores(mysql)
  await rotateMonths({ months, log: { info() {}, warn() {}, error() {} } }, { audit_log: 90, llm_calls: 0 })

  t.same((await listEntries()).toSorted(), ['held', 'late'])
  t.same(await listTables(mysql, 'audit_log_exchange'), [])
})

test('[DATA7] a legal hold that is added while the removal waits for a reader keeps its rows', async (t) => {
  const { mysql, run, addOldMonth, writeEntry, listEntries } = await setUp(t)
  await addOldMonth('audit_log')
  for (const event_id of ['late', 'free']) await writeEntry(event_id, event_id)
  await mysql.pool.query("UPDATE audit_log SET created_at = '2020-01-15'")
  await interruptAfterExchange(mysql)
  const reader = await mysql.pool.getConnection()
  await reader.query('BEGIN')
  await reader.query('SELECT COUNT(*) FROM audit_log_exchange')

  const removal = run((partitions) => partitions.finishRemoval('audit_log'))
  // The DROP TABLE waits for the reader, and is given up after a while.
  await waitForDrop(mysql, true)
  await waitForDrop(mysql, false)
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('late')")
  await reader.query('COMMIT')
  reader.release()
  await removal

  t.same(await listEntries(), ['late'])
  t.same(await listTables(mysql, 'audit_log_exchange'), [])
})

test('[DATA6] a reader that uses the table for a long time makes others wait for about a second, not until the reader ends', async (t) => {
  const { mysql, run, addOldMonth, writeEntry } = await setUp(t)
  await addOldMonth('audit_log')
  const reader = await mysql.pool.getConnection()
  await reader.query('BEGIN')
  await reader.query('SELECT COUNT(*) FROM audit_log')

  const removal = run((partitions) => partitions.removeMonth('audit_log', '2020-01'))
  const startedAtMs = performance.now()
  for (let count = 0; count < 20; count += 1) await writeEntry('e', 'meanwhile')
  const tookMs = performance.now() - startedAtMs
  await reader.query('COMMIT')
  reader.release()
  await removal

  t.ok(tookMs < 5_000, `${Math.round(tookMs)} ms`)
})

test('[DATA6] one process at a time changes the months', async (t) => {
  const { run, mysql } = await setUp(t)
  const results: boolean[] = []
  await run(async () => {
    results.push(await createMysqlStores(mysql).months.runAlone(async () => {}))
  })
  t.same(results, [false])
})

async function setUp(t: Test) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { audit, months } = createMysqlStores(mysql)
  const run = async (work: (partitions: MonthPartitions) => Promise<void>) => {
    t.equal(await months.runAlone(work), true)
  }
  return {
    mysql,
    run,
    readState: (table: MonthlyTable) => readBy(run, (partitions) => partitions.readState(table)),
    /** Makes a partition for January 2020 out of the first partition, which contains all earlier rows. */
    addOldMonth: async (table: MonthlyTable) => {
      const state = await readBy(run, (partitions) => partitions.readState(table))
      const [first = ''] = state?.months ?? []
      // `Date.UTC` counts months from 0, so this is the first day of the month after `first`.
      const next = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5)), 1)).toISOString().slice(0, 10)
      await mysql.pool.query(
        `ALTER TABLE ${table} REORGANIZE PARTITION p${first.replace('-', '')} INTO (
           PARTITION p202001 VALUES LESS THAN ('2020-02-01'),
           PARTITION p${first.replace('-', '')} VALUES LESS THAN ('${next}'))`,
      )
    },
    writeEntry: (event_id: string | null, object_id: string) =>
      audit.write([
        {
          ...({ action: 'send', actor: 'a', address: null, object_type: 'message', object_id } as const),
          event_id,
          detail: null,
          request_id: null,
        },
      ]),
    listEntries: async (field: 'object_id' | 'id' = 'object_id') =>
      (await audit.list({ limit: 100 })).items.map((record) => record[field]),
  }
}

type Run = (work: (partitions: MonthPartitions) => Promise<void>) => Promise<void>

async function readBy<T>(run: Run, ask: (partitions: MonthPartitions) => Promise<T>): Promise<T | undefined> {
  const results: T[] = []
  await run(async (partitions) => void results.push(await ask(partitions)))
  return results[0]
}

const readContent = (run: Run, table: MonthlyTable, month: string) =>
  readBy(run, (partitions) => partitions.readContent(table, month))

/** Leaves the tables as a worker does that dies after the exchange of the month. */
async function interruptAfterExchange(mysql: Mysql): Promise<void> {
  await mysql.pool.query('CREATE TABLE audit_log_exchange LIKE audit_log')
  await mysql.pool.query('ALTER TABLE audit_log_exchange REMOVE PARTITIONING')
  await mysql.pool.query(
    `INSERT INTO audit_log_exchange SELECT * FROM audit_log
     WHERE event_id IN (SELECT event_id FROM legal_holds)`,
  )
  await mysql.pool.query('ALTER TABLE audit_log EXCHANGE PARTITION p202001 WITH TABLE audit_log_exchange')
}

/** Resolves when a DROP TABLE of this database runs, or when none runs. */
async function waitForDrop(mysql: Mysql, isRunning: boolean): Promise<void> {
  for (;;) {
    const [threads] = await mysql.pool.query<RowDataPacket[]>(
      `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'DROP TABLE%'`,
    )
    if (threads.length > 0 === isRunning) return
  }
}

async function listTables(mysql: Mysql, name: string): Promise<unknown[]> {
  const [tables] = await mysql.pool.query<RowDataPacket[]>('SHOW TABLES LIKE ?', [name])
  return tables
}
