import type { GoldenChatter, GoldenRoom } from './types.ts'

export interface RoomLine {
  /** Is missing for chatter, which no question needs. */
  id?: string
  from: string
  text: string
  pinned: boolean
}

const CHATTERER = 'guest'

/** Lists a room's messages, the oldest first, with this many lines of chatter behind each. */
export function listRoomLines(room: GoldenRoom, chatter: GoldenChatter, chatterPerMessage: number): RoomLine[] {
  const lines = chatter[room.language]
  return room.messages.flatMap(({ pinned = false, ...message }, index) => [
    { ...message, pinned },
    ...Array.from({ length: chatterPerMessage }, (_, line) => ({
      from: CHATTERER,
      text: lines[(index * chatterPerMessage + line) % lines.length] ?? '',
      pinned: false,
    })),
  ])
}
