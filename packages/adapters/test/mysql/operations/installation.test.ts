import { findInstallation, getInstallation, renewInstallation } from '@engineer-chat/adapters/mysql'
import { test } from 'tap'
import { createMigratedDatabase } from '../setup.ts'

test('[INSTALL3] if several processes start at the same time, one of them creates the installation, and it stays the same', async (t) => {
  const { openNode } = await createMigratedDatabase(t)
  t.equal(await findInstallation(openNode(1)), undefined)
  const installations = await Promise.all(Array.from({ length: 8 }, () => getInstallation(openNode(1))))
  t.equal(new Set(installations.map(({ installation_id }) => installation_id)).size, 1)
  t.equal(new Set(installations.map(({ hint_key }) => hint_key)).size, 1)
  t.match(installations[0]?.hint_key, /^[0-9a-f]{64}$/)
  t.same(await getInstallation(openNode(1)), installations[0])
  t.same(await findInstallation(openNode(1)), installations[0])
})

test('[INSTALL3] a restored database is another installation, even if it is of an older version', async (t) => {
  const { openNode } = await createMigratedDatabase(t)
  const before = await getInstallation(openNode(1))
  await renewInstallation(openNode(1))
  const after = await getInstallation(openNode(1))
  t.not(after.installation_id, before.installation_id)
  t.not(after.hint_key, before.hint_key)
  await openNode(1).pool.query('DROP TABLE installation')
  await renewInstallation(openNode(1))
  t.equal(await findInstallation(openNode(1)), undefined)
})
