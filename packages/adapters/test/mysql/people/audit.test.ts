import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { test } from 'tap'
import { createMigratedDatabase } from '../setup.ts'

const FOLDER = join(import.meta.dirname, '../../../src/mysql')

test('[AUDIT4] audit lines are removed only by their age, the oldest first, and no line of an event under a legal hold is removed', async (t) => {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const { audit, retention } = createMysqlStores(mysql)
  const createEntry = (event_id: string | null) => ({
    ...({ action: 'send', actor: 'a', address: null, object_type: 'message', object_id: 'm' } as const),
    event_id,
    detail: null,
    request_id: null,
  })
  await audit.write([createEntry('held'), createEntry('free'), createEntry(null), createEntry('free')])
  await mysql.pool.query('UPDATE audit_log SET created_at = NOW(3) - INTERVAL 10 DAY WHERE id <= 3')
  await mysql.pool.query("INSERT INTO legal_holds (event_id) VALUES ('held')")
  t.same(
    [await retention.removeAudit(9, 1), await retention.removeAudit(9, 5), await retention.removeAudit(9, 5)],
    [1, 1, 0],
  )
  t.same(
    (await audit.list({ limit: 10 })).items.map(({ event_id }) => event_id),
    ['free', 'held'],
  )
})

/** Matches `INSERT INTO audit_log` and `FROM ${auditLog}`. */
const PLAIN_SQL = /(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE|FROM)\s+(?:audit_log|\$\{auditLog\})/g
/** Matches `.insert(auditLog`. */
const TYPED_SQL = /\.(insert|update|delete|from)\(\s*auditLog\b/g

test('[AUDIT4] no statement of the product changes an audit line', (t) => {
  const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const)
  const statements = sources.flatMap(([name, text]) =>
    [...text.matchAll(PLAIN_SQL), ...text.matchAll(TYPED_SQL)].map(([, verb]) => `${name}: ${verb}`),
  )
  t.same(statements.sort(), [
    'operations/retention.ts: delete',
    'operations/trace.ts: from',
    'operations/trace.ts: from',
    'operations/trace.ts: from',
    'people/audit.ts: INSERT INTO',
    'people/audit.ts: from',
    'people/audit.ts: insert',
  ])
  t.end()
})
