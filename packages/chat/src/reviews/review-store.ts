import type { FlaggedReply, FlaggedReplyFilter, Verdict } from '@engineer-chat/protocol'
import type { Items } from '../shared/index.ts'

/** Holds a flagged reply. Its text is kept apart from `reply`, because a private text may be hidden from admins. */
export interface StoredFlaggedReply {
  reply: Omit<FlaggedReply, 'text'>
  /** Holds the flagged text. Null means that a retry has replaced this text in the room. */
  text: string | null
}

/**
 * Reads and judges flagged replies: those in which the output filter found something. This port flags no reply, because
 * a reply is flagged in the transaction that finishes it.
 */
export interface ReviewStore {
  /** Lists the replies that match every condition of the query. Those that were flagged last come first. */
  list(query: FlaggedReplyFilter & { cursor?: string; limit: number }): Promise<Items<StoredFlaggedReply>>
  /**
   * Stores a judgement, which replaces an earlier judgement of the same reply. Its `user_id` is the id of the admin who
   * judges, not that of the asker. Resolves to undefined if the reply is not flagged.
   */
  judge(
    message_id: string,
    judgement: { verdict: Verdict; note: string | null; user_id: string },
  ): Promise<StoredFlaggedReply | undefined>
}
