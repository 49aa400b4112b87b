import { setTimeout as sleep } from 'node:timers/promises'
import type { Testbed } from '../testbed/testbed.ts'
import { applyFault } from './apply-fault.ts'
import { describeFault, type Fault, type PlannedFault, type RedisOutageKind } from './fault.ts'
import { FAULT_FREE_AFTER_OUTAGE_MS } from './redis-outages.ts'

/** Describes a fault that happened. Its times are values of `performance.now()`. */
export interface InjectedFault {
  type: Fault['type']
  /** Names the processes, links and servers that had the fault. */
  targets: string[]
  startMs: number
  endMs: number
}

/**
 * Describes a period in which no server of Redis answered. No other fault was active in it, but clocks may have been
 * skewed.
 */
export interface InjectedOutage {
  kind: RedisOutageKind
  startMs: number
  endMs: number
  /** No other fault began between `startMs` and this time. */
  faultFreeUntilMs: number
}

/**
 * Applies planned faults as `applyFault` does, and runs deploys. It skips a fault if its target already has another
 * fault. A deploy waits until no process has a fault. From the planned start of a deploy until its end, other deploys
 * and faults of processes are skipped. An outage of Redis waits until all earlier faults have ended. From the planned
 * start of an outage until FAULT_FREE_AFTER_OUTAGE_MS after its end, all other faults are skipped.
 */
export class FaultInjector {
  readonly faults: InjectedFault[] = []
  readonly outages: InjectedOutage[] = []
  readonly #testbed: Testbed
  readonly #addNote: (text: string) => void
  readonly #injections = new Set<Promise<void>>()
  /** Maps each target that has a fault to a promise that resolves when the fault ends. */
  readonly #faultEnds = new Map<string, Promise<void>>()
  #isDeploying = false
  #hasRedisOutage = false

  constructor(testbed: Testbed, addNote: (text: string) => void) {
    this.#testbed = testbed
    this.#addNote = addNote
  }

  async inject(plannedFault: PlannedFault): Promise<void> {
    if (this.#hasRedisOutage) return this.#skip(plannedFault)
    const { fault } = plannedFault
    const otherInjections = [...this.#injections]
    const injection =
      fault.type === 'redis-away'
        ? this.#runRedisOutage(plannedFault, fault.kind, otherInjections)
        : this.#injectFault(plannedFault)
    this.#injections.add(injection)
    await injection.finally(() => this.#injections.delete(injection))
  }

  #skip(plannedFault: PlannedFault): void {
    this.#addNote(`skipped: ${describeFault(plannedFault).trim()}`)
  }

  async #injectFault(plannedFault: PlannedFault): Promise<void> {
    const { fault } = plannedFault
    const targets = listTargets(this.#testbed, fault)
    const isDeploy = fault.type === 'deploy'
    const concernsProcess = isDeploy || 'process' in fault
    const isTargetFaulty = !isDeploy && targets.some((target) => this.#faultEnds.has(target))
    const isPreventedByDeploy = concernsProcess && this.#isDeploying
    if (isTargetFaulty || isPreventedByDeploy) return this.#skip(plannedFault)
    if (isDeploy) {
      this.#isDeploying = true
      await Promise.all(targets.map((target) => this.#faultEnds.get(target)))
    }
    await this.#recordFault(fault.type, targets, () =>
      isDeploy ? this.#deploy() : applyFault(this.#testbed, plannedFault, this.#addNote),
    ).finally(() => {
      if (isDeploy) this.#isDeploying = false
    })
  }

  async #runRedisOutage(
    plannedFault: PlannedFault,
    kind: RedisOutageKind,
    otherInjections: Array<Promise<void>>,
  ): Promise<void> {
    this.#hasRedisOutage = true
    await Promise.allSettled(otherInjections)
    const startMs = performance.now()
    try {
      await this.#recordFault('redis-away', ['redis'], () => applyFault(this.#testbed, plannedFault, this.#addNote))
      const endMs = performance.now()
      await sleep(FAULT_FREE_AFTER_OUTAGE_MS)
      this.outages.push({ kind, startMs, endMs, faultFreeUntilMs: performance.now() })
    } finally {
      this.#hasRedisOutage = false
    }
  }

  async #recordFault(type: Fault['type'], targets: string[], runFault: () => Promise<void>): Promise<void> {
    const finished = Promise.withResolvers<void>()
    const injected = { type, targets, startMs: performance.now(), endMs: Number.POSITIVE_INFINITY }
    this.faults.push(injected)
    for (const target of targets) this.#faultEnds.set(target, finished.promise)
    try {
      await runFault()
    } finally {
      injected.endMs = performance.now()
      for (const target of targets) this.#faultEnds.delete(target)
      finished.resolve()
    }
  }

  /** Restarts the processes one by one, workers first, as an operator does in a rolling deploy. */
  async #deploy(): Promise<void> {
    const { processes } = this.#testbed
    // The processes are sorted by name, so the workers are first in the reversed order.
    for (const supervised of processes.toReversed()) {
      const deployTargetCount = processes.length + 1 // The deploy itself is a target, too.
      const hasOtherFaults = this.#faultEnds.size > deployTargetCount
      const code = await supervised.replace()
      if (code !== 0 && code !== undefined)
        this.#addNote(`${supervised.name} ended with ${code} on SIGTERM${hasOtherFaults ? ', with other faults' : ''}`)
    }
  }
}

function listTargets(testbed: Testbed, fault: Fault): string[] {
  if (fault.type === 'deploy') return ['deploy', ...testbed.processes.map(({ name }) => name)]
  if ('process' in fault) return [fault.process]
  if ('link' in fault) return listLinkNames(testbed, fault.link)
  if ('server' in fault) return [fault.server]
  return fault.type === 'llm' ? ['llm'] : ['redis']
}

/**
 * Lists the name of a link and, if it is a bundle, the names of its links, because a bundle and one of its links must
 * not be broken at the same time.
 */
function listLinkNames(testbed: Testbed, name: string): string[] {
  const link = testbed.links.find((candidate) => candidate.name === name)
  return [name, ...(link?.bundledLinks ?? []).map((bundled) => bundled.name)]
}
