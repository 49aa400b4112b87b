import { normalizeState } from './equal-states.ts'
import type { Step, System } from './explore.ts'
import * as mysql from './mysql.ts'
import { addJob, showDelta, showRow } from './redis.ts'
import { type Bug, copyState, createInitialState, type FollowedReply, type Reply, type State } from './state.ts'
import { listJobSteps, listTakenJobSteps } from './worker-steps.ts'

type Steps = Array<Step<State>>

export interface ProtocolOptions {
  bug?: Bug
  /** Sets the number of questions. All are in one session. The default is 2. */
  replies?: number
  /** Sets the number of workers. The default is 2. */
  workers?: number
  /**
   * Sets how many deaths, stalls, lost responses and released claims may happen in total. Other steps of the kind
   * `fault`, such as a lost job, are not limited. The default is 1.
   */
  faults?: number
  /** Sets how many retries by the user may happen. The default is 1. */
  retries?: number
  /** Sets the highest number of calls to a model within one claim. The default is 1. */
  maxCalls?: number
  /** Says whether a node shows the replies to followers. The default is true. */
  isFollowed?: boolean
}

/**
 * Models the writing of a reply, as ADR 3 describes it and adapters/mysql does it, and how a node shows the reply to
 * its followers. The steps happen in every order. Between any two steps, a process may die or stall, and messages may
 * get lost.
 */
export function createReplyProtocol({ bug, maxCalls = 1, ...sizes }: ProtocolOptions = {}): System<State> {
  return {
    initial: createInitialState(sizes),
    copy: copyState,
    listSteps: (state) =>
      [
        ...state.replies.flatMap((_, replyNumber) => [
          ...listUserSteps(state, replyNumber, bug),
          ...listTimeSteps(state, replyNumber),
        ]),
        ...listHintSteps(state),
        ...listSweepSteps(state, bug),
        ...listQueueSteps(state),
        ...listDeltaSteps(state, bug),
        ...state.workers.flatMap((takenJob, worker) =>
          takenJob ? listTakenJobSteps(state, worker, takenJob, { bug, maxCalls }) : listJobSteps(state, worker),
        ),
      ].map((step) => ({
        ...step,
        apply: (copy) => {
          step.apply(copy)
          normalizeState(copy)
        },
      })),
    findViolation: (state) => state.violation,
    // A follower may still lack the final row, because its node can always show the row later.
    isSettled: (state) => state.replies.every((reply) => !reply.isUnfinished),
  }
}

function listUserSteps(state: State, replyNumber: number, bug: Bug | undefined): Steps {
  const reply = mysql.getReply(state, replyNumber)
  const mayAsk = !reply.isAsked && (replyNumber === 0 || mysql.getReply(state, replyNumber - 1).isAsked)
  const askSteps: Steps = mayAsk
    ? [{ name: `ask ${replyNumber}`, kind: 'user', apply: (copy) => mysql.ask(copy, replyNumber) }]
    : []
  const cancelSteps: Steps =
    reply.isUnfinished && reply.lease === 'none'
      ? [{ name: `cancel ${replyNumber}`, kind: 'user', apply: (copy) => mysql.cancel(copy, replyNumber) }]
      : []
  const retrySteps: Steps =
    reply.isAsked && !reply.isUnfinished && state.remainingRetries > 0
      ? [{ name: `retry ${replyNumber}`, kind: 'user', apply: (copy) => mysql.retry(copy, replyNumber, bug) }]
      : []
  return [...askSteps, ...cancelSteps, ...retrySteps]
}

/**
 * Models what happens after some time: a lease lapses, or the node shows a changed row. While a worker writes the
 * reply, the lease lapses only if the worker stalls or is disconnected.
 */
function listTimeSteps(state: State, replyNumber: number): Steps {
  const reply = mysql.getReply(state, replyNumber)
  const steps: Steps = []
  const hasWorker = state.workers.some(
    (takenJob) => takenJob?.phase === 'claimed' && takenJob.reply === replyNumber && takenJob.attempt === reply.attempt,
  )
  if (reply.lease === 'held' && (!hasWorker || state.remainingFaults > 0)) {
    steps.push({
      name: hasWorker
        ? `attempt ${reply.attempt} of reply ${replyNumber} stalls past its lease`
        : `the lease of reply ${replyNumber} lapses`,
      kind: hasWorker ? 'fault' : 'progress',
      apply: (copy) => {
        if (hasWorker) copy.remainingFaults -= 1
        mysql.getReply(copy, replyNumber).lease = 'lapsed'
      },
    })
  }
  const followedReply = state.followedReplies[replyNumber]
  if (followedReply && !isUpToDate(followedReply, reply)) {
    steps.push({
      name: `the node shows the row of reply ${replyNumber}`,
      kind: 'progress',
      apply: (copy) => showRow(copy, replyNumber),
    })
  }
  return steps
}

/** Says whether the node knows of the last retry, and knows whether the reply has ended. */
function isUpToDate(followedReply: FollowedReply, reply: Reply): boolean {
  const isShownAsUnfinished = followedReply.attempt !== null
  return followedReply.retryCount === reply.retryCount && isShownAsUnfinished === reply.isUnfinished
}

/**
 * Lists what may happen to a hint: it becomes a job, or it gets lost because the process dies after the COMMIT or Redis
 * is unavailable.
 */
const listHintSteps = (state: State): Steps =>
  state.hints.flatMap((hint, index): Steps => {
    const removeHint = (copy: State) => copy.hints.splice(index, 1)
    const name = `job ${hint.reply}-${hint.attempt}`
    return [
      {
        name: `${name} is added`,
        kind: 'progress',
        apply: (copy) => {
          removeHint(copy)
          addJob(copy, hint)
        },
      },
      { name: `${name} is lost between commit and enqueue`, kind: 'fault', apply: removeHint },
    ]
  })

/** Lists the hints that a sweep may add. Like other hints, they may get lost, for example because the worker dies. */
const listSweepSteps = (state: State, bug: Bug | undefined): Steps =>
  mysql
    .sweep(state, bug)
    .filter(
      (replyAttempt) =>
        !state.hints.some((hint) => hint.reply === replyAttempt.reply && hint.attempt === replyAttempt.attempt),
    )
    .map((replyAttempt) => ({
      name: `the sweep adds a hint for reply ${replyAttempt.reply}`,
      kind: 'progress',
      apply: (copy) => mysql.addHint(copy, replyAttempt),
    }))

/** Lists what may happen to the jobs: Redis loses all of them, or a worker loses the lock of its job. */
function listQueueSteps(state: State): Steps {
  const flushSteps: Steps =
    state.queue.length === 0
      ? []
      : [{ name: 'FLUSHALL', kind: 'fault', apply: (copy) => Object.assign(copy, { queue: [] }) }]
  const stalledSteps = state.queue.flatMap((job, index): Steps => {
    if (job.worker === null) return []
    const takenJob = state.workers[job.worker]
    const isWorking = takenJob?.reply === job.reply && takenJob.jobAttempt === job.attempt
    const name = `job ${job.reply}-${job.attempt} ${isWorking ? 'is taken from its worker' : 'is found stalled'}`
    const apply = (copy: State) => Object.assign(copy.queue[index] ?? {}, { worker: null })
    return [{ name, kind: isWorking ? 'fault' : 'progress', apply }]
  })
  return [...flushSteps, ...stalledSteps]
}

function listDeltaSteps({ delta }: State, bug: Bug | undefined): Steps {
  if (delta === null) return []
  const apply = (copy: State) => {
    copy.delta = null
    showDelta(copy, delta, bug)
  }
  const name = `a delta of attempt ${delta.attempt} of reply ${delta.reply} reaches the node`
  return [{ name, kind: 'progress', apply }]
}
