import { type LlmCall, LONGEST_ANSWER_MS } from '../cluster/llm.ts'
import type { ModelLimits } from '../cluster/models.ts'
import type { InjectedOutage } from '../faults/fault-injector.ts'
import type { AcceptedQuestion, Ledger, Question } from '../load/ledger.ts'
import { mapFullTimes } from './check-limits.ts'
import { type Interval, measureCovered } from './intervals.ts'

/** A question is answered within this time beyond the model's, with Redis or without it. */
const PROMISED_MS = 5_000
/** An earlier fault has effects for this long, because leases, breakers and waiting replies outlive it. */
const RECOVERY_MS = 20_000
/** Calls that never reached the model count against its limit of a minute, too. */
const RECOVERY_OF_MINUTE_MS = 65_000
/** A reply that waits for a full model is given to it within this time, because sweeps look for it. */
const NOTICED_MS = 2_500

export interface OutageFacts {
  outages: readonly InjectedOutage[]
  calls: readonly LlmCall[]
  limits: Record<string, ModelLimits>
  ledger: Pick<Ledger, 'questions' | 'seenEnds' | 'retried'>
  /** Lists the lines of the log with this id. */
  listLogLines(reply_id: string): string[]
  /** Lists when this user's follower of the room was away. */
  listPauses(user_id: string, event_id: string): readonly Interval[]
  /** Answers may take this much longer than promised, because the machine is shared. */
  marginMs: number
}

export interface OutageReport {
  how: InjectedOutage['how']
  duration_ms: number
  /** Counts the questions that were accepted while nothing but Redis was broken, and whose answer was seen. */
  answered: number
  /** Is the longest time of an answer beyond the model's own. */
  slowest_ms: number
}

/** Checks that questions which were accepted while Redis was away were answered soon, without an error, and once. */
export function checkRedisOutages(facts: OutageFacts): { violations: string[]; reports: OutageReport[] } {
  const fullTimes = mapFullTimes(facts.calls, facts.limits, NOTICED_MS)
  const accepted = facts.ledger.questions.flatMap((question) =>
    question.accepted ? [{ question, accepted: question.accepted }] : [],
  )
  const bySession = Map.groupBy(accepted, (one) => one.accepted.session_id)
  const results = facts.outages.map((outage) => {
    const questions = accepted.filter(
      ({ question: { model }, accepted: { atMs } }) =>
        atMs >= outage.startMs + getRecoveryMs(facts.limits[model]) && atMs <= outage.endMs,
    )
    const timed = questions.map((one) => {
      const earlier = (bySession.get(one.accepted.session_id) ?? []).filter(
        ({ accepted }) => accepted.atMs < one.accepted.atMs,
      )
      return timeAnswer(
        facts,
        outage,
        one,
        earlier.map(({ accepted }) => accepted),
        fullTimes,
      )
    })
    const seen = timed.filter(({ isSeen }) => isSeen)
    return {
      violations: timed.flatMap(({ violations }) => violations),
      report: {
        how: outage.how,
        duration_ms: Math.round(outage.endMs - outage.startMs),
        answered: seen.length,
        slowest_ms: Math.round(Math.max(0, ...seen.map(({ beyondMs }) => beyondMs))),
      },
    }
  })
  return {
    violations: results.flatMap(({ violations }) => violations),
    reports: results.map(({ report }) => report),
  }
}

const getRecoveryMs = (limits: ModelLimits | undefined): number =>
  limits?.requestsPerMinute ? RECOVERY_OF_MINUTE_MS : RECOVERY_MS

interface TimedAnswer {
  beyondMs: number
  isSeen: boolean
  violations: string[]
}

/**
 * Measures from when the answer could begin until a follower saw it. The answer could begin when the earlier questions
 * of the session were answered. The time in which the model was full or the follower was away doesn't count.
 */
function timeAnswer(
  { ledger, calls, marginMs, listPauses, listLogLines }: OutageFacts,
  { startMs, quietUntilMs, how }: InjectedOutage,
  { question, accepted }: { question: Question; accepted: AcceptedQuestion },
  earlier: AcceptedQuestion[],
  fullTimes: Map<string, Interval[]>,
): TimedAnswer {
  const end = ledger.seenEnds.get(accepted.reply_id)?.find(({ atMs }) => atMs >= accepted.atMs)
  const isSeen = end !== undefined && end.atMs <= quietUntilMs
  const untilMs = isSeen ? end.atMs : quietUntilMs
  const earlierEnds = earlier.flatMap(({ reply_id }) => ledger.seenEnds.get(reply_id) ?? [])
  const isUnfinished = ({ reply_id }: AcceptedQuestion): boolean =>
    ledger.retried.has(reply_id) || !ledger.seenEnds.get(reply_id)?.some(({ atMs }) => atMs <= untilMs)
  const isBlocked = !isSeen && earlier.some(isUnfinished)
  const beganMs = Math.max(accepted.atMs, ...earlierEnds.map(({ atMs }) => atMs).filter((atMs) => atMs <= untilMs))
  const excused = [...(fullTimes.get(question.model) ?? []), ...listPauses(question.user_id, question.event_id)]
  const waitedMs = isBlocked ? 0 : untilMs - beganMs - measureCovered(excused, beganMs, untilMs)
  const beyondMs = waitedMs - LONGEST_ANSWER_MS
  const callCount = calls.filter((call) => call.question === question.text && call.startMs < quietUntilMs).length
  const name = `"${question.text}" to ${question.model}, asked ${Math.round((accepted.atMs - startMs) / 1_000)} s after Redis began to ${how},`
  const problems = [
    ...(beyondMs <= PROMISED_MS + marginMs
      ? []
      : [`was not answered ${Math.round(beyondMs)} ms beyond the model's time`]),
    ...(isSeen && end.message_type === 'error' ? ['ended as an error'] : []),
    ...(callCount <= 1 || ledger.retried.has(accepted.reply_id) ? [] : [`was answered by ${callCount} calls`]),
  ]
  const violations = problems.map(
    (problem) => `${name} ${problem}: ${listLogLines(accepted.reply_id).map(shortenLine).sort().join(', ')}`,
  )
  return { beyondMs, isSeen, violations }
}

/** Keeps the time of day and the event of a line of the log. */
const shortenLine = (line: string): string =>
  line.replace(/^.*"time":"[^T]*T([^"]*)Z".*"event":"EngineerChat\.(\w+)".*$/, '$1 $2')
