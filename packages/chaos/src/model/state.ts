/** A reply's row in MySQL, as far as claiming it goes. Time is what it means to a row: a lease is held or has lapsed. */
export interface Reply {
  asked: boolean
  /** `due_at IS NOT NULL` */
  unfinished: boolean
  attempt: number
  lease: 'none' | 'held' | 'lapsed'
  /** How often its owner had it written again. */
  run: number
  /** In this run. */
  finishes: number
}

/** What a node knows of a reply, and what it has shown of it. */
export interface Followed {
  /** Null: not being written, as far as the node knows. */
  attempt: number | null
  run: number
  shown: number
}

export interface Job extends Ref {
  /** The worker whose lock it carries; null while it waits. */
  by: number | null
  /** Only where jobs are kept once they are over. */
  over: boolean
}

export interface Ref {
  reply: number
  attempt: number
}

export interface Piece extends Ref {
  run: number
}

/** A worker's hands: a job it took, and the claim that came of it. */
export interface Work extends Piece {
  /** The attempt in its job's id. */
  job: number
  phase: 'job' | 'claimed'
  calls: number
}

export interface State {
  replies: Reply[]
  node: Followed[]
  /** Redis: all of it may be gone at any moment. */
  queue: Job[]
  /** Jobs that somebody is about to add, after his COMMIT: one of a reply, the older one is lost. */
  hints: Ref[]
  workers: Array<Work | null>
  /** A piece of text on its way to the node: the last one that was said, any older is lost. */
  piece: Piece | null
  /** How many more deaths, stalls and lost answers there may be: each costs an attempt, and those are to end. */
  faults: number
  /** How many more retries there may be. */
  retries: number
  wrong: string | null
}

/** How the protocol could have been built, and wasn't: each makes something of the above untrue. */
export type Bug =
  | 'finish without the fence'
  | 'claim out of turn'
  | 'no sweep'
  | 'jobs are kept when they are over'
  | 'retry keeps the attempt'
  | 'the node shows every delta'
  | 'a lapsed lease is not due'

const unasked: Reply = {
  asked: false,
  unfinished: false,
  attempt: 0,
  lease: 'none',
  run: 0,
  finishes: 0,
}

export function initialState({ replies = 2, workers = 2, faults = 1, retries = 1, followed = true } = {}): State {
  return {
    replies: Array.from({ length: replies }, () => unasked),
    node: Array.from({ length: followed ? replies : 0 }, () => ({ attempt: null, run: 0, shown: 0 })),
    queue: [],
    hints: [],
    workers: Array.from({ length: workers }, () => null),
    piece: null,
    faults,
    retries,
    wrong: null,
  }
}

export const copyOf = (state: State): State => ({
  ...state,
  replies: state.replies.map((reply) => ({ ...reply })),
  node: state.node.map((followed) => ({ ...followed })),
  queue: state.queue.map((job) => ({ ...job })),
  hints: state.hints.map((hint) => ({ ...hint })),
  workers: state.workers.map((work) => work && { ...work }),
})
