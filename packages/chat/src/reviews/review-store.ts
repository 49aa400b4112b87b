import type { FlaggedFilter, FlaggedReply, Verdict } from '@engineer-chat/protocol'
import type { Audience, Items } from '../shared/index.ts'

/** A flagged reply, and who may see its text. */
export interface StoredFlaggedReply {
  reply: FlaggedReply
  audience: Audience
  /** Null means that the reply was retried since, so this text is no longer in the room. */
  text: string | null
}

/** Replies in which the output filter found something. They are flagged by the write that finishes them. */
export interface ReviewStore {
  /** The newest first; all that is given has to fit. */
  list(query: FlaggedFilter & { cursor?: string; limit: number }): Promise<Items<StoredFlaggedReply>>
  /** The last one counts. Undefined: the reply isn't flagged. */
  judge(
    message_id: string,
    verdict: { verdict: Verdict; note: string | null; user_id: string },
  ): Promise<StoredFlaggedReply | undefined>
}
