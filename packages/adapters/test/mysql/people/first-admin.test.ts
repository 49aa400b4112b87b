import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createFirstAdmin, type Passwords } from '@engineer-chat/chat/people'
import { createId } from '@engineer-chat/chat/shared'
import { type Test, test } from 'tap'
import { createMigratedDatabase, type Database, runConcurrently } from '../setup.ts'

const NAMES = ['ada', 'ben', 'cleo', 'dan', 'eve', 'flo']
const PASSWORD = ['tundra', 'kettle', 'orbit', '7'].join('-')
const passwords: Passwords = { hash: async () => 'a-hash', verify: async () => false }

/**
 * Starts nodes that find no user and then wait until `before` has ended. Then all create the administrator at the same
 * time.
 */
async function raceNodes(database: Database, before: () => Promise<unknown> = async () => {}) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: allWait, resolve: reportAllWait } = Promise.withResolvers<void>()
  let waitingCount = 0
  const readPassword = async () => {
    waitingCount += 1
    if (waitingCount === NAMES.length) reportAllWait()
    await released
    return PASSWORD
  }
  const created = runConcurrently(NAMES.length, (node) => {
    const { users, audit } = createMysqlStores(database.openNode(1))
    return createFirstAdmin({ users, audit, passwords }, { username: `admin-${NAMES[node]}`, readPassword })
  })
  await allWait
  await before()
  release()
  return (await created).filter((user) => user !== undefined)
}

async function listUsersAndAudit(database: Database) {
  const { users, audit } = createMysqlStores(database.openNode(1))
  return {
    users: (await users.list({ limit: 10 })).items,
    audited: (await audit.list({ limit: 10, action: 'user_created' })).items.length,
  }
}

test('[ADMIN4] nodes that all found no user create one administrator, with one line in the audit', async (t: Test) => {
  const database = await createMigratedDatabase(t)
  const created = await raceNodes(database)
  t.equal(created.length, 1)
  t.same(await listUsersAndAudit(database), { users: created, audited: 1 })
})

test('[ADMIN4] if a command creates a user meanwhile, no first administrator is created', async (t: Test) => {
  const database = await createMigratedDatabase(t)
  const { users } = createMysqlStores(database.openNode(1))
  const user = { user_id: createId(), username: 'by-command', password_hash: 'x', role: 'admin' } as const
  t.same(await raceNodes(database, () => users.create(user)), [])
  const { users: stored, audited } = await listUsersAndAudit(database)
  t.match(stored, [{ username: 'by-command' }])
  t.same([stored.length, audited], [1, 0])
})
