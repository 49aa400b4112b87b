import type { FlaggedReply, FlaggedReplyFilter, Verdict } from '@engineer-chat/protocol'
import type { Items } from '../shared/index.ts'

/** Holds a flagged reply, and separately its text, because a private text may be hidden from admins. */
export interface StoredFlaggedReply {
  reply: Omit<FlaggedReply, 'text'>
  /** Null means that the reply was retried after it was flagged, so the flagged text is no longer in the room. */
  text: string | null
}

/** Stores replies in which the output filter found something. The write that finishes a reply also flags it. */
export interface ReviewStore {
  /** Lists the replies that match every condition of the query, the newest first. */
  list(query: FlaggedReplyFilter & { cursor?: string; limit: number }): Promise<Items<StoredFlaggedReply>>
  /**
   * Stores a verdict in place of the earlier one. `user_id` names the admin who judges. Resolves to undefined if the
   * reply is not flagged.
   */
  judge(
    message_id: string,
    verdict: { verdict: Verdict; note: string | null; user_id: string },
  ): Promise<StoredFlaggedReply | undefined>
}
