import { startFixture } from '@engineer-chat/proof'
import t from 'tap'
import { waitForReadiness } from './readiness.ts'
import { openRelay, type Relay, readPort, toPort } from './relay.ts'
import { provePromises, ROUNDS, startSenders } from './senders.ts'

t.setTimeout(240_000) // A whole product runs on a server of its own.

/** A connection that is silent for 15 s is closed; the rest is the time of a busy machine. */
const MAX_REFUSAL_MS = 25_000

t.test('MySQL answers late', async (t) => {
  let relay: Relay | undefined
  const fixture = await startFixture({
    ...{ apis: 2, workers: 1, env: ROUNDS },
    connectMysql: async ({ url }) => {
      relay = await openRelay(t, readPort(url))
      return toPort(url, relay.port)
    },
  })
  t.teardown(() => fixture.stop())
  const { mysql } = fixture.product

  t.test(
    '[MYSQL4] a server that hangs is 503 within seconds, and what it took in the end is stored once',
    async (t) => {
      const senders = await startSenders(fixture, 'hanging')
      await senders.waitForMore(4)
      process.kill(mysql.pid, 'SIGSTOP')
      await waitForReadiness(fixture, 503, 5_000)
      await senders.waitForRefusals(4)
      process.kill(mysql.pid, 'SIGCONT')
      await waitForReadiness(fixture, 200)
      await senders.waitForMore(8)
      await provePromises(t, fixture, senders)
      const longestMs = Math.max(...senders.refusals.map(({ elapsedMs }) => elapsedMs))
      t.ok(longestMs < MAX_REFUSAL_MS, `a refusal took ${Math.round(longestMs)} ms`)
    },
  )

  t.test('[MYSQL4] a server that is slow with each packet accepts late, and refuses nothing', async (t) => {
    const senders = await startSenders(fixture, 'slow')
    await senders.waitForMore(2)
    relay?.delay(200)
    await senders.waitForMore(6)
    await waitForReadiness(fixture, 200)
    relay?.delay(0)
    await senders.waitForMore(4)
    await provePromises(t, fixture, senders)
    t.same(senders.refusals, [])
  })
})
