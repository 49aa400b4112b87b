/** `progress` happens by itself while processes and servers live; `fault` and `user` may happen, or never. */
export type StepKind = 'progress' | 'fault' | 'user'

/** Is explored state by state. States are plain JSON values, and equal texts are equal states. */
export interface System<S> {
  initial: S
  copy(state: S): S
  /** Lists every step that is possible in this state. Each `take` changes a copy of its own. */
  steps(state: S): Array<Step<S>>
  /** Says what is wrong in this state; null if nothing is. */
  wrong(state: S): string | null
  /** Is every question answered and every follower up to date? */
  settled(state: S): boolean
}

export interface Step<S> {
  name: string
  kind: StepKind
  take(copy: S): void
}

export interface Explored {
  states: number
  counterexample: Counterexample | null
}

/** Lists the steps of the shortest way to a wrong state. */
export interface Counterexample {
  what: string
  trace: string[]
}

interface Node {
  from: number
  by: string
}

/**
 * Visits every reachable state, breadth first. It looks for a state in which something is wrong, and for one from which
 * progress can never settle everything again. @throws Error when there are more states than `most`
 */
export function explore<S>(system: System<S>, most = 2_000_000): Explored {
  const numbers = new Map<string, number>()
  const nodes: Node[] = []
  const settled: number[] = []
  /** Lists, for each state, the states from which progress leads to it. */
  const progressFrom: number[][] = []

  const visit = (key: string, state: S, node: Node): number => {
    const number = nodes.push(node) - 1
    if (number >= most) throw new Error(`more than ${most} states`)
    numbers.set(key, number)
    progressFrom.push([])
    if (system.settled(state)) settled.push(number)
    return number
  }
  const start = JSON.stringify(system.initial)
  visit(start, system.initial, { from: -1, by: '' })
  let frontier = [start]
  while (frontier.length > 0) {
    const next: string[] = []
    for (const key of frontier) {
      const from = numbers.get(key) ?? 0
      const before: S = JSON.parse(key)
      for (const step of system.steps(before)) {
        const state = system.copy(before)
        step.take(state)
        const reached = JSON.stringify(state)
        let to = numbers.get(reached)
        if (to === undefined) {
          to = visit(reached, state, { from, by: step.name })
          const what = system.wrong(state)
          if (what !== null) return { states: nodes.length, counterexample: { what, trace: traceTo(nodes, to) } }
          next.push(reached)
        }
        if (step.kind === 'progress' && to !== from) progressFrom[to]?.push(from)
      }
    }
    frontier = next
  }
  const stuck = findFirstStuck(settled, progressFrom)
  const counterexample = stuck === -1 ? null : { what: 'nothing settles this any more', trace: traceTo(nodes, stuck) }
  return { states: nodes.length, counterexample }
}

/** Finds the first discovered state from which no progress leads to a settled one; -1 if there is none. */
function findFirstStuck(settled: number[], progressFrom: number[][]): number {
  const leadsThere = new Uint8Array(progressFrom.length)
  for (const number of settled) leadsThere[number] = 1
  const pending = [...settled]
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    for (const before of progressFrom[number] ?? []) {
      if (leadsThere[before]) continue
      leadsThere[before] = 1
      pending.push(before)
    }
  }
  return leadsThere.indexOf(0)
}

function traceTo(nodes: Node[], number: number): string[] {
  const trace: string[] = []
  for (let node = nodes[number]; node && node.from >= 0; node = nodes[node.from]) trace.push(node.by)
  return trace.reverse()
}
