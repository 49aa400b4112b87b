import type { LiveReplies } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import { encodeDeltas, type Publisher } from '../pubsub/index.ts'
import { appendAll } from './append-texts.ts'
import { type LiveWriter, liveWriter } from './reply-text-writer.ts'
import { departures } from './room-batcher.ts'

/** Texts on their way to the rooms. First into the list, then to the room: whoever hears of a piece can read it, too. */
export function liveReplies(publisher: Publisher, keys: Keys): LiveReplies & { close(): void } {
  const send = (writers: Iterable<LiveWriter>, last: boolean) => {
    const pieces = Array.from(writers, (writer) => writer.takePiece(last)).filter((piece) => piece !== undefined)
    appendAll(
      publisher,
      pieces.flatMap(({ append }) => append ?? []),
    )
    for (const [event_id, ofRoom] of Map.groupBy(pieces, ({ delta }) => delta.event_id)) {
      publisher.publish(keys.room(event_id), encodeDeltas(ofRoom.map(({ delta }) => delta)))
    }
  }
  const waiting = departures<LiveWriter>((writers) => send(writers, false))

  return {
    begin(ref, event_id) {
      const writer = liveWriter(publisher, keys, ref, event_id)
      return {
        append(text) {
          writer.append(text)
          waiting.add(event_id, writer)
        },
        end() {
          waiting.remove(event_id, writer)
          send([writer], true)
        },
      }
    },
    close: () => waiting.close(),
  }
}
