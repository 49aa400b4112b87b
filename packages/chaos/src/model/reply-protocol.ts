import { unify } from './equal-states.ts'
import type { Step, System } from './explore.ts'
import * as mysql from './mysql.ts'
import { add, complete, showPiece, showRow } from './redis.ts'
import { type Bug, copyState, createInitialState, type State, type Work } from './state.ts'

type Steps = Array<Step<State>>

export interface ProtocolOptions {
  bug?: Bug
  /** Count the questions of one session, the workers, the faults that cost an attempt, and the calls within one claim. */
  replies?: number
  workers?: number
  faults?: number
  retries?: number
  calls?: number
  /** Says whether a node follows what is written. */
  followed?: boolean
}

/**
 * Models how a reply is written, as ADR 3 and adapters/mysql do it, with a node that is followed. Processes die and stall,
 * and messages are lost or late, at every point of every order of steps.
 */
export function createReplyProtocol({ bug, calls = 1, ...size }: ProtocolOptions = {}): System<State> {
  return {
    initial: createInitialState(size),
    copy: copyState,
    steps: (state) =>
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
        take: (copy) => {
          step.take(copy)
          unify(copy)
        },
      })),
    wrong: (state) => state.wrong,
    settled: (state) => state.replies.every((reply) => !reply.unfinished),
  }
}

interface How {
  bug: Bug | undefined
  calls: number
}

function listUserSteps(state: State, number: number, bug: Bug | undefined): Steps {
  const reply = mysql.at(state, number)
  const mayAsk = !reply.asked && (number === 0 || mysql.at(state, number - 1).asked)
  const ask: Steps = mayAsk ? [{ name: `ask ${number}`, kind: 'user', take: (s) => mysql.ask(s, number) }] : []
  const cancel: Steps =
    reply.unfinished && reply.lease === 'none'
      ? [{ name: `cancel ${number}`, kind: 'user', take: (s) => mysql.cancel(s, number) }]
      : []
  const retry: Steps =
    reply.asked && !reply.unfinished && state.retries > 0
      ? [{ name: `retry ${number}`, kind: 'user', take: (s) => mysql.retry(s, number, bug) }]
      : []
  return [...ask, ...cancel, ...retry]
}

/** MySQL's clock goes on. A lease lapses while its worker lives only if that one is stopped or cut off. */
function listTimeSteps(state: State, number: number): Steps {
  const reply = mysql.at(state, number)
  const steps: Steps = []
  const isHeld = state.workers.some(
    (work) => work?.phase === 'claimed' && work.reply === number && work.attempt === reply.attempt,
  )
  if (reply.lease === 'held' && (!isHeld || state.faults > 0)) {
    steps.push({
      name: isHeld ? `attempt ${reply.attempt} of ${number} stalls past its lease` : `the lease of ${number} lapses`,
      kind: isHeld ? 'fault' : 'progress',
      take: (s) => {
        if (isHeld) s.faults -= 1
        mysql.at(s, number).lease = 'lapsed'
      },
    })
  }
  const followed = state.node[number]
  if (followed && (followed.run !== reply.run || (followed.attempt !== null) !== reply.unfinished)) {
    steps.push({ name: `the node shows the row of ${number}`, kind: 'progress', take: (s) => showRow(s, number) })
  }
  return steps
}

/** Between a COMMIT and the queue: late, or never, because the process died or Redis was away. */
const listHintSteps = (state: State): Steps =>
  state.hints.flatMap((hint, index): Steps => {
    const drop = (s: State) => s.hints.splice(index, 1)
    const name = `job ${hint.reply}-${hint.attempt}`
    return [
      { name: `${name} is added`, kind: 'progress', take: (s) => drop(s).forEach((ref) => void add(s, ref)) },
      { name: `${name} is lost between commit and enqueue`, kind: 'fault', take: drop },
    ]
  })

/** What it asks for is on its way like any other hint: it may come late, or be lost with the sweeper. */
const listSweepSteps = (state: State, bug: Bug | undefined): Steps =>
  mysql
    .sweep(state, bug)
    .filter((ref) => !state.hints.some((hint) => hint.reply === ref.reply && hint.attempt === ref.attempt))
    .map((ref) => ({ name: `the sweep asks for ${ref.reply}`, kind: 'progress', take: (s) => mysql.hint(s, ref) }))

function listQueueSteps(state: State): Steps {
  const flush: Steps =
    state.queue.length === 0 ? [] : [{ name: 'FLUSHALL', kind: 'fault', take: (s) => Object.assign(s, { queue: [] }) }]
  const stalled = state.queue.flatMap((job, index): Steps => {
    if (job.by === null) return []
    const work = state.workers[job.by]
    const isAtIt = work?.reply === job.reply && work.job === job.attempt
    const name = `job ${job.reply}-${job.attempt} ${isAtIt ? 'is taken from its worker' : 'is found stalled'}`
    const take = (s: State) => Object.assign(s.queue[index] ?? {}, { by: null })
    return [{ name, kind: isAtIt ? 'fault' : 'progress', take }]
  })
  return [...flush, ...stalled]
}

function listPieceSteps({ piece }: State, bug: Bug | undefined): Steps {
  if (piece === null) return []
  const take = (s: State) => {
    s.piece = null
    showPiece(s, piece, bug)
  }
  return [{ name: `a piece of attempt ${piece.attempt} of ${piece.reply} reaches the node`, kind: 'progress', take }]
}

const listJobSteps = (state: State, worker: number): Steps =>
  state.queue.flatMap((job, index): Steps => {
    if (job.by !== null || job.over) return []
    const take = (s: State) => {
      Object.assign(s.queue[index] ?? {}, { by: worker })
      s.workers[worker] = { reply: job.reply, job: job.attempt, attempt: 0, phase: 'job', run: 0, calls: 0 }
    }
    return [{ name: `a worker takes job ${job.reply}-${job.attempt}`, kind: 'progress', take }]
  })

function listWorkSteps(state: State, worker: number, work: Work, how: How): Steps {
  const steps = work.phase === 'job' ? claiming(state, worker, work, how) : writing(state, worker, work, how)
  if (state.faults === 0) return steps
  const take = (s: State) => {
    s.faults -= 1
    s.workers[worker] = null
  }
  return [...steps, { name: `the worker of ${work.reply}, attempt ${work.attempt}, dies`, kind: 'fault', take }]
}

function claiming(state: State, worker: number, work: Work, { bug }: How): Steps {
  const take = (s: State) => {
    const claim = mysql.claim(s, work.reply, bug)
    if (!claim) return complete(s, worker, bug)
    const { run } = mysql.at(s, work.reply)
    s.workers[worker] = { ...work, ...claim, phase: 'claimed', run, calls: 1 }
  }
  const claimWithoutAnswer = (s: State) => {
    s.faults -= 1
    mysql.claim(s, work.reply, bug)
    complete(s, worker, bug)
  }
  const steps: Steps = [{ name: `a worker claims ${work.reply}`, kind: 'progress', take }]
  if (state.faults > 0)
    steps.push({
      name: `a worker claims ${work.reply}, and its answer is lost`,
      kind: 'fault',
      take: claimWithoutAnswer,
    })
  return steps
}

function writing(state: State, worker: number, work: Work, { bug, calls }: How): Steps {
  const name = `attempt ${work.attempt} of ${work.reply}`
  const through = (s: State) => complete(s, worker, bug)
  const steps: Steps = [
    {
      name: `${name} finishes`,
      kind: 'progress',
      take: (s) => {
        mysql.finish(s, work, bug)
        through(s)
      },
    },
    {
      name: `${name} renews`,
      kind: 'progress',
      take: (s) => {
        if (!mysql.renew(s, work)) through(s)
      },
    },
  ]
  if (state.node.length > 0) {
    const { reply, attempt, run } = work
    const say = (s: State) => Object.assign(s, { piece: { reply, attempt, run } })
    steps.push({ name: `${name} says something`, kind: 'progress', take: say })
  }
  if (work.calls < calls) {
    const take = (s: State) => {
      if (!mysql.again(s, work)) return through(s)
      s.workers[worker] = { ...work, attempt: work.attempt + 1, calls: work.calls + 1 }
    }
    steps.push({ name: `${name} calls again`, kind: 'fault', take })
  }
  if (state.faults > 0) {
    const take = (s: State) => {
      s.faults -= 1
      if (mysql.release(s, work)) mysql.hint(s, work)
      through(s)
    }
    steps.push({ name: `${name} is given back`, kind: 'fault', take })
  }
  return steps
}
