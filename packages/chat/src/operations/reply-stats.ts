import type { AnalyticsFigures } from '@engineer-chat/protocol'

/** All fields are sums, so the stats of several models or days can be added. */
export interface ReplyStats {
  /** Counts all replies. Each of them is also in one of the next four counts. */
  replies: number
  unfinished: number
  answered: number
  cancelled: number
  failed: number
  /** Counts the failed replies by their error code. */
  errors: Record<string, number>
  /** Counts the answers that their askers rated as good. */
  up: number
  /** Counts the answers that their askers rated as bad. */
  down: number
  /**
   * Holds one count per bucket: how many answers have an answer time in it. The answer time is the duration of the
   * answer's last call to a model, without the wait before that call. The first bucket begins at 0, and each other
   * bucket at a bound of `ANSWER_TIME_BOUNDS`. Each bucket ends below the next bound. The last one has no upper bound.
   */
  answer_times: number[]
  /** Sums up the answer times of the answers that `answer_times` counts, in milliseconds. */
  answer_ms: number
}

/** Lists the bounds between the buckets, in milliseconds. Stored `answer_times` have these, so never change them. */
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

/** Counts the replies with the same end, error code and bucket. */
export interface ReplyGroup {
  end: ReplyEnd
  /** Null means that these replies did not fail. */
  error_code: string | null
  /** Holds the index of the bucket in `answer_times`. Null means that these replies have no answer time. */
  bucket: number | null
  replies: number
  up: number
  down: number
  /** Sums up the answer times of these replies, in milliseconds. */
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
    sum.answer_times = sum.answer_times.map((count, index) => count + (stats.answer_times[index] ?? 0))
  }
  return sum
}

/** Computes the shares and percentiles, as docs/operations.md defines them. */
export function toAnalyticsFigures({ up, down, answer_times, answer_ms, ...counts }: ReplyStats): AnalyticsFigures {
  const endedReplies = counts.answered + counts.cancelled + counts.failed
  const timedAnswerCount = answer_times.reduce((sum, count) => sum + count, 0)
  return {
    ...counts,
    verdicts: { up, down },
    satisfaction: toShare(up, up + down),
    completion: toShare(counts.answered, endedReplies),
    abandonment: toShare(counts.cancelled, endedReplies),
    answer_ms:
      timedAnswerCount === 0
        ? null
        : {
            mean: Math.round(answer_ms / timedAnswerCount),
            p50: estimateAnswerTime(answer_times, 0.5 * timedAnswerCount),
            p95: estimateAnswerTime(answer_times, 0.95 * timedAnswerCount),
          },
  }
}

const toShare = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/**
 * Returns the answer time of the answer with this rank, in milliseconds. Rank 1 is the fastest answer. Like Prometheus,
 * it assumes that the times in a bucket are spread evenly between its bounds, so a rank may be a fraction.
 */
function estimateAnswerTime(answer_times: number[], rank: number): number {
  let countBelow = 0
  for (const [index, upperMs] of ANSWER_TIME_BOUNDS.entries()) {
    const count = answer_times[index] ?? 0
    const lowerMs = ANSWER_TIME_BOUNDS[index - 1] ?? 0
    if (count > 0 && countBelow + count >= rank)
      return Math.round(lowerMs + ((upperMs - lowerMs) * (rank - countBelow)) / count)
    countBelow += count
  }
  // The last bucket has no upper bound, so its lower bound is returned.
  return ANSWER_TIME_BOUNDS.at(-1) ?? 0
}
