import type { FlaggedReply, FlaggedReplyFilter, JudgeReply } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { client } from '../people/sign-in.ts'

export interface FlaggedView {
  filter: FlaggedReplyFilter
  /** Null means that the first response has not arrived yet. */
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

/**
 * Loads the first page of the replies that match the filter. Ignores the response if another filter object was passed
 * since, because responses may arrive out of order.
 */
export async function loadFlagged(filter: FlaggedReplyFilter): Promise<void> {
  useFlagged.setState({ filter, nextCursor: null, errorKind: null }) // The old cursor belongs to the previous list.
  const isNewestRequest = () => useFlagged.getState().filter === filter
  try {
    const { items: replies, next_cursor: nextCursor } = await client.listFlaggedReplies({ ...filter, limit: PAGE_SIZE })
    if (isNewestRequest()) useFlagged.setState({ replies, nextCursor })
  } catch (error) {
    if (isNewestRequest()) useFlagged.setState({ replies: [], nextCursor: null, errorKind: toErrorKind(error) })
  }
}

export async function loadMoreFlagged(): Promise<void> {
  const { nextCursor: cursor, filter } = useFlagged.getState()
  if (cursor === null) return
  const { items, next_cursor: nextCursor } = await client.listFlaggedReplies({ ...filter, limit: PAGE_SIZE, cursor })
  if (useFlagged.getState().filter !== filter) return
  useFlagged.setState(({ replies }) => ({ replies: [...(replies ?? []), ...items], nextCursor }))
}

/** Stores a verdict. The reply stays in the list until the next load, so that the user can see a mistaken click. */
export async function judgeFlagged(message_id: string, verdict: JudgeReply): Promise<void> {
  const judgedReply = await client.judgeReply(message_id, verdict)
  useFlagged.setState(({ replies }) => ({
    replies: replies?.map((reply) => (reply.message_id === message_id ? judgedReply : reply)) ?? null,
  }))
}
