import { setTimeout as sleep } from 'node:timers/promises'
import { checkView } from './check/check-views.ts'
import { countUnfinished, type StoredState } from './check/stored-state.ts'
import type { Cluster } from './cluster/cluster.ts'
import type { Follower } from './follow/follower.ts'

/**
 * Is enough for all questions of a full session. Each may need a lease, a sweep, and two calls with a pause, or waits a
 * minute for a model that takes few calls in one.
 */
const SETTLE_WITHIN_MS = 150_000
/** After the last reply is finished, every follower must have the same messages as MySQL within this time. */
const VIEWS_WITHIN_MS = 25_000
/** After the last fault every process must run again within this time. */
const RESTART_WITHIN_MS = 120_000

/** Waits until no link is broken and every process and server runs again. */
export async function waitUntilRepaired(cluster: Cluster): Promise<void> {
  for (const link of cluster.links) if (link.fault !== null) throw new Error(`${link.name} is still broken`)
  const startedAtMs = performance.now()
  for (;;) {
    const stoppedNames = cluster.slots.filter((slot) => slot.running === undefined).map(({ name }) => name)
    if (stoppedNames.length === 0) break
    if (performance.now() - startedAtMs > RESTART_WITHIN_MS)
      throw new Error(`${stoppedNames.join(', ')} can't be started again`)
    await sleep(50)
  }
  await cluster.product.redis.waitUntilHealthy()
}

/** Waits until every reply is finished, and returns how many milliseconds it took. */
export async function waitUntilSettled(cluster: Cluster): Promise<number> {
  const startedAtMs = performance.now()
  while ((await countUnfinished(cluster.product.mysql.url)) > 0 && performance.now() - startedAtMs < SETTLE_WITHIN_MS) {
    await sleep(200)
  }
  return Math.round(performance.now() - startedAtMs)
}

/** Waits until all followers have the same messages as MySQL, and returns the differences that remain. */
export async function waitForViews(followers: Follower[], storedState: StoredState): Promise<string[]> {
  const startedAtMs = performance.now()
  for (;;) {
    const differences = followers.flatMap((follower) => {
      const found = checkView(follower, storedState)
      return found.length > 0 ? [...found, follower.describe()] : []
    })
    if (differences.length === 0 || performance.now() - startedAtMs > VIEWS_WITHIN_MS) return differences
    await sleep(200)
  }
}
