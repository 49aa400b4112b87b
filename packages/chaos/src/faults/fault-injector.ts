import type { Cluster } from '../cluster/cluster.ts'
import { applyFault } from './apply-fault.ts'
import { describeFault, type Fault, type PlannedFault } from './schedule.ts'

/**
 * Applies planned faults and ends each after its duration. It leaves a fault out while its target has another one. A
 * deploy waits until no process has a fault, and until it ends, other faults of processes are left out.
 */
export class FaultInjector {
  readonly #cluster: Cluster
  readonly #note: (text: string) => void
  /** Maps each target that has a fault to the end of that fault. */
  readonly #faultEnds = new Map<string, Promise<void>>()
  #isDeploying = false

  constructor(cluster: Cluster, note: (text: string) => void) {
    this.#cluster = cluster
    this.#note = note
  }

  async inject(planned: PlannedFault): Promise<void> {
    const { fault } = planned
    const targets = listTargets(this.#cluster, fault)
    const isDeploy = fault.type === 'deploy'
    const concernsProcess = isDeploy || 'slot' in fault
    const isBusy = !isDeploy && targets.some((target) => this.#faultEnds.has(target))
    if (isBusy || (concernsProcess && this.#isDeploying))
      return this.#note(`left out: ${describeFault(planned).trim()}`)
    this.#isDeploying ||= isDeploy
    if (isDeploy) await Promise.all(targets.map((target) => this.#faultEnds.get(target)))
    await this.#runWhileBusy(targets, () =>
      isDeploy ? this.#deploy() : applyFault(this.#cluster, planned, this.#note),
    ).finally(() => {
      if (isDeploy) this.#isDeploying = false
    })
  }

  async #runWhileBusy(targets: string[], act: () => Promise<void>): Promise<void> {
    const finished = Promise.withResolvers<void>()
    for (const target of targets) this.#faultEnds.set(target, finished.promise)
    try {
      await act()
    } finally {
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
