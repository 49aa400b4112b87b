import { Follower } from '../follow/follower.ts'
import type { Random } from '../random.ts'
import type { Testbed } from '../testbed/testbed.ts'
import { runAgent } from './agent.ts'
import { runEngineer } from './engineer.ts'
import type { Ledger } from './ledger.ts'
import { createScenario, listReadableEventIds, type Scenario } from './scenario.ts'

/** The load is stopped after the last fault. Every pending request must then succeed within this time. */
const REQUESTS_TIMEOUT_MS = 30_000

export type RunningLoad = Awaited<ReturnType<typeof startLoad>>

/** Starts engineers and an agent that use the product. Each of them has a follower in each room that they may read. */
export async function startLoad(
  testbed: Testbed,
  ledger: Ledger,
  random: Random,
  { engineers = 4, events = 3 }: { engineers?: number; events?: number },
  retrySignal: AbortSignal,
) {
  const { url } = testbed
  const scenario: Scenario = await createScenario({
    url,
    databaseUrl: testbed.product.mysql.url,
    ledger,
    engineerCount: engineers,
    eventCount: events,
    signal: retrySignal,
  })
  const stopAborter = new AbortController()
  const followers = [...scenario.engineers, scenario.agent].flatMap((caller) =>
    listReadableEventIds(scenario, caller).map((event_id) => {
      const followerRandom = random.branch(`${caller.username} follows ${scenario.eventIds.indexOf(event_id)}`)
      return new Follower({ url, caller, event_id, ledger, random: followerRandom })
    }),
  )
  const actorRuns = scenario.engineers.map((caller) =>
    runEngineer(caller, {
      eventIds: listReadableEventIds(scenario, caller),
      ledger,
      random: random.branch(caller.username),
      signal: stopAborter.signal,
    }),
  )
  actorRuns.push(
    runAgent(scenario.agent, {
      eventIds: scenario.eventIds,
      ledger,
      random: random.branch('agent'),
      signal: stopAborter.signal,
    }),
  )
  return {
    scenario,
    followers,
    /**
     * Stops the engineers and the agent, and waits for the responses to their last requests. After REQUESTS_TIMEOUT_MS
     * it reports the pending requests and ends their repetition by `retryAborter`. The followers continue.
     */
    stop: async (retryAborter: AbortController) => {
      stopAborter.abort()
      const deadline = setTimeout(() => {
        ledger.addViolation(
          `requests did not succeed within ${REQUESTS_TIMEOUT_MS} ms: ${JSON.stringify([...ledger.pendingRequests])}`,
        )
        retryAborter.abort()
      }, REQUESTS_TIMEOUT_MS)
      await Promise.all(actorRuns)
      clearTimeout(deadline)
    },
  }
}
