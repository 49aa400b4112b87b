import { getModelText } from '../../../src/replying/review-draft.ts'
import type { ReviewStore, StoredFlaggedReply } from '../../../src/reviews/review-store.ts'
import { getTimestamp, type MemoryData } from '../memory-data.ts'
import { paginate } from '../paginate.ts'

export function createMemoryReviews(data: MemoryData): ReviewStore {
  return {
    async list({ verdict, kind, ...query }) {
      const matching = data.flagged
        .toReversed()
        .filter(({ review }) => verdict === undefined || (review?.verdict ?? 'none') === verdict)
        .filter(({ hits }) => kind === undefined || hits.some((hit) => hit.kind === kind))
      return paginate(
        matching.flatMap((flagged) => toFlaggedReply(data, flagged) ?? []),
        ({ reply }) => `${reply.created_at} ${reply.message_id}`,
        query,
      )
    },
    async judge(message_id, { verdict, note, user_id }) {
      const flagged = data.flagged.find((reply) => reply.message_id === message_id)
      if (!flagged) return undefined
      flagged.review = { verdict, note, reviewed_by: user_id, reviewed_at: getTimestamp(data) }
      return toFlaggedReply(data, flagged)
    },
  }
}

function toFlaggedReply(data: MemoryData, flagged: MemoryData['flagged'][number]): StoredFlaggedReply | undefined {
  const row = data.messages.get(flagged.message_id)?.row
  if (!row) return undefined
  const { message_id, event_id, user_id, visibility, message_content } = row.message
  const { verdict = null, note = null, reviewed_by = null, reviewed_at = null } = flagged.review ?? {}
  const { model = null, prompt_version = null } = message_content
  return {
    reply: {
      message_id,
      event_id,
      user_id,
      visibility,
      model,
      prompt_version,
      hits: flagged.hits,
      verdict,
      note,
      reviewed_by,
      reviewed_at,
      created_at: flagged.created_at,
    },
    text: row.attempt === flagged.attempt && message_content.content !== '' ? getModelText(message_content) : null,
  }
}
