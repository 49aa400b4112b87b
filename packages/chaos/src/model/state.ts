/** Models a reply's row in MySQL, with only the columns that a claim reads or writes. */
export interface Reply {
  isAsked: boolean
  /** Stands for `due_at IS NOT NULL`. */
  isUnfinished: boolean
  attempt: number
  /** The model has no clock: a lease is held until a step of the model makes it lapse. */
  lease: 'none' | 'held' | 'lapsed'
  /** Counts the retries by the user. */
  run: number
  /** Counts how often a worker has finished the reply in this run. */
  finishes: number
}

/** Is what an API node knows about a reply, and which part of it the node has sent to clients. */
export interface FollowedReply {
  /** Is null while the node knows of no worker that writes the reply. */
  attempt: number | null
  run: number
  /** Is the attempt of the last piece that the node sent to clients. */
  shownAttempt: number
}

export interface Job extends ReplyAttempt {
  /** Is the worker that has locked the job; null while it waits. */
  worker: number | null
  /** Is true only with the injected bug that keeps a job after its end. */
  isFinished: boolean
}

export interface ReplyAttempt {
  reply: number
  attempt: number
}

export interface Piece extends ReplyAttempt {
  run: number
}

/** Is a job that a worker took, with the claim that followed. */
export interface ClaimedJob extends Piece {
  /** Is the attempt in the id of the job. */
  jobAttempt: number
  phase: 'job' | 'claimed'
  calls: number
}

export interface State {
  replies: Reply[]
  node: FollowedReply[]
  /** Holds the jobs in Redis, which may lose all of them at any moment. */
  queue: Job[]
  /** Holds the jobs that a process adds after its COMMIT, one for each reply. A newer one replaces an older one. */
  hints: ReplyAttempt[]
  workers: Array<ClaimedJob | null>
  /** Is the newest piece of text between a worker and the node. A new piece replaces an older one, which is lost. */
  piece: Piece | null
  /** Counts the deaths, stalls and lost answers that may still happen; each of them uses up one attempt. */
  faults: number
  /** Counts the retries that may still happen. */
  retries: number
  violation: string | null
}

/** Names the bugs that a test can inject into the model of the protocol. */
export type Bug =
  | 'finish without the fence'
  | 'claim out of turn'
  | 'no sweep'
  | 'jobs are kept when they are over'
  | 'retry keeps the attempt'
  | 'the node shows every delta'
  | 'a lapsed lease is not due'

const UNASKED: Reply = {
  isAsked: false,
  isUnfinished: false,
  attempt: 0,
  lease: 'none',
  run: 0,
  finishes: 0,
}

export function createInitialState({
  replies = 2,
  workers = 2,
  faults = 1,
  retries = 1,
  isFollowed = true,
} = {}): State {
  return {
    replies: Array.from({ length: replies }, () => UNASKED),
    node: Array.from({ length: isFollowed ? replies : 0 }, () => ({ attempt: null, run: 0, shownAttempt: 0 })),
    queue: [],
    hints: [],
    workers: Array.from({ length: workers }, () => null),
    piece: null,
    faults,
    retries,
    violation: null,
  }
}

export const copyState = (state: State): State => ({
  ...state,
  replies: state.replies.map((reply) => ({ ...reply })),
  node: state.node.map((followed) => ({ ...followed })),
  queue: state.queue.map((job) => ({ ...job })),
  hints: state.hints.map((hint) => ({ ...hint })),
  workers: state.workers.map((claimedJob) => claimedJob && { ...claimedJob }),
})
