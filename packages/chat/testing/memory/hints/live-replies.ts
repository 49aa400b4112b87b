import type { ReplyStreams, ReplyText, TextDelta } from '../../../src/shared/reply-streams.ts'

export type PublishDeltas = (event_id: string, deltas: TextDelta[]) => void

/** Publishes every piece immediately and alone. It keeps the text of each message's highest attempt. */
export function createMemoryReplyStreams(publish: PublishDeltas, isLost: () => boolean) {
  const texts = new Map<string, ReplyText>()
  const replyStreams: ReplyStreams = {
    open(ref, event_id) {
      let index = 0
      return {
        append(text) {
          const delta: TextDelta = { ...ref, event_id, index: index++, text }
          if (!isLost()) storeDelta(texts, delta)
          publish(event_id, [delta])
        },
        end() {},
      }
    },
  }
  const findReplyText = (message_id: string): ReplyText | undefined => {
    const text = texts.get(message_id)
    return isLost() || !text ? undefined : { ...text }
  }
  return { replyStreams, findReplyText }
}

function storeDelta(texts: Map<string, ReplyText>, { message_id, attempt, index, text }: TextDelta): void {
  const stored = texts.get(message_id)
  if (stored && stored.attempt > attempt) return
  const textBefore = stored?.attempt === attempt ? stored.text : ''
  texts.set(message_id, { attempt, next_index: index + 1, text: textBefore + text })
}
