import { startFixture } from '@engineer-chat/proof'
import t from 'tap'
import { waitForReadyStatus } from './readiness.ts'
import { openRelay, type Relay, readPort, replacePort } from './relay.ts'
import { MANY_ROUNDS, proveAcceptedQuestions, startSenders } from './senders.ts'

t.setTimeout(240_000) // The test starts a whole product with its own MySQL.

/** The product closes a connection after 15 s of silence. The additional time is for a busy machine. */
const MAX_REFUSAL_MS = 25_000
const PACKET_DELAY_MS = 200

t.test('a product whose MySQL hangs or answers slowly', async (t) => {
  let relay: Relay | undefined
  const fixture = await startFixture({
    apis: 2,
    workers: 1,
    env: MANY_ROUNDS,
    connectMysql: async ({ url }) => {
      relay = await openRelay(t, readPort(url))
      return replacePort(url, relay.port)
    },
  })
  t.teardown(() => fixture.stop())
  const { mysql } = fixture.product

  t.test(
    '[MYSQL4] while MySQL hangs, /readyz is 503 within seconds, and each accepted question is stored once',
    async (t) => {
      const senders = await startSenders(fixture, 'hanging')
      await senders.waitForMoreAccepted(4)
      process.kill(mysql.pid, 'SIGSTOP')
      await waitForReadyStatus(fixture, 503, 5_000)
      await senders.waitForRefusals(4)
      process.kill(mysql.pid, 'SIGCONT')
      await waitForReadyStatus(fixture, 200)
      await senders.waitForMoreAccepted(8)
      await proveAcceptedQuestions(t, fixture, senders)
      const longestMs = Math.max(...senders.refusals.map(({ elapsedMs }) => elapsedMs))
      t.ok(longestMs < MAX_REFUSAL_MS, `the longest refusal took ${Math.round(longestMs)} ms`)
    },
  )

  t.test(
    '[MYSQL4] while each packet of MySQL is delayed, questions are accepted late and none is refused',
    async (t) => {
      const senders = await startSenders(fixture, 'slow')
      await senders.waitForMoreAccepted(2)
      relay?.delayPackets(PACKET_DELAY_MS)
      const startedAtMs = performance.now()
      const response = await fixture.alice.ask(fixture.getApiUrl(0), fixture.event_id, 'a late question')
      const elapsedMs = performance.now() - startedAtMs
      t.equal(response.status, 200)
      t.ok(elapsedMs > PACKET_DELAY_MS, `accepted after ${Math.round(elapsedMs)} ms`)
      await senders.waitForMoreAccepted(6)
      await waitForReadyStatus(fixture, 200)
      relay?.delayPackets(0)
      await senders.waitForMoreAccepted(4)
      await proveAcceptedQuestions(t, fixture, senders)
      t.same(senders.refusals, [])
    },
  )
})
