import type { LiveReplies } from '@engineer-chat/chat'
import { encodeDeltas } from './envelope.ts'
import type { Keys } from './keys.ts'
import { type LiveWriter, liveWriter } from './live-writer.ts'
import type { Publisher } from './publisher.ts'

/** What all replies of this process write within so many milliseconds goes out together, one envelope per room. */
const COALESCE_MS = 50

/** Texts on their way to the rooms. First into the list, then to the room: whoever hears of a piece can read it, too. */
export function liveReplies(publisher: Publisher, keys: Keys): LiveReplies & { close(): void } {
  const dirty = new Set<LiveWriter>()
  let timer: NodeJS.Timeout | undefined

  const send = (writers: Iterable<LiveWriter>, last: boolean) => {
    const deltas = [...writers].flatMap((writer) => writer.takePiece(last) ?? [])
    for (const [event_id, ofRoom] of Map.groupBy(deltas, (delta) => delta.event_id)) {
      publisher.publish(keys.room(event_id), encodeDeltas(ofRoom))
    }
  }
  const flush = () => {
    timer = undefined
    const writers = [...dirty]
    dirty.clear()
    send(writers, false)
  }

  return {
    begin(ref, event_id) {
      const writer = liveWriter(publisher, keys, ref, event_id)
      return {
        append(text) {
          writer.append(text)
          dirty.add(writer)
          timer ??= setTimeout(flush, COALESCE_MS)
        },
        end() {
          dirty.delete(writer)
          send([writer], true)
        },
      }
    },
    close: () => clearTimeout(timer),
  }
}
