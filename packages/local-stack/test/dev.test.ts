import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createFakeProduct, waitUntil } from './fake-product.ts'

test('[RUN11] an API node restarts when one of its sources changes, and ends with `npm run dev`', async (t) => {
  const product = await createFakeProduct(t, {}, { nodeOptions: ['--watch', '--watch-preserve-output'] })
  const started = product.start()
  await started.waitForOutput(/Ctrl-C stops everything/)
  const countStarts = () => product.readJournal().filter((line) => line === 'api started').length
  t.equal(countStarts(), 1)

  appendFileSync(join(product.folder, 'api.mjs'), '\n// A change.\n')
  await waitUntil('the API node has restarted', () => countStarts() === 2)

  started.child.kill('SIGTERM')
  await once(started.child, 'close')
  t.equal(product.readJournal().filter((line) => line === 'api stopped').length, 2)
})
