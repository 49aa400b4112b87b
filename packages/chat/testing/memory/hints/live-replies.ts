import type { Delta, LiveReplies, LiveText } from '../../../src/shared/room-bus.ts'

export type TellDeltas = (event_id: string, deltas: Delta[]) => void

/** Every piece is told at once, nothing is coalesced; what was written is kept by message, the highest attempt alone. */
export function memoryLive(tell: TellDeltas, lost: () => boolean) {
  const texts = new Map<string, LiveText>()
  const replies: LiveReplies = {
    begin(ref, event_id) {
      let index = 0
      return {
        append(text) {
          const delta: Delta = { ...ref, event_id, index: index++, text }
          if (!lost()) remember(texts, delta)
          tell(event_id, [delta])
        },
        end() {},
      }
    },
  }
  const read = (message_id: string): LiveText | undefined => {
    const text = texts.get(message_id)
    return lost() || !text ? undefined : { ...text }
  }
  return { replies, read }
}

function remember(texts: Map<string, LiveText>, { message_id, attempt, index, text }: Delta): void {
  const known = texts.get(message_id)
  if (known && known.attempt > attempt) return
  const before = known?.attempt === attempt ? known.text : ''
  texts.set(message_id, { attempt, next_index: index + 1, text: before + text })
}
