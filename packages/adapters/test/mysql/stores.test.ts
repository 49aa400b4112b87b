import { mysqlStores } from '@engineer-chat/adapters/mysql'
import { storesContract } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import { migratedDatabase } from './setup.ts'

test('MySQL keeps the stores’ contract', async (t) => {
  await storesContract(t, async () => {
    const mysql = (await migratedDatabase(t)).node()
    return {
      stores: mysqlStores(mysql),
      async lapse(message_id, ago_ms = 1) {
        await mysql.pool.execute(
          `UPDATE messages SET due_at = NOW(3) - INTERVAL ? * 1000 MICROSECOND,
             lease_until = IF(lease_until IS NULL, NULL, due_at) WHERE message_id = ?`,
          [ago_ms, message_id],
        )
      },
      elapse() {},
      async close() {},
    }
  })
})
