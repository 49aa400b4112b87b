import {
  type BudgetLimits,
  type BudgetUsage,
  findBudgetRefusal,
  listSpendKeys,
  NO_SPEND,
  NO_USAGE,
  type Spend,
  type SpendChange,
  type SpendKey,
  toSpendId,
} from '../budgets/index.ts'
import type { NewQuestion } from '../rooms/index.ts'
import type { ChatError, LockedRoom, ReplyRef } from '../shared/index.ts'

/**
 * Holds the limits of all budgets, and the stored usage of each budget that a batch may change. A batch consists of the
 * questions of one transaction.
 */
export interface BudgetState {
  limits: BudgetLimits
  /** Maps the id (`toSpendId`) of each budget that the batch may change to its usage. */
  usage: ReadonlyMap<string, BudgetUsage>
}

/** Holds the spend that a question's reply reserves for its first call. */
export interface QuestionReservation extends Spend, ReplyRef {
  user_id: string
  event_id: string
  /** Holds the day of the question in UTC, as `2026-01-31`. */
  day: string
}

/** Holds the TLP label of a question's event, and the time of the transaction in ISO 8601, in UTC. */
type RoomFacts = Pick<LockedRoom, 'tlp' | 'now'>

/** Adds up what the questions of a batch reserve from the budgets, one question after the other. */
export interface BudgetTracker {
  /** Finds the error of the first budget that has too little left for the question's reservation, or undefined. */
  findRefusal(newQuestion: NewQuestion, room: RoomFacts): ChatError | undefined
  /** Adds the question's reservation to `reservations` and `spendChanges`. `findRefusal` counts it from then on. */
  reserve(newQuestion: NewQuestion, room: RoomFacts): void
  /** Lists one reservation for each question that reserves something. */
  readonly reservations: QuestionReservation[]
  /** Maps the id of each changed budget (`toSpendId`) to its change. */
  readonly spendChanges: Map<string, SpendChange>
}

/** Lists the keys of the budgets from which a question reserves something. */
export function listQuestionSpendKeys(limits: BudgetLimits, newQuestion: NewQuestion, room: RoomFacts): SpendKey[] {
  const { tokens, micros } = getReservedSpend(newQuestion, room)
  return tokens > 0 || micros > 0 ? listSpendKeys(limits, newQuestion, toDay(room.now)) : []
}

/** Returns what the question reserves. In a TLP:RED event, this may be another amount, because other models answer. */
function getReservedSpend({ reservation = NO_SPEND, red_reservation }: NewQuestion, { tlp }: RoomFacts): Spend {
  return tlp === 'red' && red_reservation ? red_reservation : reservation
}

/** Converts a time in ISO 8601 to its day, as `2026-01-31`. */
const toDay = (time: string): string => time.slice(0, 10)

export function createBudgetTracker({ limits, usage }: BudgetState): BudgetTracker {
  const reservations: QuestionReservation[] = []
  const spendChanges = new Map<string, SpendChange>()
  return { reservations, spendChanges, findRefusal, reserve }

  function findRefusal(newQuestion: NewQuestion, room: RoomFacts): ChatError | undefined {
    const added = getReservedSpend(newQuestion, room)
    return listQuestionSpendKeys(limits, newQuestion, room)
      .map((key) => findBudgetRefusal(limits[key.scope], key, getUsage(toSpendId(key)), added, room.now))
      .find((refusal) => refusal !== undefined)
  }

  function reserve(newQuestion: NewQuestion, room: RoomFacts): void {
    const keys = listQuestionSpendKeys(limits, newQuestion, room)
    if (keys.length === 0) return
    const { reply_id, user_id, event_id } = newQuestion
    const { tokens, micros } = getReservedSpend(newQuestion, room)
    reservations.push({ message_id: reply_id, attempt: 0, user_id, event_id, day: toDay(room.now), tokens, micros })
    for (const key of keys) {
      const spendId = toSpendId(key)
      const earlier = spendChanges.get(spendId)?.reserved ?? NO_SPEND
      const reserved = { tokens: earlier.tokens + tokens, micros: earlier.micros + micros }
      spendChanges.set(spendId, { key, spent: NO_SPEND, reserved })
    }
  }

  /** Returns the stored usage plus the reservations of the batch's earlier questions. */
  function getUsage(spendId: string): BudgetUsage {
    const stored = usage.get(spendId) ?? NO_USAGE
    const reserved = spendChanges.get(spendId)?.reserved ?? NO_SPEND
    return {
      ...stored,
      tokens_held: stored.tokens_held + reserved.tokens,
      micros_held: stored.micros_held + reserved.micros,
    }
  }
}
