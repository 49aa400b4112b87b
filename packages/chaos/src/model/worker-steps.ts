import type { Step } from './explore.ts'
import * as mysql from './mysql.ts'
import { completeJob } from './redis.ts'
import type { Bug, State, TakenJob } from './state.ts'

type Steps = Array<Step<State>>

interface StepOptions {
  bug: Bug | undefined
  maxCalls: number
}

/** Lists the jobs that an idle worker may take. */
export const listJobSteps = (state: State, worker: number): Steps =>
  state.queue.flatMap((job, index): Steps => {
    if (job.worker !== null || job.isFinished) return []
    const apply = (copy: State) => {
      Object.assign(copy.queue[index] ?? {}, { worker })
      copy.workers[worker] = {
        reply: job.reply,
        jobAttempt: job.attempt,
        attempt: 0,
        phase: 'taken',
        retryCount: 0,
        callCount: 0,
      }
    }
    return [{ name: `a worker takes job ${job.reply}-${job.attempt}`, kind: 'progress', apply }]
  })

/**
 * Lists what a worker may do with its job: claim the reply, renew the lease, send a delta, call a model again, finish,
 * release the claim, or die.
 */
export function listTakenJobSteps(state: State, worker: number, takenJob: TakenJob, options: StepOptions): Steps {
  const steps =
    takenJob.phase === 'taken'
      ? listClaimSteps(state, worker, takenJob, options)
      : listWriteSteps(state, worker, takenJob, options)
  if (state.remainingFaults === 0) return steps
  const apply = (copy: State) => {
    copy.remainingFaults -= 1
    copy.workers[worker] = null
  }
  return [
    ...steps,
    { name: `the worker of reply ${takenJob.reply}, attempt ${takenJob.attempt}, dies`, kind: 'fault', apply },
  ]
}

function listClaimSteps(state: State, worker: number, takenJob: TakenJob, { bug }: StepOptions): Steps {
  const claimReply = (copy: State) => {
    const fenceToken = mysql.claim(copy, takenJob.reply, bug)
    if (fenceToken === undefined) return completeJob(copy, worker, bug)
    const { retryCount } = mysql.getReply(copy, takenJob.reply)
    copy.workers[worker] = { ...takenJob, attempt: fenceToken, phase: 'claimed', retryCount, callCount: 1 }
  }
  const claimWithoutResponse = (copy: State) => {
    copy.remainingFaults -= 1
    mysql.claim(copy, takenJob.reply, bug)
    completeJob(copy, worker, bug)
  }
  const steps: Steps = [{ name: `a worker claims reply ${takenJob.reply}`, kind: 'progress', apply: claimReply }]
  if (state.remainingFaults > 0)
    steps.push({
      name: `a worker claims reply ${takenJob.reply}, and the response is lost`,
      kind: 'fault',
      apply: claimWithoutResponse,
    })
  return steps
}

function listWriteSteps(state: State, worker: number, takenJob: TakenJob, { bug, maxCalls }: StepOptions): Steps {
  const name = `attempt ${takenJob.attempt} of reply ${takenJob.reply}`
  const completeOwnJob = (copy: State) => completeJob(copy, worker, bug)
  const steps: Steps = [
    {
      name: `${name} finishes`,
      kind: 'progress',
      apply: (copy) => {
        mysql.finish(copy, takenJob, bug)
        completeOwnJob(copy)
      },
    },
    {
      name: `${name} renews`,
      kind: 'progress',
      apply: (copy) => {
        if (!mysql.renew(copy, takenJob)) completeOwnJob(copy)
      },
    },
  ]
  if (state.followedReplies.length > 0) {
    const { reply, attempt, retryCount } = takenJob
    const sendDelta = (copy: State) => Object.assign(copy, { delta: { reply, attempt, retryCount } })
    steps.push({ name: `${name} sends a delta`, kind: 'progress', apply: sendDelta })
  }
  if (takenJob.callCount < maxCalls) {
    const apply = (copy: State) => {
      if (!mysql.raiseAttempt(copy, takenJob)) return completeOwnJob(copy)
      copy.workers[worker] = { ...takenJob, attempt: takenJob.attempt + 1, callCount: takenJob.callCount + 1 }
    }
    // The kind is `fault`, because this step need not happen. It does not lower `remainingFaults`.
    steps.push({ name: `${name} calls a model again`, kind: 'fault', apply })
  }
  if (state.remainingFaults > 0) {
    const apply = (copy: State) => {
      copy.remainingFaults -= 1
      if (mysql.release(copy, takenJob)) mysql.addHint(copy, takenJob)
      completeOwnJob(copy)
    }
    steps.push({ name: `${name} releases its claim`, kind: 'fault', apply })
  }
  return steps
}
