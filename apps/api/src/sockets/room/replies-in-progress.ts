import type { Audience, ReplyText, StoredMessage, TextDelta } from '@engineer-chat/chat/shared'

/** A text is kept up to this length for snapshots; longer ones are cut, and their row tells the rest. */
const MAX_TEXT = 64 * 1024

export interface ReplyInProgress {
  readonly message_id: string
  audience: Audience
  attempt: number
  next_index: number
  text: string
  truncated: boolean
  /** Its text couldn't be read, or told nothing new: not before then again (performance.now()). */
  read_again_at: number
}

/** `shown`: others than before may see it now. */
export type MessageEffect = 'shown' | 'none'
/** `gap`: pieces before this one are missing. */
export type DeltaEffect = 'next' | 'gap' | 'ignored'

/** The unfinished replies of one room, as its rows and deltas tell. Only a row makes a reply known, or ends it. */
export class RepliesInProgress {
  readonly #replies = new Map<string, ReplyInProgress>()

  get(message_id: string): ReplyInProgress | undefined {
    return this.#replies.get(message_id)
  }

  values(): Iterable<ReplyInProgress> {
    return this.#replies.values()
  }

  applyMessage({ message, audience, attempt }: StoredMessage): MessageEffect {
    const { message_id } = message
    if (message.message_category !== 'engineer_chat' || message.message_type !== 'thinking') {
      this.#replies.delete(message_id)
      return 'none'
    }
    const known = this.#replies.get(message_id)
    if (!known) {
      this.#replies.set(message_id, { message_id, audience, read_again_at: 0, ...createReplyInProgress(attempt) })
      return 'none'
    }
    if (attempt > known.attempt) Object.assign(known, createReplyInProgress(attempt))
    const effect = known.audience === audience ? 'none' : 'shown'
    known.audience = audience
    return effect
  }

  applyDelta({ message_id, attempt, index, text }: TextDelta): DeltaEffect {
    const known = this.#replies.get(message_id)
    if (!known || attempt < known.attempt) return 'ignored'
    if (attempt > known.attempt) Object.assign(known, createReplyInProgress(attempt))
    if (index < known.next_index) return 'ignored'
    if (index > known.next_index) return 'gap'
    known.next_index += 1
    appendText(known, text)
    return 'next'
  }

  /** What was read instead of heard; true if it tells more than was known. */
  applyText(message_id: string, { attempt, next_index, text }: ReplyText): boolean {
    const known = this.#replies.get(message_id)
    if (!known || attempt < known.attempt) return false
    if (attempt === known.attempt && next_index <= known.next_index) return false
    Object.assign(known, createReplyInProgress(attempt), { next_index })
    appendText(known, text)
    return true
  }
}

const createReplyInProgress = (attempt: number) => ({ attempt, next_index: 0, text: '', truncated: false })

function appendText(reply: ReplyInProgress, text: string): void {
  if (reply.truncated) return
  reply.text += text
  if (reply.text.length <= MAX_TEXT) return
  reply.truncated = true
  reply.text = reply.text.slice(0, MAX_TEXT)
  if (/[\ud800-\udbff]$/.test(reply.text)) reply.text = reply.text.slice(0, -1)
}
