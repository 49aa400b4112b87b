import type { Audience, ReplyText, StoredMessage, TextDelta } from '@engineer-chat/chat/shared'

/** For snapshots, at most this many characters of a text are kept. A client gets the rest with the finished message. */
const MAX_TEXT_CHARACTERS = 64 * 1024

/** States what happens to the next delta of a reply. */
export type TextStatus =
  /** Each delta is sent when it arrives. */
  | { state: 'following' }
  /** Deltas were missing, so the whole text is being read. Deltas that arrive meanwhile wait. */
  | { state: 'reading'; waiting: TextDelta[] }
  /** The text could not be read, or had nothing new. It is not read again before this `performance.now()`. */
  | { state: 'pausing'; untilMs: number }

export interface ReplyInProgress {
  readonly messageId: string
  audience: Audience
  attempt: number
  /** Holds the index of the next delta. */
  nextIndex: number
  text: string
  isCut: boolean
  textStatus: TextStatus
}

/** `audience_widened` means that more people than before may see the reply now. */
export type MessageEffect = 'audience_widened' | 'none'
/** `next` means that the delta continued the text, and `early` that deltas before it are missing. */
export type DeltaEffect = 'next' | 'early' | 'ignored'

/** Keeps the unfinished replies of one room. A message starts or finishes a reply, and a delta adds text to it. */
export class RepliesInProgress {
  readonly #replies = new Map<string, ReplyInProgress>()

  get(messageId: string): ReplyInProgress | undefined {
    return this.#replies.get(messageId)
  }

  listAll(): Iterable<ReplyInProgress> {
    return this.#replies.values()
  }

  applyMessage({ message, audience, attempt }: StoredMessage): MessageEffect {
    const { message_id: messageId } = message
    if (message.message_category !== 'engineer_chat' || message.message_type !== 'thinking') {
      this.#replies.delete(messageId)
      return 'none'
    }
    const reply = this.#replies.get(messageId)
    if (!reply) {
      this.#replies.set(messageId, { messageId, audience, textStatus: FOLLOWING, ...createEmptyText(attempt) })
      return 'none'
    }
    if (attempt > reply.attempt) Object.assign(reply, createEmptyText(attempt))
    const effect = reply.audience === audience ? 'none' : 'audience_widened'
    reply.audience = audience
    return effect
  }

  applyDelta({ message_id, attempt, index, text }: TextDelta): DeltaEffect {
    const reply = this.#replies.get(message_id)
    if (!reply || attempt < reply.attempt) return 'ignored'
    if (attempt > reply.attempt) Object.assign(reply, createEmptyText(attempt))
    if (index < reply.nextIndex) return 'ignored'
    if (index > reply.nextIndex) return 'early'
    reply.nextIndex += 1
    appendText(reply, text)
    return 'next'
  }

  /**
   * Replaces the known text by one that was read as a whole. Returns false if the reply has ended, or the text is not
   * newer than the known one.
   */
  applyText(messageId: string, { attempt, next_index, text }: ReplyText): boolean {
    const reply = this.#replies.get(messageId)
    if (!reply || attempt < reply.attempt) return false
    if (attempt === reply.attempt && next_index <= reply.nextIndex) return false
    Object.assign(reply, createEmptyText(attempt), { nextIndex: next_index })
    appendText(reply, text)
    return true
  }
}

export const FOLLOWING: TextStatus = { state: 'following' }

const createEmptyText = (attempt: number) => ({ attempt, nextIndex: 0, text: '', isCut: false })

function appendText(reply: ReplyInProgress, text: string): void {
  if (reply.isCut) return
  reply.text += text
  if (reply.text.length <= MAX_TEXT_CHARACTERS) return
  reply.isCut = true
  reply.text = reply.text.slice(0, MAX_TEXT_CHARACTERS)
  // The first half of a surrogate pair is removed if its second half was cut off.
  if (/[\ud800-\udbff]$/.test(reply.text)) reply.text = reply.text.slice(0, -1)
}
