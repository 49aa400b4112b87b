import type { FlaggedReply, FlaggedReplyFilter, JudgeReply } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { client } from '../people/session.ts'

export interface FlaggedView {
  filter: FlaggedReplyFilter
  /** Is null until the first response has come. */
  replies: readonly FlaggedReply[] | null
  next: string | null
  trouble: ErrorKind | null
}

const PAGE = 30

export const useFlagged = create<FlaggedView>(() => ({
  filter: { verdict: 'none' },
  replies: null,
  next: null,
  trouble: null,
}))

/** Ignores a response if another filter was chosen meanwhile, because responses may arrive out of order. */
export async function loadFlagged(filter: FlaggedReplyFilter): Promise<void> {
  useFlagged.setState({ filter, trouble: null })
  const isNewest = () => useFlagged.getState().filter === filter
  try {
    const { items: replies, next_cursor: next } = await client.flaggedReplies({ ...filter, limit: PAGE })
    if (isNewest()) useFlagged.setState({ replies, next })
  } catch (error) {
    if (isNewest()) useFlagged.setState({ replies: [], next: null, trouble: toErrorKind(error) })
  }
}

export async function loadMoreFlagged(): Promise<void> {
  const { next: cursor, filter } = useFlagged.getState()
  if (cursor === null) return
  const { items, next_cursor: next } = await client.flaggedReplies({ ...filter, limit: PAGE, cursor })
  if (useFlagged.getState().filter !== filter) return
  useFlagged.setState(({ replies }) => ({ replies: [...(replies ?? []), ...items], next }))
}

/** Keeps the reply in the list with its verdict until the next load, so that a mistaken click can be seen. */
export async function judgeFlagged(message_id: string, verdict: JudgeReply): Promise<void> {
  const judged = await client.judgeFlagged(message_id, verdict)
  useFlagged.setState(({ replies }) => ({
    replies: replies?.map((reply) => (reply.message_id === message_id ? judged : reply)) ?? null,
  }))
}
