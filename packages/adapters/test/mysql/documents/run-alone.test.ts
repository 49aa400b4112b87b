import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { test } from 'tap'
import { createMigratedDatabase } from '../setup.ts'

test('[DOC15] the lock uses no connection of the pool, so a pool of one connection is enough to read the folder', async (t) => {
  const database = await createMigratedDatabase(t)
  const { documents } = createMysqlStores(database.openNode(1))
  const other = createMysqlStores(database.openNode(1)).documents
  const seen: unknown[] = []
  const hasRun = await documents.runAlone('folder', async () => {
    seen.push(await documents.listFiles(), await other.runAlone('folder', async () => {}))
    seen.push(await other.runAlone('closings', async () => {}))
  })
  t.same([hasRun, ...seen], [true, [], false, true], 'only the lock with the same name is taken')
  t.equal(await other.runAlone('folder', async () => {}), true, 'the lock was released')
})
