import type { ReplyStore } from '../../../src/replying/reply-store.ts'
import { countFreeSlots, decideSlot, type SlotFacts } from '../../../src/replying/waiting/slots.ts'
import type { MemoryData, StoredSlot } from '../memory-data.ts'
import { findHeldReply, isEarliestUnfinished, isUnfinished, type StoredReply } from './session-replies.ts'

export function createMemorySlots(data: MemoryData): Pick<ReplyStore, 'takeSlot' | 'settleSlot' | 'findSlotFacts'> {
  return {
    async takeSlot(ref, { model_id, capacity, tokens }) {
      const stored = findHeldReply(data, ref)
      if (!stored) return { isGranted: false, retryAfterMs: null }
      const self = toSlotWaiter(stored)
      const decision = decideSlot(capacity, findSlotFacts(data, model_id), self, tokens)
      const { user_id } = self
      if (decision.isGranted) data.slots.push({ ...ref, model_id, user_id, tokens, takenAtMs: data.now() })
      return decision
    },
    async settleSlot(ref, model_id, tokens) {
      for (const slot of data.slots) if (slot.model_id === model_id && isOfAttempt(slot, ref)) slot.tokens = tokens
    },
    async findSlotFacts({ id, capacity }) {
      const facts = findSlotFacts(data, id)
      return countFreeSlots(capacity, facts.slots) === 0 ? { ...facts, waiting: [] } : facts
    },
  }
}

const isOfAttempt = (slot: StoredSlot, ref: { message_id: string; attempt: number }): boolean =>
  slot.message_id === ref.message_id && slot.attempt === ref.attempt

/** Reads a model's slots and waiting replies. With `includesUnready`, replies whose pause still runs are included. */
export function findSlotFacts(data: MemoryData, model_id: string, includesUnready = false): SlotFacts {
  const slots = data.slots
    .filter((slot) => slot.model_id === model_id)
    .map((slot) => ({ ...slot, ageMs: data.now() - slot.takenAtMs, isInUse: isInUse(data, slot) }))
  const waiting = [...data.postponed].flatMap(([message_id, { attempt, models }]) => {
    const stored = data.messages.get(message_id)
    const isReady = models.some(({ id, readyAtMs }) => id === model_id && (includesUnready || readyAtMs <= data.now()))
    if (!stored || !isReady || !isUnfinished(stored) || !isEarliestUnfinished(data, stored)) return []
    return isWaiting(data, stored, attempt) ? [toSlotWaiter(stored)] : []
  })
  return { slots, waiting }
}

function isInUse(data: MemoryData, slot: StoredSlot): boolean {
  const stored = data.messages.get(slot.message_id)
  return stored !== undefined && isUnfinished(stored) && stored.row.attempt === slot.attempt && isLeased(data, stored)
}

const isLeased = (data: MemoryData, { reply }: StoredReply): boolean => (reply.lease_until ?? 0) > data.now()

/** A reply that was claimed still waits until it has its slot, or until another model is called for it. */
function isWaiting(data: MemoryData, stored: StoredReply, attempt: number): boolean {
  if (stored.reply.lease_until === null) return true
  const hasSlot = data.slots.some((slot) => isOfAttempt(slot, { ...stored.row.message, attempt: stored.row.attempt }))
  return stored.row.attempt <= attempt + 1 && !hasSlot
}

const toSlotWaiter = ({ row, reply }: StoredReply) => ({
  message_id: row.message.message_id,
  attempt: row.attempt,
  user_id: row.message.user_id ?? '',
  acceptedAtMs: reply.accepted_at,
  isClaimed: reply.lease_until !== null,
})
