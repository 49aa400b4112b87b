import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startRedisCluster, startRedisSentinel } from '@engineer-chat/local-stack'
import { startFixtureWithRedis } from '@engineer-chat/proof'
import t from 'tap'

const DOCTOR = fileURLToPath(new URL('../../../apps/worker/bin/doctor.ts', import.meta.url))

for (const [topology, start, expectedTakeover] of [
  ['Sentinel', startRedisSentinel, 'by Sentinel, with a replica each'],
  ['a cluster', startRedisCluster, '3 primaries, with a replica each'],
] as const) {
  t.test(
    `[PROOF8] with ${topology} an answer streams to another node, limits are shared, and queue board and doctor work`,
    async (t) => {
      const redis = await start()
      const fixture = await startFixtureWithRedis(redis, { apis: 2, env: { RATE_LIMIT_ENABLED: 'true' } })
      t.teardown(() => fixture.stop())
      const { alice, admin, event_id, product } = fixture
      const follower = await alice.follow(fixture.getApiUrl(1), event_id)
      const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, '@AI what should we contain first?')
      const final = await follower.waitForFinalRow(sendResponse.body.ai_message.message_id)
      t.match(final.message, { message_type: 'chat', message_content: { finish_reason: 'stop' } })
      t.ok(follower.listDeltas(sendResponse.body.ai_message.message_id).length > 0, 'deltas came before the final row')
      follower.close()

      const readRemainingRequests = async (nodeIndex: number) => {
        const response = await fetch(`${fixture.getApiUrl(nodeIndex)}/api/auth/me`, {
          headers: { authorization: `Bearer ${alice.token}` },
        })
        return Number(response.headers.get('ratelimit-remaining') ?? response.headers.get('x-ratelimit-remaining'))
      }
      const remainingAtFirst = await readRemainingRequests(0)
      const remainingAtSecond = await readRemainingRequests(1)
      t.ok(remainingAtFirst > 0)
      t.equal(remainingAtSecond, remainingAtFirst - 1, 'both nodes share one rate limit')

      for (const nodeIndex of [0, 1]) {
        const response = await fetch(`${fixture.getApiUrl(nodeIndex)}/readyz`)
        t.match(await response.json(), { status: 'ok', redis: 'ready' })
      }
      const board = await admin.call<{ queues: unknown[] }>(fixture.getApiUrl(0), 'GET', '/admin/queues/api/queues')
      t.equal(board.status, 200)
      t.match(board.body.queues[0], { name: 'ai-reply' })
      const { stdout } = await promisify(execFile)(process.execPath, [DOCTOR], {
        env: {
          PATH: process.env.PATH,
          NODE_OPTIONS: process.env.NODE_OPTIONS,
          DATABASE_URL: product.mysql.url,
          REDIS_URL: redis.url,
        },
      })
      t.match(stdout, `Redis takeover: ${expectedTakeover}`)
    },
  )
}
