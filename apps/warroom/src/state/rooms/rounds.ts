import type { Message } from '@engineer-chat/protocol'

interface ShownMessages {
  /** Lists the messages that are shown, in the order of their positions. */
  messages: readonly Message[]
  /** Says whether there are older messages than the first one. */
  hasOlder: boolean
  /** Says whether there are newer messages than the last one. */
  hasNewer: boolean
}

/** Finds where rounds of the agents' work begin. These are not the rounds of a session. */
export interface AgentRoundTracker {
  /**
   * Is called with each message in order. If a round begins with this message, remembers and returns the round. A round
   * begins with the first message whose round is higher than the rounds of all messages before.
   */
  trackBeginning(message: Message): { round_id: number; count: number | undefined } | undefined
  /** Returns true for an agent's message of a round that is not the last one that `trackBeginning` has returned. */
  differsFromLastBegunRound(message: Message): boolean
}

export function createAgentRoundTracker({ messages, hasOlder, hasNewer }: ShownMessages): AgentRoundTracker {
  const counts = countByRound(messages)
  const lastRoundId = Math.max(...counts.keys())
  /** Stays undefined until the first message of a round, if older messages may belong to the same round. */
  let highestRoundId = hasOlder ? undefined : 0
  let lastBegunRoundId: number | undefined
  return {
    trackBeginning(message) {
      const round_id = getRoundId(message)
      if (round_id === undefined || round_id <= (highestRoundId ?? 0)) return undefined
      const isBeginning = highestRoundId !== undefined
      highestRoundId = round_id
      if (!isBeginning) return undefined // The round may have begun before the first message.
      lastBegunRoundId = round_id
      return { round_id, count: hasNewer && round_id === lastRoundId ? undefined : counts.get(round_id) }
    },
    differsFromLastBegunRound(message) {
      const round_id = getRoundId(message)
      return round_id !== undefined && round_id !== lastBegunRoundId
    },
  }
}

const getRoundId = ({ message_category, round_id }: Message): number | undefined =>
  message_category === 'agent' && round_id !== null ? round_id : undefined

function countByRound(messages: readonly Message[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const message of messages) {
    const round_id = getRoundId(message)
    if (round_id !== undefined) counts.set(round_id, (counts.get(round_id) ?? 0) + 1)
  }
  return counts
}
