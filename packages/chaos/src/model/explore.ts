/** `progress` happens sooner or later while processes and servers run; `fault` and `user` may never happen. */
export type StepKind = 'progress' | 'fault' | 'user'

/** Is the system that `explore` visits. Its states are plain JSON values; two states are equal if their JSON texts are. */
export interface System<S> {
  initial: S
  copy(state: S): S
  /** Lists every step that is possible in this state. `apply` gets a copy of the state, which it changes. */
  listSteps(state: S): Array<Step<S>>
  /** Says what is wrong in this state; null if nothing is. */
  findViolation(state: S): string | null
  /** Says whether every question is answered and every follower has the final row. */
  isSettled(state: S): boolean
}

export interface Step<S> {
  name: string
  kind: StepKind
  apply(copy: S): void
}

export interface Exploration {
  states: number
  counterexample: Counterexample | null
}

export interface Counterexample {
  violation: string
  /** Lists the steps of the shortest way from the initial state to the wrong one. */
  trace: string[]
}

interface Node {
  parent: number
  stepName: string
}

/**
 * Visits every reachable state, breadth first. It looks for a state in which something is wrong, and for one from which
 * progress never leads to a settled one. @throws Error when there are more than `maxStates` states
 */
export function explore<S>(system: System<S>, maxStates = 2_000_000): Exploration {
  const numbers = new Map<string, number>()
  const nodes: Node[] = []
  const settled: number[] = []
  /** Lists, for each state, the states from which one step of progress leads to it. */
  const progressFrom: number[][] = []

  const visit = (key: string, state: S, node: Node): number => {
    const number = nodes.push(node) - 1
    if (number >= maxStates) throw new Error(`more than ${maxStates} states`)
    numbers.set(key, number)
    progressFrom.push([])
    if (system.isSettled(state)) settled.push(number)
    return number
  }
  const start = JSON.stringify(system.initial)
  visit(start, system.initial, { parent: -1, stepName: '' })
  let frontier = [start]
  while (frontier.length > 0) {
    const next: string[] = []
    for (const key of frontier) {
      const from = numbers.get(key) ?? 0
      const before: S = JSON.parse(key)
      for (const step of system.listSteps(before)) {
        const state = system.copy(before)
        step.apply(state)
        const reached = JSON.stringify(state)
        let to = numbers.get(reached)
        if (to === undefined) {
          to = visit(reached, state, { parent: from, stepName: step.name })
          const violation = system.findViolation(state)
          if (violation !== null)
            return { states: nodes.length, counterexample: { violation, trace: listTrace(nodes, to) } }
          next.push(reached)
        }
        if (step.kind === 'progress' && to !== from) progressFrom[to]?.push(from)
      }
    }
    frontier = next
  }
  const stuck = findFirstStuck(settled, progressFrom)
  const counterexample =
    stuck === -1 ? null : { violation: 'nothing settles this any more', trace: listTrace(nodes, stuck) }
  return { states: nodes.length, counterexample }
}

/** Finds the first discovered state from which no progress leads to a settled one; -1 if there is none. */
function findFirstStuck(settled: number[], progressFrom: number[][]): number {
  const canSettle = new Uint8Array(progressFrom.length)
  for (const number of settled) canSettle[number] = 1
  const pending = [...settled]
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    for (const before of progressFrom[number] ?? []) {
      if (canSettle[before]) continue
      canSettle[before] = 1
      pending.push(before)
    }
  }
  return canSettle.indexOf(0)
}

function listTrace(nodes: Node[], number: number): string[] {
  const trace: string[] = []
  for (let node = nodes[number]; node && node.parent >= 0; node = nodes[node.parent]) trace.push(node.stepName)
  return trace.reverse()
}
