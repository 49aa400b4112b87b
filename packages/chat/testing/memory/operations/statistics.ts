import type { CallStats, CallStatsByModel } from '../../../src/operations/model-call-stats.ts'
import {
  ANSWER_TIME_BOUNDS,
  addReplyGroup,
  createReplyStats,
  type ReplyGroup,
} from '../../../src/operations/reply-stats.ts'
import { countSessionEnds } from '../../../src/operations/session-stats.ts'
import type { DayStats, StatisticsStore } from '../../../src/operations/statistics-store.ts'
import type { LlmCall } from '../../../src/replying/reply-store.ts'
import { getTimestamp, type MemoryData } from '../memory-data.ts'
import { isReply, isThinking, type StoredReply } from '../replying/session-replies.ts'

const DAY_MS = 86_400_000

export function createMemoryStatistics(data: MemoryData): StatisticsStore {
  const countedDays = new Map<string, DayStats>()
  const toDay = (time: string): string => time.slice(0, 10)
  return {
    async updateDayStats(settleDays) {
      const today = toDay(getTimestamp(data))
      const replies = [...data.messages.values()].filter(isReply)
      const daysToCount = new Set([today, ...replies.map(({ row }) => toDay(row.message.created_at))])
      for (const [day, { counted_at }] of countedDays) {
        const settledAtMs = Date.parse(day) + (settleDays + 1) * DAY_MS
        if (Date.parse(counted_at) >= settledAtMs) daysToCount.delete(day)
      }
      for (const day of daysToCount) {
        const dayReplies = replies.filter(({ row }) => toDay(row.message.created_at) === day)
        countedDays.set(day, countDay(data, day, dayReplies))
      }
      return daysToCount.size
    },
    listDays: async (from, to) =>
      [...countedDays.values()]
        .filter(({ day }) => day >= from && day <= to)
        .sort((a, b) => Date.parse(a.day) - Date.parse(b.day)),
  }
}

function countDay(data: MemoryData, day: string, replies: StoredReply[]): DayStats {
  const models = new Map<string | null, ReturnType<typeof createReplyStats>>()
  for (const reply of replies) {
    const call = data.calls.findLast(({ message_id }) => message_id === reply.row.message.message_id)
    const model = call?.model ?? reply.reply.model
    const stats = models.get(model) ?? createReplyStats()
    models.set(model, stats)
    addReplyGroup(stats, toReplyGroup(data, reply, call?.outcome === 'ok' ? call.total_ms : null))
  }
  return {
    day,
    counted_at: getTimestamp(data),
    sessions: new Set(replies.map(({ row }) => row.message.chat_session_id)).size,
    session_ends: countSessionEnds(
      new Map(replies.map((reply) => [reply.row.message.chat_session_id, toReplyEnd(reply)])).values(),
    ),
    people: new Set(replies.map(({ row }) => row.message.user_id)).size,
    models: [...models].map(([model, stats]) => ({ model, stats })),
    calls: sumCalls(data, new Set(replies.map(({ row }) => row.message.message_id))),
  }
}

function sumCalls(data: MemoryData, replyIds: ReadonlySet<string>): CallStatsByModel {
  const callsByModel = Map.groupBy(
    data.calls.filter(({ message_id }) => replyIds.has(message_id)),
    ({ model_id, model }) => model_id ?? model,
  )
  const sums = [...callsByModel].map(([id, calls]): [string, CallStats] => {
    const sum = (toNumber: (call: LlmCall) => number) => calls.reduce((total, call) => total + toNumber(call), 0)
    return [
      id,
      {
        made: calls.length,
        failed: sum(({ outcome }) => Number(outcome === 'failed')),
        cancelled: sum(({ outcome }) => Number(outcome === 'cancelled')),
        prompt_tokens: sum(({ usage }) => usage?.prompt_tokens ?? 0),
        completion_tokens: sum(({ usage }) => usage?.completion_tokens ?? 0),
        priced: sum(({ cost_micros }) => Number(cost_micros != null)),
        cost_micros: sum(({ cost_micros }) => cost_micros ?? 0),
      },
    ]
  })
  return Object.fromEntries(sums)
}

function toReplyGroup(data: MemoryData, reply: StoredReply, tookMs: number | null): ReplyGroup {
  const { message_id, message_type, message_content } = reply.row.message
  const isTimed = message_type === 'chat' && tookMs !== null
  const rating = data.feedback.get(message_id)?.rating
  return {
    end: toReplyEnd(reply),
    error_code: message_type === 'error' ? (message_content.error?.code ?? 'internal') : null,
    bucket: isTimed ? ANSWER_TIME_BOUNDS.filter((bound) => bound <= tookMs).length : null,
    replies: 1,
    up: rating === 'up' ? 1 : 0,
    down: rating === 'down' ? 1 : 0,
    answer_ms: isTimed ? tookMs : 0,
  }
}

function toReplyEnd(reply: StoredReply): ReplyGroup['end'] {
  const { message_type, message_content } = reply.row.message
  if (isThinking(reply)) return 'unfinished'
  if (message_type === 'error') return 'failed'
  return message_content.finish_reason === 'cancelled' ? 'cancelled' : 'answered'
}
