import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../cluster/cluster.ts'
import { applyFault } from './apply-fault.ts'
import { describeFault, type Fault, type PlannedFault, type RedisOutage } from './fault.ts'
import { QUIET_AFTER_MS } from './redis-outages.ts'

/** Is what happened and when. Times are of `performance.now()`. */
export interface InjectedFault {
  type: Fault['type']
  /** Names the processes, links and servers that had the fault. */
  targets: string[]
  startMs: number
  endMs: number
}

/** Is a time in which no server of Redis answered and nothing else was broken. */
export interface InjectedOutage {
  how: RedisOutage
  startMs: number
  endMs: number
  /** Until then nothing was broken after it. */
  quietUntilMs: number
}

/**
 * Applies planned faults and ends each after its duration. It leaves a fault out while its target has another one. A
 * deploy waits until no process has a fault, and until it ends, other faults of processes are left out. An outage of
 * Redis waits until nothing is broken, and until it is over, all other faults are left out.
 */
export class FaultInjector {
  readonly faults: InjectedFault[] = []
  readonly outages: InjectedOutage[] = []
  readonly #cluster: Cluster
  readonly #note: (text: string) => void
  readonly #injections = new Set<Promise<void>>()
  /** Maps each target that has a fault to the end of that fault. */
  readonly #faultEnds = new Map<string, Promise<void>>()
  #isDeploying = false
  #isRedisAway = false

  constructor(cluster: Cluster, note: (text: string) => void) {
    this.#cluster = cluster
    this.#note = note
  }

  async inject(planned: PlannedFault): Promise<void> {
    if (this.#isRedisAway) return this.#leaveOut(planned)
    const { fault } = planned
    const others = [...this.#injections]
    const injection = fault.type === 'redis-away' ? this.#takeRedisAway(planned, fault.how, others) : this.#act(planned)
    this.#injections.add(injection)
    await injection.finally(() => this.#injections.delete(injection))
  }

  #leaveOut = (planned: PlannedFault): void => this.#note(`left out: ${describeFault(planned).trim()}`)

  async #act(planned: PlannedFault): Promise<void> {
    const { fault } = planned
    const targets = listTargets(this.#cluster, fault)
    const isDeploy = fault.type === 'deploy'
    const concernsProcess = isDeploy || 'slot' in fault
    const isBusy = !isDeploy && targets.some((target) => this.#faultEnds.has(target))
    if (isBusy || (concernsProcess && this.#isDeploying)) return this.#leaveOut(planned)
    this.#isDeploying ||= isDeploy
    if (isDeploy) await Promise.all(targets.map((target) => this.#faultEnds.get(target)))
    await this.#runWhileBusy(fault.type, targets, () =>
      isDeploy ? this.#deploy() : applyFault(this.#cluster, planned, this.#note),
    ).finally(() => {
      if (isDeploy) this.#isDeploying = false
    })
  }

  async #takeRedisAway(planned: PlannedFault, how: RedisOutage, others: Array<Promise<void>>): Promise<void> {
    this.#isRedisAway = true
    await Promise.allSettled(others)
    const startMs = performance.now()
    try {
      await this.#runWhileBusy('redis-away', ['redis'], () => applyFault(this.#cluster, planned, this.#note))
      const endMs = performance.now()
      await sleep(QUIET_AFTER_MS)
      this.outages.push({ how, startMs, endMs, quietUntilMs: performance.now() })
    } finally {
      this.#isRedisAway = false
    }
  }

  async #runWhileBusy(type: Fault['type'], targets: string[], act: () => Promise<void>): Promise<void> {
    const finished = Promise.withResolvers<void>()
    const injected = { type, targets, startMs: performance.now(), endMs: Number.POSITIVE_INFINITY }
    this.faults.push(injected)
    for (const target of targets) this.#faultEnds.set(target, finished.promise)
    try {
      await act()
    } finally {
      injected.endMs = performance.now()
      for (const target of targets) this.#faultEnds.delete(target)
      finished.resolve()
    }
  }

  /** Replaces the processes one by one, workers first, as an operator does it. */
  async #deploy(): Promise<void> {
    const { slots } = this.#cluster
    for (const slot of slots.toReversed()) {
      const hasOtherFaults = this.#faultEnds.size > slots.length + 1
      const code = await slot.replace()
      if (code !== 0 && code !== undefined)
        this.#note(`${slot.name} ended with ${code} on SIGTERM${hasOtherFaults ? ', with other faults' : ''}`)
    }
  }
}

function listTargets(cluster: Cluster, fault: Fault): string[] {
  if (fault.type === 'deploy') return ['deploy', ...cluster.slots.map(({ name }) => name)]
  if ('slot' in fault) return [fault.slot]
  if ('link' in fault) return listConnections(cluster, fault.link)
  if ('server' in fault) return [fault.server]
  return fault.type === 'llm' ? ['llm'] : ['redis']
}

/** Lists a bundle with its links, because neither may be broken while the other is. */
function listConnections(cluster: Cluster, name: string): string[] {
  const link = cluster.links.find((candidate) => candidate.name === name)
  return [name, ...(link?.bundledLinks ?? []).map((bundled) => bundled.name)]
}
