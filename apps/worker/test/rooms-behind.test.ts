import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'

const ROOMS = 1_001

async function setUp(t: Test) {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(getTestServers().databaseUrl)
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(getTestServers().databaseUrl)
  url.pathname = `/${name}`
  const mysql = openMysql(url.href, { connectionLimit: 10 })
  t.teardown(async () => {
    await mysql.close()
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  await migrate(mysql)
  const { events } = createMysqlStores(mysql)
  const createEvent = () =>
    events.create({
      event_id: createId(),
      event_name: 'Drill',
      message: 'm',
      context: '',
      severity: 'low',
      source: 's',
      access: 'open',
      tlp: 'amber',
      created_by: null,
    })
  const run = async (program: string, ...args: string[]) => {
    const path = fileURLToPath(new URL(`../bin/${program}.ts`, import.meta.url))
    const { PATH, NODE_OPTIONS } = process.env
    const env = { PATH, NODE_OPTIONS, DATABASE_URL: url.href, REDIS_URL: 'redis://127.0.0.1:1' }
    return promisify(execFile)(process.execPath, [path, ...args], { env })
  }
  return { createEvent, run }
}

t.test(
  '[INDICATOR10] [RANK6] the commands count all rooms that no worker has read',
  { timeout: 100_000 },
  async (t) => {
    const { createEvent, run } = await setUp(t)
    await Promise.all(Array.from({ length: ROOMS }, createEvent))
    t.match((await run('indicators')).stdout, /^1001 rooms have not been searched for indicators completely; /)
    t.match((await run('text-index')).stdout, /^1001 rooms are not indexed completely; /)
  },
)

t.test(
  '[INDICATOR10] [RANK6] the commands rebuild one room, and end with an error if there is no such event',
  { timeout: 100_000 },
  async (t) => {
    const { createEvent, run } = await setUp(t)
    const { event_id } = await createEvent()
    const unknown = createId()
    for (const [program, verb] of [
      ['indicators', 'search'],
      ['text-index', 'index'],
    ] as const) {
      const refused = { code: 1, stdout: '', stderr: `There is no event ${unknown}, so nothing was changed.\n` }
      await t.rejects(run(program, '--rebuild', `--event=${unknown}`), refused)
      const { stdout } = await run(program, '--rebuild', `--event=${event_id}`)
      t.match(stdout, `The workers ${verb} 1 rooms again.`)
    }
  },
)
