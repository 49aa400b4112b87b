import type { GoldenChatter, GoldenRoom } from './types.ts'

export interface RoomLine {
  /** Identifies a message of the golden room; undefined for chatter, which no question needs. */
  id?: string
  from: string
  text: string
  pinned: boolean
}

const CHATTER_AUTHOR = 'guest'

/** Lists a room's messages, the oldest first, with `chatterPerMessage` lines of chatter after each. */
export function listRoomLines(room: GoldenRoom, chatter: GoldenChatter, chatterPerMessage: number): RoomLine[] {
  const chatterLines = chatter[room.language]
  return room.messages.flatMap(({ pinned = false, ...message }, messageIndex) => [
    { ...message, pinned },
    ...Array.from({ length: chatterPerMessage }, (_, lineIndex) => ({
      from: CHATTER_AUTHOR,
      text: chatterLines[(messageIndex * chatterPerMessage + lineIndex) % chatterLines.length] ?? '',
      pinned: false,
    })),
  ])
}
