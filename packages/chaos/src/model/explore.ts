/** `progress` happens by itself while processes and servers live; `fault` and `user` may happen, or never. */
export type StepKind = 'progress' | 'fault' | 'user'

/** What is to be explored. States are plain JSON values: the same text is the same state. */
export interface System<S> {
  initial: S
  copy(state: S): S
  /** Every step that is possible in this state. Each `take` is given a copy of its own to change. */
  steps(state: S): Array<Step<S>>
  /** What is wrong in this state, if anything is. */
  wrong(state: S): string | null
  /** Nothing is owed to anybody. */
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

/** The shortest way there, step by step. */
export interface Counterexample {
  what: string
  trace: string[]
}

interface Node {
  from: number
  by: string
}

/**
 * Every reachable state, breadth first. Looked for: a state in which something is wrong, and one from which what happens
 * by itself can never settle everything again. @throws when there are more states than `most`
 */
export function explore<S>(system: System<S>, most = 2_000_000): Explored {
  const numbers = new Map<string, number>()
  const nodes: Node[] = []
  const settled: number[] = []
  /** By state: from where progress leads to it. */
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
  const stuck = firstUnreached(settled, progressFrom)
  const counterexample = stuck === -1 ? null : { what: 'nothing settles this any more', trace: traceTo(nodes, stuck) }
  return { states: nodes.length, counterexample }
}

/** The first state, in the order of their discovery, from which no progress leads to any of these; -1 if there is none. */
function firstUnreached(settled: number[], progressFrom: number[][]): number {
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
