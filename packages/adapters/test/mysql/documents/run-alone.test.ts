import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { test } from 'tap'
import { createMigratedDatabase } from '../setup.ts'

test('[DOC15] the lock uses no connection of the pool, so a pool of one connection is enough to read the folder', async (t) => {
  const database = await createMigratedDatabase(t)
  const { documents } = createMysqlStores(database.openNode(1))
  const otherDocuments = createMysqlStores(database.openNode(1)).documents
  const results: unknown[] = []
  const hasRun = await documents.runAlone('folder', async () => {
    results.push(await documents.listFiles(), await otherDocuments.runAlone('folder', async () => {}))
    results.push(await otherDocuments.runAlone('closings', async () => {}))
  })
  t.same([hasRun, ...results], [true, [], false, true], 'only the lock with the same name is taken')
  t.equal(await otherDocuments.runAlone('folder', async () => {}), true, 'the lock was released')
})
