import { setTimeout as sleep } from 'node:timers/promises'
import { checkView } from './check/check-views.ts'
import { countUnfinished, type StoredState } from './check/stored-state.ts'
import type { Follower } from './follow/follower.ts'
import type { Testbed } from './testbed/testbed.ts'

/** This is the default of ENGINEER_CHAT_MAX_ROUNDS. The questions of a session are answered one after the other. */
const MAX_ROUNDS = 10
/**
 * A question may wait 8 s for the end of a lease, 2 s for a sweep, and for two calls with a pause between them. A
 * question to the model with a limit per minute may wait longer, but such questions are few.
 */
const MAX_ROUND_MS = 15_000
const SETTLE_TIMEOUT_MS = MAX_ROUNDS * MAX_ROUND_MS
/** After the last reply has ended, every follower must have the same messages as MySQL within this time. */
const VIEWS_TIMEOUT_MS = 25_000
/** After the last fault, every process must run again within this time. */
const RESTART_TIMEOUT_MS = 120_000

/**
 * Waits until every process runs again and Redis has all of its replicas. It does not wait for MySQL.
 * @throws Error if a link is still broken, or if a process or Redis needs too long
 */
export async function waitUntilRepaired(testbed: Testbed): Promise<void> {
  for (const link of testbed.links) if (link.fault !== null) throw new Error(`${link.name} is still broken`)
  const startedAtMs = performance.now()
  for (;;) {
    const stoppedNames = testbed.processes
      .filter((supervised) => supervised.running === undefined)
      .map(({ name }) => name)
    if (stoppedNames.length === 0) break
    if (performance.now() - startedAtMs > RESTART_TIMEOUT_MS)
      throw new Error(`${stoppedNames.join(', ')} did not start again within ${RESTART_TIMEOUT_MS} ms`)
    await sleep(50)
  }
  await testbed.product.redis.waitUntilHealthy()
}

/** Waits until every reply has ended, at most SETTLE_TIMEOUT_MS, and returns how many milliseconds it took. */
export async function waitUntilSettled(testbed: Testbed): Promise<number> {
  const startedAtMs = performance.now()
  while (
    (await countUnfinished(testbed.product.mysql.url)) > 0 &&
    performance.now() - startedAtMs < SETTLE_TIMEOUT_MS
  ) {
    await sleep(200)
  }
  return Math.round(performance.now() - startedAtMs)
}

/**
 * Waits until all followers have the same messages as MySQL. Returns the differences that remain after
 * VIEWS_TIMEOUT_MS, with a description of their followers.
 */
export async function waitForViews(followers: Follower[], storedState: StoredState): Promise<string[]> {
  const startedAtMs = performance.now()
  for (;;) {
    const differences = followers.flatMap((follower) => {
      const violations = checkView(follower, storedState)
      return violations.length > 0 ? [...violations, follower.describe()] : []
    })
    if (differences.length === 0 || performance.now() - startedAtMs > VIEWS_TIMEOUT_MS) return differences
    await sleep(200)
  }
}
