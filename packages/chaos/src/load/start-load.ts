import type { Cluster } from '../cluster/cluster.ts'
import { Follower } from '../follow/follower.ts'
import type { Random } from '../random.ts'
import { runAgent } from './agent.ts'
import { runEngineer } from './engineer.ts'
import type { Ledger } from './ledger.ts'
import { createScenario, listEvents, type Scenario } from './scenario.ts'

/** A request that began before the last fault was repaired must succeed within this time. */
const REQUESTS_WITHIN_MS = 30_000

export type RunningLoad = Awaited<ReturnType<typeof startLoad>>

/** Lets engineers and an agent use the product, each with a follower in each of their rooms. */
export async function startLoad(
  cluster: Cluster,
  ledger: Ledger,
  random: Random,
  { engineers = 4, events = 3 }: { engineers?: number; events?: number },
  signal: AbortSignal,
) {
  const { url } = cluster
  const scenario: Scenario = await createScenario({
    url,
    databaseUrl: cluster.product.mysql.url,
    ledger,
    engineers,
    events,
    signal,
  })
  const stopping = new AbortController()
  const followers = [...scenario.engineers, scenario.agent].flatMap((caller) =>
    listEvents(scenario, caller).map((event_id) => {
      const followerRandom = random.branch(`${caller.username} follows ${scenario.events.indexOf(event_id)}`)
      return new Follower({ url, caller, event_id, ledger, random: followerRandom })
    }),
  )
  const actors = scenario.engineers.map((caller) =>
    runEngineer(caller, {
      events: listEvents(scenario, caller),
      ledger,
      random: random.branch(caller.username),
      signal: stopping.signal,
    }),
  )
  actors.push(
    runAgent(scenario.agent, { ...scenario, ledger, random: random.branch('agent'), signal: stopping.signal }),
  )
  return {
    scenario,
    followers,
    /** Stops the actors and waits for the answers to their last requests. */
    stop: async (aborter: AbortController) => {
      stopping.abort()
      const deadline = setTimeout(() => {
        ledger.addViolation(
          `requests are still refused after ${REQUESTS_WITHIN_MS} ms: ${JSON.stringify([...ledger.pendingRequests])}`,
        )
        aborter.abort()
      }, REQUESTS_WITHIN_MS)
      await Promise.all(actors)
      clearTimeout(deadline)
    },
  }
}
