import { createWriteProbe, type Mysql } from '@engineer-chat/adapters/mysql'
import type { RowDataPacket } from 'mysql2/promise'
import t from 'tap'
import { createDiskFullMemory } from '../../../src/mysql/core/disk-full.ts'
import { createMigratedDatabase } from '../setup.ts'

const createRecordedLog = () => {
  const lines: string[] = []
  const write = (event: string) => void lines.push(event)
  return { lines, log: { info: write, warn: write, error: write } }
}

async function readWrites({ pool }: Mysql): Promise<unknown[]> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT written_at FROM write_probe')
  return rows.map(({ written_at }) => written_at)
}

const createTableFullError = (table: string) =>
  Object.assign(new Error(`The table '${table}' is full`), { errno: 1114, code: 'ER_RECORD_FILE_FULL' })

t.test('[HTTP10] however often readiness is checked, MySQL gets at most one probe write a second', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const probe = createWriteProbe(mysql, createRecordedLog().log)
  await Promise.all([probe(), probe(), probe()])
  const firstWrites = await readWrites(mysql)
  t.equal(firstWrites.length, 1)
  await probe()
  t.same(await readWrites(mysql), firstWrites, 'the write of this second counts')
})

t.test('[HTTP10] a MySQL that answers reads but commits nothing is not ready until it commits again', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { log, lines } = createRecordedLog()
  const probe = createWriteProbe(mysql, log)
  const blocker = await mysql.pool.getConnection()
  await blocker.query('LOCK TABLES write_probe READ')
  const startedAtMs = performance.now()
  await t.rejects(probe(), { code: 'WRITE_TIMEOUT' })
  await t.rejects(probe())
  t.ok(performance.now() - startedAtMs < 3_600, 'each of the two probes ends after about 1.5 s')
  await blocker.query('UNLOCK TABLES')
  blocker.release()
  await probe()
  t.same(lines, ['EngineerChat.mysql_lost', 'EngineerChat.mysql_back'], 'the loss and the return are logged once')
})

t.test(
  '[HTTP10] for five seconds after a write found the disk full, MySQL is not ready, although small writes succeed',
  async (t) => {
    const mysql = (await createMigratedDatabase(t)).openNode()
    const probe = createWriteProbe(mysql, createRecordedLog().log)
    mysql.diskFull.note(createTableFullError('messages'))
    await t.rejects(probe(), { code: 'ER_RECORD_FILE_FULL' })

    let nowMs = 0
    const memory = createDiskFullMemory(() => nowMs)
    for (const otherError of [createTableFullError('/tmp/#sql-temptable-1'), new Error('other'), { errno: 1114 }])
      memory.note(otherError)
    t.equal(memory.findRecent(), undefined, 'a temporary table of a query and other errors are ignored')
    memory.note(createTableFullError('messages'))
    nowMs = 4_999
    t.match(memory.findRecent(), { errno: 1114 })
    nowMs = 5_000
    t.equal(memory.findRecent(), undefined)
  },
)
