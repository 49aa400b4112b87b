import type { FlaggedReply, FlaggedReplyFilter, JudgeReply } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { client } from '../people/sign-in.ts'

export interface FlaggedView {
  filter: FlaggedReplyFilter
  /** Holds null until the first response has come. */
  replies: readonly FlaggedReply[] | null
  nextCursor: string | null
  errorKind: ErrorKind | null
}

const PAGE_SIZE = 30

export const useFlagged = create<FlaggedView>(() => ({
  filter: { verdict: 'none' },
  replies: null,
  nextCursor: null,
  errorKind: null,
}))

/** Ignores a response if another filter was chosen since, because responses may arrive out of order. */
export async function loadFlagged(filter: FlaggedReplyFilter): Promise<void> {
  useFlagged.setState({ filter, errorKind: null })
  const isNewest = () => useFlagged.getState().filter === filter
  try {
    const { items: replies, next_cursor: nextCursor } = await client.listFlaggedReplies({ ...filter, limit: PAGE_SIZE })
    if (isNewest()) useFlagged.setState({ replies, nextCursor })
  } catch (error) {
    if (isNewest()) useFlagged.setState({ replies: [], nextCursor: null, errorKind: toErrorKind(error) })
  }
}

export async function loadMoreFlagged(): Promise<void> {
  const { nextCursor: cursor, filter } = useFlagged.getState()
  if (cursor === null) return
  const { items, next_cursor: nextCursor } = await client.listFlaggedReplies({ ...filter, limit: PAGE_SIZE, cursor })
  if (useFlagged.getState().filter !== filter) return
  useFlagged.setState(({ replies }) => ({ replies: [...(replies ?? []), ...items], nextCursor }))
}

/** Keeps the reply in the list with its verdict until the next load, so that a mistaken click can be seen. */
export async function judgeFlagged(message_id: string, verdict: JudgeReply): Promise<void> {
  const judged = await client.judgeReply(message_id, verdict)
  useFlagged.setState(({ replies }) => ({
    replies: replies?.map((reply) => (reply.message_id === message_id ? judged : reply)) ?? null,
  }))
}
