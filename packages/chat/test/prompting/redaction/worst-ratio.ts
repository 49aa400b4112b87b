/** Measures how much longer a rule takes for 200 KB of a text than for 100 KB. */

const HALF_LENGTH = 100 * 1024
/** If a search takes less time than this, its ratio says more about the clock than about the rule. */
const FLOOR_MS = 15
const MAX_RATIO = 3
const ATTEMPTS = 5

/** Repeats the unit up to this length. */
export const fill = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

export function measureMs(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/**
 * Describes the last attempt if each of several attempts took more than linear time. Returns undefined if one of them
 * was linear or too quick to tell, because a busy machine makes a ratio worse.
 */
export function describeSuperLinear(find: (text: string) => unknown, unit: string): string | undefined {
  let description: string | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const fullMs = measureMs(() => find(fill(unit, 2 * HALF_LENGTH)))
    if (fullMs < FLOOR_MS) return undefined
    const halfMs = measureMs(() => find(fill(unit, HALF_LENGTH)))
    if (fullMs / Math.max(halfMs, 1) < MAX_RATIO) return undefined
    description = `${JSON.stringify(unit.slice(0, 60))}: ${halfMs} ms for 100 KB, ${fullMs} ms for 200 KB`
  }
  return description
}
