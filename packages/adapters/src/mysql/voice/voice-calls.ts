import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { VoiceCall, VoiceCallStore } from '@engineer-chat/chat/voice'
import type { Pool } from 'mysql2/promise'
import { releaseReservation, reserveSpend, settleSpend } from '../budgets/index.ts'
import { queryRow, type Tx, toDatabase, toIso, transaction } from '../core/index.ts'
import { voiceCalls } from '../schema/index.ts'

/** A voice call is tried once, so its reservation carries this attempt. */
const ATTEMPT = 0

export function createVoiceCallStore(pool: Pool, limits: BudgetLimits): VoiceCallStore {
  const hasBudgets = Object.keys(limits).length > 0
  return {
    async reserve(ids, amount) {
      if (!hasBudgets) return
      const refusal = await transaction(pool, async (tx) =>
        reserveSpend(tx, limits, ids, { message_id: ids.call_id, attempt: ATTEMPT }, amount, await readNow(tx)),
      )
      if (refusal) throw refusal
    },
    record: (call) =>
      transaction(pool, async (tx) => {
        await insertCall(tx, call)
        if (!hasBudgets) return
        const callRef = { message_id: call.call_id, attempt: ATTEMPT }
        await settleSpend(tx, limits, call, callRef, call.spent, (await readNow(tx)).slice(0, 10))
        await releaseReservation(tx, limits, call.call_id)
      }),
  }
}

async function readNow(tx: Tx): Promise<string> {
  const row = await queryRow<{ now: string }>(tx, 'SELECT SYSDATE(3) AS now')
  return toIso(row.now)
}

async function insertCall(tx: Tx, call: VoiceCall): Promise<void> {
  const row = { ...call, size: Math.ceil(call.size), total_ms: Math.round(call.total_ms) }
  await toDatabase(tx).insert(voiceCalls).values(row)
}
