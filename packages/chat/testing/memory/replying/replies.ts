import type { Hit } from '@engineer-chat/protocol'
import { NOTHING } from '../../../src/budgets/amounts.ts'
import type { Claim, Outcome, ReplyStore } from '../../../src/replying/reply-store.ts'
import type { ReplyRef } from '../../../src/shared/model.ts'
import { letGo, reserve, settle } from '../budgets/spend.ts'
import { contextOf } from '../prompting/reply-context.ts'
import { changeOf, changeRow, type Stored, timestamp, type World } from '../world.ts'
import { isEarliestUnfinished, isUnfinished, nextJob, refOf, type StoredReply } from './session-replies.ts'

export function memoryReplies(world: World): ReplyStore {
  return {
    claim: async (message_id, lease_ms) => claim(world, message_id, lease_ms),
    context: async (message_id, history_limit) => contextOf(world, message_id, history_limit),
    async renew(ref, lease_ms) {
      const stored = held(world, ref)
      if (!stored) return { held: false, cancel_requested: false }
      lease(world, stored, lease_ms)
      return { held: true, cancel_requested: stored.reply.cancel_requested }
    },
    async again(ref, lease_ms) {
      const stored = held(world, ref)
      if (!stored) return undefined
      lease(world, stored, lease_ms)
      stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
      return refOf(stored)
    },
    finish: async (ref, outcome) => finish(world, ref, outcome),
    async release(ref) {
      const stored = held(world, ref)
      if (!stored) return undefined
      Object.assign(stored.reply, { lease_until: null, due_at: world.now(), tries: stored.reply.tries - 1 })
      return refOf(stored)
    },
    due: async (limit, again_ms) => due(world, limit, again_ms),
    async hold(ref, amount) {
      const stored = held(world, ref)
      return stored !== undefined && reserve(world, askerOf(stored), ref, amount) === undefined
    },
    async recordCall(call) {
      world.calls.push(call)
      const stored = world.messages.get(call.message_id)
      if (stored) settle(world, askerOf(stored), call, call.spent ?? NOTHING)
    },
  }
}

const askerOf = ({ row: { message } }: Stored) => ({ user_id: message.user_id ?? '', event_id: message.event_id })

/** The reply, if the fence still holds: what was released, taken over or finished is nobody's. */
function held(world: World, ref: ReplyRef): StoredReply | undefined {
  const stored = world.messages.get(ref.message_id)
  if (!stored || !isUnfinished(stored) || stored.reply.lease_until === null) return undefined
  return stored.row.attempt === ref.attempt ? stored : undefined
}

function lease(world: World, stored: StoredReply, lease_ms: number): void {
  stored.reply.lease_until = world.now() + lease_ms
  stored.reply.due_at = stored.reply.lease_until
}

function claim(world: World, message_id: string, lease_ms: number): Claim | undefined {
  const stored = world.messages.get(message_id)
  if (!stored || !isUnfinished(stored) || !isEarliestUnfinished(world, stored)) return undefined
  if ((stored.reply.lease_until ?? 0) > world.now()) return undefined
  lease(world, stored, lease_ms)
  stored.reply.tries += 1
  stored.row = { ...stored.row, attempt: stored.row.attempt + 1 }
  const { tries, cancel_requested, model } = stored.reply
  return { row: stored.row, tries, cancel_requested, model }
}

function finish(world: World, ref: ReplyRef, outcome: Outcome) {
  const { type, content } = outcome
  const stored = held(world, ref)
  if (!stored) return undefined
  const from = type === 'error' ? ({ message_from: 'system', sender_type: 'system' } as const) : {}
  const row = changeRow(world, stored, { message_type: type, message_content: content, ...from })
  Object.assign(stored.reply, { lease_until: null, due_at: null, cancel_requested: false })
  letGo(world, ref.message_id)
  if (outcome.hits?.length) flag(world, ref, outcome.hits)
  return { row, change: changeOf(row), job: nextJob(world, row.message.chat_session_id) }
}

function flag(world: World, { message_id, attempt }: ReplyRef, hits: Hit[]): void {
  world.flagged = world.flagged.filter((one) => one.message_id !== message_id)
  world.flagged.push({ message_id, attempt, hits, review: null, created_at: timestamp(world) })
}

function due(world: World, limit: number, again_ms: number): ReplyRef[] {
  const now = world.now()
  const dueAt = (stored: StoredReply) => stored.reply.due_at ?? Number.POSITIVE_INFINITY
  return [...world.messages.values()]
    .filter(isUnfinished)
    .filter((stored) => dueAt(stored) <= now && isEarliestUnfinished(world, stored))
    .sort((a, b) => dueAt(a) - dueAt(b))
    .slice(0, limit)
    .map((stored) => {
      stored.reply.due_at = now + again_ms
      return refOf(stored)
    })
}
