import type { FlaggedFilter, FlaggedReply, Verdict } from '@engineer-chat/protocol'
import type { Audience, Items } from '../shared/index.ts'

/** A flagged reply, and who may see its text. */
export interface Flagged {
  reply: FlaggedReply
  audience: Audience
  /** Null: it was asked again since, and this text stands in the room no more. */
  text: string | null
}

/** Replies in which the output filter found something. They are flagged by the write that finishes them. */
export interface Reviews {
  /** The newest first; all that is given has to fit. */
  list(query: FlaggedFilter & { cursor?: string; limit: number }): Promise<Items<Flagged>>
  /** The last one counts. Undefined: the reply isn't flagged. */
  judge(
    message_id: string,
    verdict: { verdict: Verdict; note: string | null; user_id: string },
  ): Promise<Flagged | undefined>
}
