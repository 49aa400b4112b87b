import type { AnalyticsFigures } from '@engineer-chat/protocol'

/** All fields are sums, so the stats of several models or days can be added. */
export interface ReplyStats {
  replies: number
  unfinished: number
  answered: number
  cancelled: number
  failed: number
  /** Counts the failed replies by their code. */
  errors: Record<string, number>
  /** Counts the answers that their askers rated as good. */
  up: number
  /** Counts the answers that their askers rated as bad. */
  down: number
  /**
   * Counts the answers by their time. Each bucket begins at one bound of `ANSWER_TIME_BOUNDS` (the first one at 0) and
   * ends below the next bound. The last bucket has no upper bound. The time of an answer is the duration of its last
   * call to a model, without the wait before it.
   */
  answer_times: number[]
  /** Sums up the times of the answers that `answer_times` counts, in milliseconds. */
  answer_ms: number
}

/** Lists the bounds of the buckets, in milliseconds. Stored counts use them, so other bounds need another column. */
export const ANSWER_TIME_BOUNDS = [50, 100, 250, 500, 1e3, 2e3, 3e3, 5e3, 8e3, 13e3, 20e3, 30e3, 60e3, 120e3] as const

export const createReplyStats = (): ReplyStats => ({
  replies: 0,
  unfinished: 0,
  answered: 0,
  cancelled: 0,
  failed: 0,
  errors: {},
  up: 0,
  down: 0,
  answer_ms: 0,
  answer_times: Array.from({ length: ANSWER_TIME_BOUNDS.length + 1 }, () => 0),
})

export type ReplyEnd = 'unfinished' | 'answered' | 'cancelled' | 'failed'

/** Counts the replies with the same end, code and bucket. */
export interface ReplyGroup {
  end: ReplyEnd
  error_code: string | null
  /** Holds the index in `answer_times` of the bucket of these replies. It is null if they have no answer time. */
  bucket: number | null
  replies: number
  up: number
  down: number
  /** Sums up the answer times of these replies. */
  answer_ms: number
}

export function addReplyGroup(
  target: ReplyStats,
  { end, error_code, bucket, replies, up, down, answer_ms }: ReplyGroup,
): void {
  target.replies += replies
  target[end] += replies
  if (error_code !== null) target.errors[error_code] = (target.errors[error_code] ?? 0) + replies
  target.up += up
  target.down += down
  if (bucket === null) return
  target.answer_times[bucket] = (target.answer_times[bucket] ?? 0) + replies
  target.answer_ms += answer_ms
}

const NUMBER_FIELDS = ['replies', 'unfinished', 'answered', 'cancelled', 'failed', 'up', 'down', 'answer_ms'] as const

export function sumReplyStats(statsToSum: ReplyStats[]): ReplyStats {
  const sum = createReplyStats()
  for (const stats of statsToSum) {
    for (const field of NUMBER_FIELDS) sum[field] += stats[field]
    for (const [code, count] of Object.entries(stats.errors)) sum.errors[code] = (sum.errors[code] ?? 0) + count
    sum.answer_times = sum.answer_times.map((count, bucket) => count + (stats.answer_times[bucket] ?? 0))
  }
  return sum
}

/** Computes the shares and percentiles, as docs/operations.md defines them. */
export function toAnalyticsFigures({ up, down, answer_times, answer_ms, ...counts }: ReplyStats): AnalyticsFigures {
  const ended = counts.answered + counts.cancelled + counts.failed
  const timedAnswers = answer_times.reduce((sum, count) => sum + count, 0)
  return {
    ...counts,
    verdicts: { up, down },
    satisfaction: toShare(up, up + down),
    completion: toShare(counts.answered, ended),
    abandonment: toShare(counts.cancelled, ended),
    answer_ms:
      timedAnswers === 0
        ? null
        : {
            mean: Math.round(answer_ms / timedAnswers),
            p50: findPercentile(answer_times, 0.5 * timedAnswers),
            p95: findPercentile(answer_times, 0.95 * timedAnswers),
          },
  }
}

const toShare = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** Interpolates as Prometheus does: it assumes that the values of a bucket are spread evenly between its bounds. */
function findPercentile(buckets: number[], rank: number): number {
  let countBelow = 0
  for (const [index, upperMs] of ANSWER_TIME_BOUNDS.entries()) {
    const count = buckets[index] ?? 0
    const lowerMs = ANSWER_TIME_BOUNDS[index - 1] ?? 0
    if (count > 0 && countBelow + count >= rank)
      return Math.round(lowerMs + ((upperMs - lowerMs) * (rank - countBelow)) / count)
    countBelow += count
  }
  // The last bucket has no upper bound, so its lower bound is returned.
  return ANSWER_TIME_BOUNDS.at(-1) ?? 0
}
