import type { Message } from '@engineer-chat/protocol'

interface Options {
  /** The messages that are shown, in their order. */
  messages: readonly Message[]
  /** Is true if there are older messages than the first one. */
  hasOlder: boolean
  /** Is true if there are newer messages than the last one. */
  hasNewer: boolean
}

/** Says where a round of the agents begins, going through the messages in their order. */
export interface RoundWatch {
  /** Returns the round that begins with this message: the first one with a higher number than all before. */
  findBegun(message: Message): { round_id: number; count: number | undefined } | undefined
  /** Returns true if an agent's message belongs to another round than the last one that began. */
  isOfOtherRound(message: Message): boolean
}

export function createRoundWatch({ messages, hasOlder, hasNewer }: Options): RoundWatch {
  const counts = countByRound(messages)
  const last = Math.max(...counts.keys())
  let highest = hasOlder ? undefined : 0
  let begun: number | undefined
  return {
    findBegun(message) {
      const round_id = findRound(message)
      if (round_id === undefined || round_id <= (highest ?? 0)) return undefined
      const isBeginning = highest !== undefined
      highest = round_id
      if (!isBeginning) return undefined // The round may have begun before the first message.
      begun = round_id
      return { round_id, count: hasNewer && round_id === last ? undefined : counts.get(round_id) }
    },
    isOfOtherRound(message) {
      const round_id = findRound(message)
      return round_id !== undefined && round_id !== begun
    },
  }
}

const findRound = ({ message_category, round_id }: Message): number | undefined =>
  message_category === 'agent' && round_id !== null ? round_id : undefined

function countByRound(messages: readonly Message[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const message of messages) {
    const round_id = findRound(message)
    if (round_id !== undefined) counts.set(round_id, (counts.get(round_id) ?? 0) + 1)
  }
  return counts
}
