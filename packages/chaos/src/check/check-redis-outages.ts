import type { InjectedOutage } from '../faults/fault-injector.ts'
import type { AcceptedQuestion, Ledger, Question } from '../load/ledger.ts'
import { type LlmCall, LONGEST_ANSWER_MS } from '../testbed/llm.ts'
import type { ModelLimits } from '../testbed/models.ts'
import { mapBusyIntervals } from './check-limits.ts'
import { type Interval, measureCoveredMs } from './intervals.ts'

/** With or without Redis, the product may need this time for an answer in addition to `LONGEST_ANSWER_MS`. */
const MAX_PRODUCT_MS = 5_000
/** Effects of an earlier fault end within this time: leases lapse, breakers close, and waiting replies are answered. */
const RECOVERY_MS = 20_000
/**
 * A model with a limit of calls in a minute needs longer, because the product also counts calls that did not reach the
 * model.
 */
const MINUTE_LIMIT_RECOVERY_MS = 65_000
/** A sweep finds a reply that waits for a busy model within this time after the model takes calls again. */
const SWEEP_NOTICE_MS = 2_500

export interface OutageCheckInput {
  outages: readonly InjectedOutage[]
  calls: readonly LlmCall[]
  limits: Record<string, ModelLimits>
  ledger: Pick<Ledger, 'questions' | 'receivedFinalRows' | 'retriedReplyIds'>
  /** Lists the log lines that contain this id. */
  listLogLines(reply_id: string): string[]
  /**
   * Lists the pauses in which this user's follower of the room waited before it connected again. They do not include
   * the time that a connection attempt took.
   */
  listPauses(user_id: string, event_id: string): readonly Interval[]
  /** Answers may take this much longer than promised, because other programs may use the same processors. */
  marginMs: number
}

export interface OutageReport {
  /** Says whether all servers of Redis hung or were stopped. */
  how: InjectedOutage['kind']
  duration_ms: number
  /**
   * Counts the questions that were accepted during the outage, at least `RECOVERY_MS` or `MINUTE_LIMIT_RECOVERY_MS`
   * after the outage began, and whose final row a follower received before another fault could begin.
   */
  answered: number
  /** Gives the longest time that a counted answer took beyond `LONGEST_ANSWER_MS`; 0 if none took longer. */
  slowest_ms: number
}

/** Checks that questions during an outage of Redis were answered in time, without an error, and by at most one call. */
export function checkRedisOutages(input: OutageCheckInput): { violations: string[]; reports: OutageReport[] } {
  const busyIntervals = mapBusyIntervals(input.calls, input.limits, SWEEP_NOTICE_MS)
  const asked = input.ledger.questions.flatMap((question): AskedQuestion[] =>
    question.accepted ? [{ question, acceptance: question.accepted }] : [],
  )
  const askedBySession = Map.groupBy(asked, ({ acceptance }) => acceptance.session_id)
  const results = input.outages.map((outage) => {
    const askedInOutage = asked.filter(
      ({ question: { model }, acceptance: { atMs } }) =>
        atMs >= outage.startMs + getRecoveryMs(input.limits[model]) && atMs <= outage.endMs,
    )
    const timedAnswers = askedInOutage.map(({ question, acceptance }) => {
      const askedInSession = askedBySession.get(acceptance.session_id) ?? []
      const earlierAcceptances = askedInSession
        .map((other) => other.acceptance)
        .filter(({ atMs }) => atMs < acceptance.atMs)
      return timeAnswer(input, outage, { question, acceptance }, earlierAcceptances, busyIntervals)
    })
    const seenAnswers = timedAnswers.filter(({ isSeen }) => isSeen)
    return {
      violations: timedAnswers.flatMap(({ violations }) => violations),
      report: {
        how: outage.kind,
        duration_ms: Math.round(outage.endMs - outage.startMs),
        answered: seenAnswers.length,
        slowest_ms: Math.round(Math.max(0, ...seenAnswers.map(({ productMs }) => productMs))),
      },
    }
  })
  return {
    violations: results.flatMap(({ violations }) => violations),
    reports: results.map(({ report }) => report),
  }
}

const getRecoveryMs = (limits: ModelLimits | undefined): number =>
  limits?.requestsPerMinute ? MINUTE_LIMIT_RECOVERY_MS : RECOVERY_MS

/** Holds a question that was accepted, and what the response said about it. */
interface AskedQuestion {
  question: Question
  acceptance: AcceptedQuestion
}

interface TimedAnswer {
  /** Gives the measured time minus `LONGEST_ANSWER_MS`. It is negative if the measured time was shorter. */
  productMs: number
  /** Says whether a follower received the final row before another fault could begin. */
  isSeen: boolean
  violations: string[]
}

/**
 * Measures the time from when the product could begin with an answer until a follower received it, or until another
 * fault could begin. The product could begin when the earlier questions of the session were answered. If no follower
 * received the answer, and an earlier question may have blocked it, the time is 0. Periods in which the model was busy
 * or the follower waited before it connected again do not count. `LONGEST_ANSWER_MS` is subtracted, because it is not
 * known how long the model really took.
 */
function timeAnswer(
  { ledger, calls, marginMs, listPauses, listLogLines }: OutageCheckInput,
  { startMs, faultFreeUntilMs, kind }: InjectedOutage,
  { question, acceptance }: AskedQuestion,
  earlierAcceptances: AcceptedQuestion[],
  busyIntervals: Map<string, Interval[]>,
): TimedAnswer {
  const finalRow = ledger.receivedFinalRows.get(acceptance.reply_id)?.[0]
  const isSeen = finalRow !== undefined && finalRow.atMs <= faultFreeUntilMs
  const untilMs = isSeen ? finalRow.atMs : faultFreeUntilMs
  const earlierFinalRows = earlierAcceptances.flatMap(({ reply_id }) => {
    const finalRows = ledger.receivedFinalRows.get(reply_id) ?? []
    // A further final row may be a new answer only if the reply was retried. Otherwise, the session was shared.
    return ledger.retriedReplyIds.has(reply_id) ? finalRows : finalRows.slice(0, 1)
  })
  // A retried reply may be unfinished again at any later time, because the ledger does not say when a retry ends.
  const mayBeUnfinished = ({ reply_id }: AcceptedQuestion): boolean =>
    ledger.retriedReplyIds.has(reply_id) || !ledger.receivedFinalRows.get(reply_id)?.some(({ atMs }) => atMs <= untilMs)
  const isBlocked = !isSeen && earlierAcceptances.some(mayBeUnfinished)
  const possibleStartMs = Math.max(
    acceptance.atMs,
    ...earlierFinalRows.map(({ atMs }) => atMs).filter((atMs) => atMs <= untilMs),
  )
  const uncountedIntervals = [
    ...(busyIntervals.get(question.model) ?? []),
    ...listPauses(question.user_id, question.event_id),
  ]
  const waitedMs = isBlocked
    ? 0
    : untilMs - possibleStartMs - measureCoveredMs(uncountedIntervals, possibleStartMs, untilMs)
  const productMs = waitedMs - LONGEST_ANSWER_MS
  const callCount = calls.filter((call) => call.question === question.text && call.startMs < faultFreeUntilMs).length
  const askedAfterSeconds = Math.round((acceptance.atMs - startMs) / 1_000)
  const description = `"${question.text}" to ${question.model}, asked ${askedAfterSeconds} s into the outage (${kind}),`
  const problems: string[] = []
  if (productMs > MAX_PRODUCT_MS + marginMs) {
    const lateMs = Math.round(productMs)
    problems.push(
      isSeen
        ? `took ${lateMs} ms longer than the model's longest answer`
        : `was still not answered ${lateMs} ms after the model's longest answer`,
    )
  }
  if (isSeen && finalRow.message_type === 'error') problems.push('ended as an error')
  if (callCount > 1 && !ledger.retriedReplyIds.has(acceptance.reply_id))
    problems.push(`was answered by ${callCount} calls`)
  const violations = problems.map(
    (problem) => `${description} ${problem}: ${listLogLines(acceptance.reply_id).map(shortenLine).sort().join(', ')}`,
  )
  return { productMs, isSeen, violations }
}

/**
 * Shortens a log line of the product to its time of day and its event, such as `12:00:01.234 reply_claimed`. Other
 * lines stay as they are.
 */
const shortenLine = (line: string): string =>
  line.replace(/^.*"time":"[^T]*T([^"]*)Z".*"event":"EngineerChat\.(\w+)".*$/, '$1 $2')
