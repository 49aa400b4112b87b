import type { ReplyStreams } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import { encodeTextDeltas, type Publisher } from '../pubsub/index.ts'
import { appendDeltas } from './append-deltas.ts'
import { createReplyTextWriter, type ReplyTextWriter } from './reply-text-writer.ts'
import { createRoomBatcher } from './room-batcher.ts'

/**
 * Sends the deltas of replies to their rooms. A delta goes into its list first and then to the room, so that each node
 * that receives it also finds it in the list.
 */
export function createReplyStreams(ctx: {
  publisher: Publisher
  keys: Keys
  signer: Signer
}): ReplyStreams & { close(): void } {
  const { publisher, keys } = ctx
  const send = (writers: Iterable<ReplyTextWriter>, isLast: boolean) => {
    const taken = Array.from(writers, (writer) => writer.takeDelta(isLast)).filter((delta) => delta !== undefined)
    appendDeltas(
      publisher,
      taken.flatMap(({ deltaToAppend }) => deltaToAppend ?? []),
    )
    for (const [event_id, takenInRoom] of Map.groupBy(taken, ({ delta }) => delta.event_id)) {
      publisher.publishSigned(keys.roomChannel(event_id), encodeTextDeltas(takenInRoom.map(({ delta }) => delta)))
    }
  }
  const batcher = createRoomBatcher<ReplyTextWriter>((writers) => send(writers, false))

  return {
    open(ref, event_id) {
      const writer = createReplyTextWriter(ctx, ref, event_id)
      return {
        append(text) {
          writer.append(text)
          batcher.add(event_id, writer)
        },
        end() {
          batcher.remove(event_id, writer)
          send([writer], true)
          writer.expireSoon()
        },
      }
    },
    close: () => batcher.close(),
  }
}
