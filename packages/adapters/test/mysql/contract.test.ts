import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import { type Harness, storesContract } from '@engineer-chat/chat/testing'
import { type Test, test } from 'tap'
import { createCachedRights } from '../../src/mysql/people/rights.ts'
import { createMigratedDatabase } from './setup.ts'

test('the stores on MySQL keep their contract', async (t) => {
  await storesContract(t, createMysqlHarness)
})

async function createMysqlHarness(t: Test, budgets: BudgetLimits = {}): Promise<Harness> {
  const mysql = (await createMigratedDatabase(t)).openNode(10)
  const { pool } = mysql
  const clock = { now: 0 }
  return {
    stores: {
      ...createMysqlStores(mysql, { budgets }),
      // This is the cache of another node, which is not notified of changes.
      rights: createCachedRights(pool, () => clock.now),
    },
    async expireLease(message_id, agoMs = 1) {
      const since = 'NOW(3) - INTERVAL ? * 1000 MICROSECOND'
      await pool.execute(
        `UPDATE messages SET due_at = ${since}, lease_until = IF(lease_until IS NULL, NULL, due_at) WHERE message_id = ?`,
        [agoMs, message_id],
      )
    },
    async makeOlder(message_id, byMs) {
      const earlier = 'created_at - INTERVAL ? * 1000 MICROSECOND'
      await pool.execute(`UPDATE messages SET created_at = ${earlier} WHERE message_id = ?`, [byMs, message_id])
    },
    advanceClock(ms) {
      clock.now += ms
    },
  }
}
