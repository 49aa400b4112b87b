/** Models a reply's row in MySQL, with only the columns that a claim reads or writes. */
export interface Reply {
  /** False means that the question is not asked yet, and that the row does not exist. */
  isAsked: boolean
  /** Models `due_at IS NOT NULL`. */
  isUnfinished: boolean
  attempt: number
  /** This model of the protocol has no clock: a lease is held until a step makes it lapse. */
  lease: 'none' | 'held' | 'lapsed'
  /** Counts the retries by the user. */
  retryCount: number
  /** Counts how often a worker or a cancellation has ended the reply since the last retry. */
  finishCount: number
}

/** Models what an API node knows about a reply, and what the node has sent to clients. */
export interface FollowedReply {
  /** Holds the highest attempt that the node knows; null before the reply is asked and after its end. */
  attempt: number | null
  retryCount: number
  /** Holds the attempt of the last delta that the node has sent to clients. */
  shownAttempt: number
}

export interface Job extends ReplyAttempt {
  /** Holds the number of the worker that has locked the job; null while the job waits. */
  worker: number | null
  /** Becomes true only with the injected bug that keeps a job after its end. */
  isFinished: boolean
}

export interface ReplyAttempt {
  /** Holds the number of the reply, which is its index in `State.replies`. */
  reply: number
  attempt: number
}

/** Models a delta: a part of a reply's text on its way from a worker to the node. */
export interface Delta extends ReplyAttempt {
  /** Holds the reply's `retryCount` at the time of the worker's claim. */
  retryCount: number
}

/** Models a job that a worker has taken, and the claim that the worker made for it. */
export interface TakenJob extends ReplyAttempt {
  /** Holds the attempt in the id of the job. */
  jobAttempt: number
  phase: 'taken' | 'claimed'
  /** Holds the reply's `retryCount` at the time of the claim. */
  retryCount: number
  /** Counts the calls to a model within this claim. */
  callCount: number
}

export interface State {
  replies: Reply[]
  /** Holds what the node knows about each reply; empty if nobody follows the replies. */
  followedReplies: FollowedReply[]
  /** Holds the jobs in Redis, which may lose all of them at any moment. */
  queue: Job[]
  /**
   * Holds the hints that processes turn into jobs after a COMMIT, at most one for each reply. A newer hint of a reply
   * replaces an older one.
   */
  hints: ReplyAttempt[]
  /** Holds the job that each worker has taken; null while the worker is idle. */
  workers: Array<TakenJob | null>
  /**
   * Holds the newest delta on its way from a worker to the node. When a worker sends another delta, this one is lost.
   */
  delta: Delta | null
  /** Counts the deaths, stalls, lost responses and released claims that may still happen. */
  remainingFaults: number
  /** Counts the retries that may still happen. */
  remainingRetries: number
  violation: string | null
}

/** Names the bugs that a test can inject into the model of the protocol. */
export type Bug =
  | 'finish without the fence'
  | 'claim in any order'
  | 'no sweep'
  | 'finished jobs stay in the queue'
  | 'retry keeps the attempt'
  | 'the node shows every delta'
  | 'the sweep skips lapsed leases'

const UNASKED: Reply = {
  isAsked: false,
  isUnfinished: false,
  attempt: 0,
  lease: 'none',
  retryCount: 0,
  finishCount: 0,
}

const NOT_SHOWN: FollowedReply = { attempt: null, retryCount: 0, shownAttempt: 0 }

export function createInitialState({
  replies = 2,
  workers = 2,
  faults = 1,
  retries = 1,
  isFollowed = true,
} = {}): State {
  return {
    replies: Array.from({ length: replies }, () => UNASKED),
    followedReplies: Array.from({ length: isFollowed ? replies : 0 }, () => NOT_SHOWN),
    queue: [],
    hints: [],
    workers: Array.from({ length: workers }, () => null),
    delta: null,
    remainingFaults: faults,
    remainingRetries: retries,
    violation: null,
  }
}

export const copyState = (state: State): State => ({
  ...state,
  replies: state.replies.map((reply) => ({ ...reply })),
  followedReplies: state.followedReplies.map((followedReply) => ({ ...followedReply })),
  queue: state.queue.map((job) => ({ ...job })),
  hints: state.hints.map((hint) => ({ ...hint })),
  workers: state.workers.map((takenJob) => takenJob && { ...takenJob }),
})
