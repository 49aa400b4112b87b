import { randomBytes } from 'node:crypto'
import { openQueueInspector, startReplyWorker } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisConnector } from '@engineer-chat/adapters/redis'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { waitUntil } from '@engineer-chat/proof'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'

const testRedisUrl = getTestServers().redisUrl
const silentLog = { info: () => {}, warn: () => {}, error: () => {} }
/** Redis always belongs to this installation. */
const ownRedis = { isOurs: () => true, onChange: () => undefined }

async function startWithBoard(t: Test, redisUrl: string = testRedisUrl) {
  const location = {
    connector: createRedisConnector(parseRedisAddress(redisUrl)),
    namespace: `test-${randomBytes(4).toString('hex')}`,
    log: silentLog,
  }
  const { queue, close: closeQueue } = openQueueInspector(location)
  await queue.waitUntilReady()
  const harness = await createHarness({ deps: { boardQueue: queue } })
  const startWorker = async (name: string) => {
    const worker = startReplyWorker({
      ...location,
      ownership: ownRedis,
      name,
      concurrency: 1,
      handle: async () => undefined,
    })
    t.teardown(() => worker.close(0))
    await waitUntil('the worker is ready', async () => worker.status() === 'ready')
  }
  t.teardown(async () => {
    await harness.close()
    await closeQueue()
  })
  return { queue, startWorker, admin: await harness.signUp('root', 'admin') }
}

/**
 * Creates a Redis account that may not list the server's clients, and returns its URL. The accounts of managed services
 * are like this.
 */
async function createAccountWithoutClientList(t: Test): Promise<string> {
  const redis = createRedisConnector(parseRedisAddress(testRedisUrl)).open({})
  const name = `test-${randomBytes(4).toString('hex')}`
  await redis.call('ACL', 'SETUSER', name, 'on', '>secret', '~*', '&*', '+@all', '-client|list')
  t.teardown(async () => {
    await redis.call('ACL', 'DELUSER', name)
    redis.disconnect()
  })
  const address = new URL(testRedisUrl)
  address.username = name
  address.password = 'secret'
  return address.href
}

t.test('[QUEUE12] the board shows the metrics of the queue, and the workers by their names', async (t) => {
  const { admin, queue, startWorker } = await startWithBoard(t)
  await startWorker('node-7-42')
  const readBoard = async (path: string) =>
    (await admin.call('GET', `/admin/queues/api/queues/ai-reply/${path}`)).json()

  await queue.add('reply', { message_id: 'a', attempt: 0 })
  await waitUntil('the job is counted', async () => (await readBoard('metrics')).completed?.meta.count === 1)

  const { workers } = await readBoard('workers')
  t.match(workers, [{ name: 'node-7-42' }])
})

t.test('[QUEUE12] if Redis may not list its clients, the board shows everything except the workers', async (t) => {
  const { admin, startWorker } = await startWithBoard(t, await createAccountWithoutClientList(t))
  await startWorker('node-7-43')

  const { queues } = (await admin.call('GET', '/admin/queues/api/queues')).json()
  t.match(queues, [{ name: 'ai-reply' }, { name: 'failed-replies' }])
  const answer = await admin.call('GET', '/admin/queues/api/queues/ai-reply/workers')
  t.same([answer.statusCode, answer.json()], [200, { workers: null }])
})

t.test('[HTTP21] the board’s page, styles and scripts load nothing from other hosts', async (t) => {
  const { admin } = await startWithBoard(t)
  const page = (await admin.call('GET', '/admin/queues')).body
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file)
  t.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')), `${files}`)
  t.same(
    files.filter((file) => /^(https?:)?\/\//.test(file)),
    [],
  )
  for (const file of files.filter((file) => file.endsWith('.css'))) {
    const style = await admin.call('GET', `/admin/queues/${file}`)
    t.equal(style.statusCode, 200, file)
    t.notMatch(style.body, /url\(["']?(https?:)?\/\/|@import/, file)
  }
  const policy = String((await admin.call('GET', '/admin/queues')).headers['content-security-policy'])
  t.notMatch(policy, /https?:|\*/, 'the policy allows no other host')
})
