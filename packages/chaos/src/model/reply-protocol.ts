import { normalizeState } from './equal-states.ts'
import type { Step, System } from './explore.ts'
import * as mysql from './mysql.ts'
import { addJob, completeJob, showPiece, showRow } from './redis.ts'
import { type Bug, type ClaimedJob, copyState, createInitialState, type State } from './state.ts'

type Steps = Array<Step<State>>

export interface ProtocolOptions {
  bug?: Bug
  /** Count the questions of one session, the workers, the faults that cost an attempt, and the calls within one claim. */
  replies?: number
  workers?: number
  faults?: number
  retries?: number
  calls?: number
  /** Says whether a node shows the reply to followers. */
  followed?: boolean
}

/**
 * Models how a reply is written by ADR 3 and adapters/mysql, and how a node shows it to its followers. Processes die and
 * stall, and messages are lost or late, at every point of every order of steps.
 */
export function createReplyProtocol({ bug, calls = 1, ...size }: ProtocolOptions = {}): System<State> {
  return {
    initial: createInitialState(size),
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
  const ask: Steps = mayAsk ? [{ name: `ask ${number}`, kind: 'user', apply: (s) => mysql.ask(s, number) }] : []
  const cancel: Steps =
    reply.isUnfinished && reply.lease === 'none'
      ? [{ name: `cancel ${number}`, kind: 'user', apply: (s) => mysql.cancel(s, number) }]
      : []
  const retry: Steps =
    reply.isAsked && !reply.isUnfinished && state.retries > 0
      ? [{ name: `retry ${number}`, kind: 'user', apply: (s) => mysql.retry(s, number, bug) }]
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
      apply: (s) => {
        if (isHeld) s.faults -= 1
        mysql.getReply(s, number).lease = 'lapsed'
      },
    })
  }
  const followed = state.node[number]
  if (followed && (followed.run !== reply.run || (followed.attempt !== null) !== reply.isUnfinished)) {
    steps.push({ name: `the node shows the row of ${number}`, kind: 'progress', apply: (s) => showRow(s, number) })
  }
  return steps
}

/** A hint reaches the queue late, or never, because the process died after its COMMIT or Redis was unavailable. */
const listHintSteps = (state: State): Steps =>
  state.hints.flatMap((hint, index): Steps => {
    const drop = (s: State) => s.hints.splice(index, 1)
    const name = `job ${hint.reply}-${hint.attempt}`
    return [
      { name: `${name} is added`, kind: 'progress', apply: (s) => drop(s).forEach((ref) => void addJob(s, ref)) },
      { name: `${name} is lost between commit and enqueue`, kind: 'fault', apply: drop },
    ]
  })

/** A sweep adds hints that may come late, or may be lost because the sweeper dies. */
const listSweepSteps = (state: State, bug: Bug | undefined): Steps =>
  mysql
    .sweep(state, bug)
    .filter((ref) => !state.hints.some((hint) => hint.reply === ref.reply && hint.attempt === ref.attempt))
    .map((ref) => ({ name: `the sweep asks for ${ref.reply}`, kind: 'progress', apply: (s) => mysql.addHint(s, ref) }))

function listQueueSteps(state: State): Steps {
  const flush: Steps =
    state.queue.length === 0 ? [] : [{ name: 'FLUSHALL', kind: 'fault', apply: (s) => Object.assign(s, { queue: [] }) }]
  const stalled = state.queue.flatMap((job, index): Steps => {
    if (job.worker === null) return []
    const work = state.workers[job.worker]
    const isWorking = work?.reply === job.reply && work.jobAttempt === job.attempt
    const name = `job ${job.reply}-${job.attempt} ${isWorking ? 'is taken from its worker' : 'is found stalled'}`
    const apply = (s: State) => Object.assign(s.queue[index] ?? {}, { worker: null })
    return [{ name, kind: isWorking ? 'fault' : 'progress', apply }]
  })
  return [...flush, ...stalled]
}

function listPieceSteps({ piece }: State, bug: Bug | undefined): Steps {
  if (piece === null) return []
  const apply = (s: State) => {
    s.piece = null
    showPiece(s, piece, bug)
  }
  return [{ name: `a piece of attempt ${piece.attempt} of ${piece.reply} reaches the node`, kind: 'progress', apply }]
}

const listJobSteps = (state: State, worker: number): Steps =>
  state.queue.flatMap((job, index): Steps => {
    if (job.worker !== null || job.isFinished) return []
    const apply = (s: State) => {
      Object.assign(s.queue[index] ?? {}, { worker })
      s.workers[worker] = { reply: job.reply, jobAttempt: job.attempt, attempt: 0, phase: 'job', run: 0, calls: 0 }
    }
    return [{ name: `a worker takes job ${job.reply}-${job.attempt}`, kind: 'progress', apply }]
  })

function listWorkSteps(state: State, worker: number, work: ClaimedJob, how: StepOptions): Steps {
  const steps =
    work.phase === 'job' ? listClaimSteps(state, worker, work, how) : listWriteSteps(state, worker, work, how)
  if (state.faults === 0) return steps
  const apply = (s: State) => {
    s.faults -= 1
    s.workers[worker] = null
  }
  return [...steps, { name: `the worker of ${work.reply}, attempt ${work.attempt}, dies`, kind: 'fault', apply }]
}

function listClaimSteps(state: State, worker: number, work: ClaimedJob, { bug }: StepOptions): Steps {
  const apply = (s: State) => {
    const claim = mysql.claim(s, work.reply, bug)
    if (!claim) return completeJob(s, worker, bug)
    const { run } = mysql.getReply(s, work.reply)
    s.workers[worker] = { ...work, ...claim, phase: 'claimed', run, calls: 1 }
  }
  const claimWithoutAnswer = (s: State) => {
    s.faults -= 1
    mysql.claim(s, work.reply, bug)
    completeJob(s, worker, bug)
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
  const completeOwnJob = (s: State) => completeJob(s, worker, bug)
  const steps: Steps = [
    {
      name: `${name} finishes`,
      kind: 'progress',
      apply: (s) => {
        mysql.finish(s, work, bug)
        completeOwnJob(s)
      },
    },
    {
      name: `${name} renews`,
      kind: 'progress',
      apply: (s) => {
        if (!mysql.renew(s, work)) completeOwnJob(s)
      },
    },
  ]
  if (state.node.length > 0) {
    const { reply, attempt, run } = work
    const sendPiece = (s: State) => Object.assign(s, { piece: { reply, attempt, run } })
    steps.push({ name: `${name} says something`, kind: 'progress', apply: sendPiece })
  }
  if (work.calls < calls) {
    const apply = (s: State) => {
      if (!mysql.raiseAttempt(s, work)) return completeOwnJob(s)
      s.workers[worker] = { ...work, attempt: work.attempt + 1, calls: work.calls + 1 }
    }
    steps.push({ name: `${name} calls again`, kind: 'fault', apply })
  }
  if (state.faults > 0) {
    const apply = (s: State) => {
      s.faults -= 1
      if (mysql.release(s, work)) mysql.addHint(s, work)
      completeOwnJob(s)
    }
    steps.push({ name: `${name} is given back`, kind: 'fault', apply })
  }
  return steps
}
