/** Is a reply's row in MySQL, as far as claims need it. Time is modelled by the lease, which is held or has lapsed. */
export interface Reply {
  asked: boolean
  /** Stands for `due_at IS NOT NULL`. */
  unfinished: boolean
  attempt: number
  lease: 'none' | 'held' | 'lapsed'
  /** Counts the retries of its owner. */
  run: number
  /** Counts the finishes of this run. */
  finishes: number
}

/** Is what a node knows of a reply, and what it has shown of it. */
export interface Followed {
  /** Is null while the reply is not being written, as far as the node knows. */
  attempt: number | null
  run: number
  shown: number
}

export interface Job extends Ref {
  /** Is the worker that has locked the job; null while it waits. */
  by: number | null
  /** Is true only where a bug keeps jobs that are over. */
  over: boolean
}

export interface Ref {
  reply: number
  attempt: number
}

export interface Piece extends Ref {
  run: number
}

/** Is a job that a worker took, and the claim that came of it. */
export interface Work extends Piece {
  /** Is the attempt in its job's id. */
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
  /** Counts the deaths, stalls and lost answers that may still happen; each costs an attempt. */
  faults: number
  /** Counts the retries that may still happen. */
  retries: number
  wrong: string | null
}

/** Are ways to build the protocol that break it. */
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

export function createInitialState({ replies = 2, workers = 2, faults = 1, retries = 1, followed = true } = {}): State {
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

export const copyState = (state: State): State => ({
  ...state,
  replies: state.replies.map((reply) => ({ ...reply })),
  node: state.node.map((followed) => ({ ...followed })),
  queue: state.queue.map((job) => ({ ...job })),
  hints: state.hints.map((hint) => ({ ...hint })),
  workers: state.workers.map((work) => work && { ...work }),
})
