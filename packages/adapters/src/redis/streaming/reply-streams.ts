import type { ReplyStreams } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import { encodeTextDeltas, type Publisher } from '../pubsub/index.ts'
import { appendTexts } from './append-texts.ts'
import { createReplyTextWriter, type ReplyTextWriter } from './reply-text-writer.ts'
import { createRoomBatcher } from './room-batcher.ts'

/**
 * Sends the pieces of replies to their rooms. A piece goes into its list first and then to the room, so that each node
 * that receives it also finds it in the list.
 */
export function createReplyStreams(ctx: {
  publisher: Publisher
  keys: Keys
  signer: Signer
}): ReplyStreams & { close(): void } {
  const { publisher, keys } = ctx
  const send = (writers: Iterable<ReplyTextWriter>, isLast: boolean) => {
    const pieces = Array.from(writers, (writer) => writer.takePiece(isLast)).filter((piece) => piece !== undefined)
    appendTexts(
      publisher,
      pieces.flatMap(({ append }) => append ?? []),
    )
    for (const [event_id, roomPieces] of Map.groupBy(pieces, ({ delta }) => delta.event_id)) {
      publisher.publishSigned(keys.room(event_id), encodeTextDeltas(roomPieces.map(({ delta }) => delta)))
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
