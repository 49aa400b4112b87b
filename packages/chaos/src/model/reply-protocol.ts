import { normalizeState } from './equal-states.ts'
import type { Step, System } from './explore.ts'
import * as mysql from './mysql.ts'
import { addJob, completeJob, showPiece, showRow } from './redis.ts'
import { type Bug, type ClaimedJob, copyState, createInitialState, type State } from './state.ts'

type Steps = Array<Step<State>>

export interface ProtocolOptions {
  bug?: Bug
  /** Is the number of questions in the one session. */
  replies?: number
  workers?: number
  /** Is the number of faults that may happen. */
  faults?: number
  retries?: number
  /** Is the number of calls to a model within one claim. */
  calls?: number
  /** Says whether a node shows the replies to followers. */
  isFollowed?: boolean
}

/**
 * Models how a reply is written by ADR 3 and adapters/mysql, and how a node shows it to its followers. At each point of
 * each order of steps processes may die or stall, and messages may be late or lost.
 */
export function createReplyProtocol({ bug, calls = 1, ...sizes }: ProtocolOptions = {}): System<State> {
  return {
    initial: createInitialState(sizes),
    copy: copyState,
    listSteps: (state) =>
      [
        ...state.replies.flatMap((_, number) => [
          ...listUserSteps(state, number, bug),
          ...listTimeSteps(state, number),
        ]),
        ...listHintSteps(state),
        ...listSweepSteps(state, bug),
        ...listQueueSteps(state),
        ...listPieceSteps(state, bug),
        ...state.workers.flatMap((work, worker) =>
          work ? listWorkSteps(state, worker, work, { bug, calls }) : listJobSteps(state, worker),
        ),
      ].map((step) => ({
        ...step,
        apply: (copy) => {
          step.apply(copy)
          normalizeState(copy)
        },
      })),
    findViolation: (state) => state.violation,
    isSettled: (state) => state.replies.every((reply) => !reply.isUnfinished),
  }
}

interface StepOptions {
  bug: Bug | undefined
  calls: number
}

function listUserSteps(state: State, number: number, bug: Bug | undefined): Steps {
  const reply = mysql.getReply(state, number)
  const mayAsk = !reply.isAsked && (number === 0 || mysql.getReply(state, number - 1).isAsked)
  const ask: Steps = mayAsk ? [{ name: `ask ${number}`, kind: 'user', apply: (copy) => mysql.ask(copy, number) }] : []
  const cancel: Steps =
    reply.isUnfinished && reply.lease === 'none'
      ? [{ name: `cancel ${number}`, kind: 'user', apply: (copy) => mysql.cancel(copy, number) }]
      : []
  const retry: Steps =
    reply.isAsked && !reply.isUnfinished && state.retries > 0
      ? [{ name: `retry ${number}`, kind: 'user', apply: (copy) => mysql.retry(copy, number, bug) }]
      : []
  return [...ask, ...cancel, ...retry]
}

/** Models time. A lease lapses while its worker runs only if the worker is stopped or disconnected. */
function listTimeSteps(state: State, number: number): Steps {
  const reply = mysql.getReply(state, number)
  const steps: Steps = []
  const isHeld = state.workers.some(
    (work) => work?.phase === 'claimed' && work.reply === number && work.attempt === reply.attempt,
  )
  if (reply.lease === 'held' && (!isHeld || state.faults > 0)) {
    steps.push({
      name: isHeld ? `attempt ${reply.attempt} of ${number} stalls past its lease` : `the lease of ${number} lapses`,
      kind: isHeld ? 'fault' : 'progress',
      apply: (copy) => {
        if (isHeld) copy.faults -= 1
        mysql.getReply(copy, number).lease = 'lapsed'
      },
    })
  }
  const followed = state.node[number]
  if (followed && (followed.run !== reply.run || (followed.attempt !== null) !== reply.isUnfinished)) {
    steps.push({
      name: `the node shows the row of ${number}`,
      kind: 'progress',
      apply: (copy) => showRow(copy, number),
    })
  }
  return steps
}

/** A hint reaches the queue late, or never, because the process died after its COMMIT or Redis was unavailable. */
const listHintSteps = (state: State): Steps =>
  state.hints.flatMap((hint, index): Steps => {
    const drop = (copy: State) => copy.hints.splice(index, 1)
    const name = `job ${hint.reply}-${hint.attempt}`
    return [
      {
        name: `${name} is added`,
        kind: 'progress',
        apply: (copy) => drop(copy).forEach((replyAttempt) => void addJob(copy, replyAttempt)),
      },
      { name: `${name} is lost between commit and enqueue`, kind: 'fault', apply: drop },
    ]
  })

/** A sweep adds hints that may come late, or may be lost because the sweeper dies. */
const listSweepSteps = (state: State, bug: Bug | undefined): Steps =>
  mysql
    .sweep(state, bug)
    .filter(
      (replyAttempt) =>
        !state.hints.some((hint) => hint.reply === replyAttempt.reply && hint.attempt === replyAttempt.attempt),
    )
    .map((replyAttempt) => ({
      name: `the sweep asks for ${replyAttempt.reply}`,
      kind: 'progress',
      apply: (copy) => mysql.addHint(copy, replyAttempt),
    }))

function listQueueSteps(state: State): Steps {
  const flush: Steps =
    state.queue.length === 0
      ? []
      : [{ name: 'FLUSHALL', kind: 'fault', apply: (copy) => Object.assign(copy, { queue: [] }) }]
  const stalled = state.queue.flatMap((job, index): Steps => {
    if (job.worker === null) return []
    const work = state.workers[job.worker]
    const isWorking = work?.reply === job.reply && work.jobAttempt === job.attempt
    const name = `job ${job.reply}-${job.attempt} ${isWorking ? 'is taken from its worker' : 'is found stalled'}`
    const apply = (copy: State) => Object.assign(copy.queue[index] ?? {}, { worker: null })
    return [{ name, kind: isWorking ? 'fault' : 'progress', apply }]
  })
  return [...flush, ...stalled]
}

function listPieceSteps({ piece }: State, bug: Bug | undefined): Steps {
  if (piece === null) return []
  const apply = (copy: State) => {
    copy.piece = null
    showPiece(copy, piece, bug)
  }
  return [{ name: `a piece of attempt ${piece.attempt} of ${piece.reply} reaches the node`, kind: 'progress', apply }]
}

const listJobSteps = (state: State, worker: number): Steps =>
  state.queue.flatMap((job, index): Steps => {
    if (job.worker !== null || job.isFinished) return []
    const apply = (copy: State) => {
      Object.assign(copy.queue[index] ?? {}, { worker })
      copy.workers[worker] = { reply: job.reply, jobAttempt: job.attempt, attempt: 0, phase: 'job', run: 0, calls: 0 }
    }
    return [{ name: `a worker takes job ${job.reply}-${job.attempt}`, kind: 'progress', apply }]
  })

function listWorkSteps(state: State, worker: number, work: ClaimedJob, options: StepOptions): Steps {
  const steps =
    work.phase === 'job' ? listClaimSteps(state, worker, work, options) : listWriteSteps(state, worker, work, options)
  if (state.faults === 0) return steps
  const apply = (copy: State) => {
    copy.faults -= 1
    copy.workers[worker] = null
  }
  return [...steps, { name: `the worker of ${work.reply}, attempt ${work.attempt}, dies`, kind: 'fault', apply }]
}

function listClaimSteps(state: State, worker: number, work: ClaimedJob, { bug }: StepOptions): Steps {
  const apply = (copy: State) => {
    const claim = mysql.claim(copy, work.reply, bug)
    if (!claim) return completeJob(copy, worker, bug)
    const { run } = mysql.getReply(copy, work.reply)
    copy.workers[worker] = { ...work, ...claim, phase: 'claimed', run, calls: 1 }
  }
  const claimWithoutAnswer = (copy: State) => {
    copy.faults -= 1
    mysql.claim(copy, work.reply, bug)
    completeJob(copy, worker, bug)
  }
  const steps: Steps = [{ name: `a worker claims ${work.reply}`, kind: 'progress', apply }]
  if (state.faults > 0)
    steps.push({
      name: `a worker claims ${work.reply}, and its answer is lost`,
      kind: 'fault',
      apply: claimWithoutAnswer,
    })
  return steps
}

function listWriteSteps(state: State, worker: number, work: ClaimedJob, { bug, calls }: StepOptions): Steps {
  const name = `attempt ${work.attempt} of ${work.reply}`
  const completeOwnJob = (copy: State) => completeJob(copy, worker, bug)
  const steps: Steps = [
    {
      name: `${name} finishes`,
      kind: 'progress',
      apply: (copy) => {
        mysql.finish(copy, work, bug)
        completeOwnJob(copy)
      },
    },
    {
      name: `${name} renews`,
      kind: 'progress',
      apply: (copy) => {
        if (!mysql.renew(copy, work)) completeOwnJob(copy)
      },
    },
  ]
  if (state.node.length > 0) {
    const { reply, attempt, run } = work
    const sendPiece = (copy: State) => Object.assign(copy, { piece: { reply, attempt, run } })
    steps.push({ name: `${name} sends a piece`, kind: 'progress', apply: sendPiece })
  }
  if (work.calls < calls) {
    const apply = (copy: State) => {
      if (!mysql.raiseAttempt(copy, work)) return completeOwnJob(copy)
      copy.workers[worker] = { ...work, attempt: work.attempt + 1, calls: work.calls + 1 }
    }
    steps.push({ name: `${name} calls a model again`, kind: 'fault', apply })
  }
  if (state.faults > 0) {
    const apply = (copy: State) => {
      copy.faults -= 1
      if (mysql.release(copy, work)) mysql.addHint(copy, work)
      completeOwnJob(copy)
    }
    steps.push({ name: `${name} is given back`, kind: 'fault', apply })
  }
  return steps
}
