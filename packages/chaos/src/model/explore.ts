/** A `progress` step happens sooner or later if processes and servers run. A `fault` or `user` step need not happen. */
export type StepKind = 'progress' | 'fault' | 'user'

/** Defines what `explore` visits. States are plain JSON values. Two states are equal if their JSON texts are equal. */
export interface System<S> {
  initial: S
  copy(state: S): S
  /** Lists every step that is possible in this state. `apply` gets a copy of the state, which it changes. */
  listSteps(state: S): Array<Step<S>>
  /** Says what is wrong in this state; null if nothing is. */
  findViolation(state: S): string | null
  /** Says whether all work is done in this state. */
  isSettled(state: S): boolean
}

export interface Step<S> {
  name: string
  kind: StepKind
  apply(copy: S): void
}

export interface Exploration {
  stateCount: number
  counterexample: Counterexample | null
}

export interface Counterexample {
  violation: string
  /** Lists the steps on the shortest path from the initial state to the wrong or stuck state. */
  stepNames: string[]
}

/** Describes the step by which a state was reached for the first time. */
interface Visit {
  /** Holds the number of the state before the step; -1 for the initial state. */
  parent: number
  stepName: string
}

const STUCK = 'the state is stuck: no steps of progress lead from it to a settled state'

/**
 * Visits every reachable state, breadth first. It looks for a state with a violation, and for a stuck state, from which
 * steps of progress never reach a settled state. @throws Error when there are more than `maxStates` states
 */
export function explore<S>(system: System<S>, maxStates = 2_000_000): Exploration {
  /** Maps the JSON text of each visited state to its number. */
  const numbersByKey = new Map<string, number>()
  const visits: Visit[] = []
  const settledNumbers: number[] = []
  /** Lists, by the number of each state, the states that reach it by one step of progress. */
  const predecessors: number[][] = []

  const visit = (key: string, state: S, lastStep: Visit): number => {
    const stateNumber = visits.push(lastStep) - 1
    if (stateNumber >= maxStates) throw new Error(`There are more than ${maxStates} states.`)
    numbersByKey.set(key, stateNumber)
    predecessors.push([])
    if (system.isSettled(state)) settledNumbers.push(stateNumber)
    return stateNumber
  }
  const initialKey = JSON.stringify(system.initial)
  visit(initialKey, system.initial, { parent: -1, stepName: '' })
  let frontier = [initialKey]
  while (frontier.length > 0) {
    const nextFrontier: string[] = []
    for (const key of frontier) {
      const stateNumber = numbersByKey.get(key) ?? 0
      const state: S = JSON.parse(key)
      for (const step of system.listSteps(state)) {
        const reached = system.copy(state)
        step.apply(reached)
        const reachedKey = JSON.stringify(reached)
        let reachedNumber = numbersByKey.get(reachedKey)
        if (reachedNumber === undefined) {
          reachedNumber = visit(reachedKey, reached, { parent: stateNumber, stepName: step.name })
          const violation = system.findViolation(reached)
          if (violation !== null)
            return {
              stateCount: visits.length,
              counterexample: { violation, stepNames: listStepNames(visits, reachedNumber) },
            }
          nextFrontier.push(reachedKey)
        }
        if (step.kind === 'progress' && reachedNumber !== stateNumber) predecessors[reachedNumber]?.push(stateNumber)
      }
    }
    frontier = nextFrontier
  }
  const stuck = findFirstStuck(settledNumbers, predecessors)
  const counterexample = stuck === -1 ? null : { violation: STUCK, stepNames: listStepNames(visits, stuck) }
  return { stateCount: visits.length, counterexample }
}

/** Finds the first visited state from which steps of progress never reach a settled state; -1 if there is none. */
function findFirstStuck(settledNumbers: number[], predecessors: number[][]): number {
  const canSettle = new Uint8Array(predecessors.length)
  for (const stateNumber of settledNumbers) canSettle[stateNumber] = 1
  const pending = [...settledNumbers]
  for (let stateNumber = pending.pop(); stateNumber !== undefined; stateNumber = pending.pop()) {
    for (const predecessor of predecessors[stateNumber] ?? []) {
      if (canSettle[predecessor]) continue
      canSettle[predecessor] = 1
      pending.push(predecessor)
    }
  }
  return canSettle.indexOf(0)
}

function listStepNames(visits: Visit[], stateNumber: number): string[] {
  const stepNames: string[] = []
  for (let visit = visits[stateNumber]; visit && visit.parent >= 0; visit = visits[visit.parent])
    stepNames.push(visit.stepName)
  return stepNames.reverse()
}
