import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openMonthArchive } from '@engineer-chat/adapters/archive'
import {
  createMysqlStores,
  getInstallation,
  type MonthlyTableInfo,
  migrate,
  openMysql,
} from '@engineer-chat/adapters/mysql'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { checkPartitions } from '../src/commands/doctor/check-partitions.ts'
import { runMaintenance } from '../src/maintenance.ts'

t.setTimeout(300_000) // Each command is a separate process.

const SCRIPT = fileURLToPath(new URL('../bin/partitions.ts', import.meta.url))
const ROWS = 2_000

t.test(
  '[DATA9] the command is killed again and again while rows are written, and no row is lost or doubled',
  async (t) => {
    const { url, mysql, pool } = await createUndividedTables(t)
    const { audit } = createMysqlStores(mysql)
    const stopping = new AbortController()
    let writtenRows = 0
    const auditWrites = (async () => {
      for (; !stopping.signal.aborted; writtenRows += 1) {
        await audit.write([
          {
            action: 'send',
            actor: 'a',
            address: null,
            object_type: 'message',
            object_id: `w${writtenRows}`,
            event_id: 'e',
            detail: null,
            request_id: null,
          },
        ])
      }
    })()

    for (const step of ['copying', 'copying', 'comparing']) await killCommandAt(url, step)
    const { code, output } = await runCommand(url, ['--divide'])
    stopping.abort()
    await auditWrites

    t.equal(code, 0, output)
    t.match(output, /audit_log: moved, and compared row by row/)
    t.match(output, /audit_log: about [\d,]+ rows, stored by month/)
    const [[counts]] = await pool.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS rows_now, COUNT(DISTINCT id) AS ids, COUNT(DISTINCT object_id) AS objects FROM audit_log',
    )
    t.same({ ...counts }, { rows_now: ROWS + writtenRows, ids: ROWS + writtenRows, objects: ROWS + writtenRows })
    t.ok(writtenRows > 10, `${writtenRows} rows were written during the move`)
    t.equal((await runCommand(url, [])).code, 0)
  },
)

t.test('[DATA9] without --divide the command changes nothing, prints what to do, and exits with code 1', async (t) => {
  const { url, pool } = await createUndividedTables(t)
  const { code, output } = await runCommand(url, [])
  t.equal(code, 1)
  t.match(output, /audit_log: .* stored in one piece\. --divide moves it into months while it is in use/)
  const [tables] = await pool.query<RowDataPacket[]>("SHOW TABLES LIKE 'audit\\_log%'")
  t.equal(tables.length, 1)
})

t.test('[DATA9] rows that the new table lacks are counted, and --drop-old says how many it has given up', async (t) => {
  const { url, pool } = await createUndividedTables(t)
  t.equal((await runCommand(url, ['--divide'])).code, 0)
  // These are the tables of a move that was interrupted after the exchange of their names.
  await pool.query('CREATE TABLE audit_log_old LIKE audit_log')
  await pool.query('INSERT INTO audit_log_old SELECT * FROM audit_log')
  await pool.query("DELETE FROM audit_log WHERE object_id IN ('f100', 'f200', 'f300')")

  const kept = await runCommand(url, ['--divide'])
  t.equal(kept.code, 1)
  t.match(kept.output, 'audit_log: 3 rows of audit_log_old are not in audit_log.')
  t.match(kept.output, 'run --divide --drop-old to give these rows up.')

  const dropped = await runCommand(url, ['--divide', '--drop-old'])
  t.equal(dropped.code, 0)
  t.match(dropped.output, 'audit_log: moved. 3 rows of audit_log_old that were not in audit_log were given up.')
  t.notMatch(dropped.output, 'run --divide --drop-old')
})

t.test('[DOCTOR6] the doctor warns of tables that are not stored by month, and of rows after the last month', (t) => {
  const table: MonthlyTableInfo = {
    table: 'audit_log',
    rows: 1,
    months: ['2026-11'],
    isOverflowUsed: false,
    hasOldTable: false,
  }
  t.match(checkPartitions([table]), [{ state: 'passed' }])
  t.same(checkPartitions([]), [])
  for (const deviation of [{ months: undefined }, { isOverflowUsed: true }, { hasOldTable: true }]) {
    t.match(checkPartitions([{ ...table, ...deviation }]), [
      { state: 'warning', message: /audit_log/, fix: /--divide/ },
    ])
  }
  t.end()
})

t.test(
  '[DATA8] a worker archives an old month before it removes it, and the command verifies the archive',
  async (t) => {
    const { url, mysql, pool } = await createUndividedTables(t)
    t.equal((await runCommand(url, ['--divide'])).code, 0)
    const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-archive-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const stores = createMysqlStores(mysql)
    const failures: unknown[] = []
    const log = {
      info() {},
      warn() {},
      error: (event: string, _: unknown, cause: unknown) => failures.push(event, cause),
    }
    const archive = openMonthArchive(folder, (await getInstallation(mysql)).installation_id)
    const settings = {
      sessions: { idleHours: 0 },
      retention: { chatDays: 0, recordDays: 0, auditDays: 100, spendDays: 31 },
    }
    const [[rowsBefore]] = await pool.query<RowDataPacket[]>('SELECT COUNT(*) AS count FROM audit_log')

    await runMaintenance({ ...stores, archive, log }, settings)

    t.same(failures, [])
    const [[rowsAfter]] = await pool.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS count, MIN(created_at) < NOW() - INTERVAL 132 DAY AS is_old FROM audit_log',
    )
    // A month is removed when all its rows are older than 100 days, so the first row of a kept month is at most 100 + 31
    // days old. One more day allows for the time zone and for midnight during the test.
    t.equal(rowsAfter?.is_old, 0, 'no row is older than 132 days')
    const verified = await runCommand(url, ['--verify-archive'], { ARCHIVE_DIR: folder })
    t.equal(verified.code, 0, verified.output)
    const archivedRowCounts = [...verified.output.matchAll(/: (\d+) rows, the hash is right/g)].map(([, rows]) =>
      Number(rows),
    )
    t.ok(archivedRowCounts.length >= 3, `${archivedRowCounts.length} months are archived, each in its own file`)
    t.equal(
      archivedRowCounts.reduce((sum, rows) => sum + rows, 0) + Number(rowsAfter?.count),
      rowsBefore?.count,
      'every row is in the archive or in the table',
    )

    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.gz'))
    writeFileSync(join(folder, file), 'another text')
    t.equal((await runCommand(url, ['--verify-archive'], { ARCHIVE_DIR: folder })).code, 1)
    t.equal((await runCommand(url, ['--verify-archive'])).code, 1, 'and without an archive there is nothing to verify')
  },
)

/** Creates a database whose audit table has rows of ten months and is not stored by month yet. */
async function createUndividedTables(t: Test) {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(getTestServers().databaseUrl)
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(getTestServers().databaseUrl)
  url.pathname = `/${name}`
  const mysql = openMysql(url.href, { connectionLimit: 4 })
  t.teardown(async () => {
    await mysql.close()
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  await migrate(mysql)
  const { pool } = mysql
  await pool.query('ALTER TABLE audit_log REMOVE PARTITIONING')
  await pool.query('ALTER TABLE audit_log DROP PRIMARY KEY, ADD PRIMARY KEY (id)')
  const secondsPerRow = (300 * 86_400) / ROWS
  const rows = Array.from({ length: ROWS }, (_, index) => [
    'send',
    'message',
    `f${index}`,
    Math.floor(index * secondsPerRow),
  ])
  await pool.query(
    `INSERT INTO audit_log (action, object_type, object_id, created_at) VALUES ${rows
      .map(() => '(?, ?, ?, NOW(3) - INTERVAL 300 DAY + INTERVAL ? SECOND)')
      .join(', ')}`,
    rows.flat(),
  )
  return { url: url.href, mysql, pool }
}

function startCommand(DATABASE_URL: string, args: string[], extraEnv: NodeJS.ProcessEnv = {}) {
  const { PATH, NODE_OPTIONS } = process.env
  return spawn(process.execPath, [SCRIPT, ...args], { env: { PATH, NODE_OPTIONS, DATABASE_URL, ...extraEnv } })
}

async function runCommand(url: string, args: string[], extraEnv: NodeJS.ProcessEnv = {}) {
  const child = startCommand(url, args, extraEnv)
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output: output + errors, code }
}

/**
 * Kills the command as soon as it prints this step. `--batch=100 --share=20` slow the command down (it pauses for 80 %
 * of the time), so that the kill meets it within the step.
 */
async function killCommandAt(url: string, step: string): Promise<void> {
  const child = startCommand(url, ['--divide', '--batch=100', '--share=20'])
  const ended = once(child, 'close')
  for await (const chunk of child.stdout) if (String(chunk).includes(step)) break
  child.kill('SIGKILL')
  await ended
}
