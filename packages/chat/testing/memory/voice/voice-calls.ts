import type { VoiceCallStore } from '../../../src/voice/voice.ts'
import { releaseReservation, reserve, settle } from '../budgets/spend.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemoryVoiceCalls(data: MemoryData): VoiceCallStore {
  return {
    async reserve(caller, amount) {
      const refusal = reserve(data, caller, { message_id: caller.call_id, attempt: 0 }, amount)
      if (refusal) throw refusal
    },
    async record(call) {
      data.voiceCalls.push(call)
      settle(data, call, { message_id: call.call_id, attempt: 0 }, call.spent)
      releaseReservation(data, call.call_id)
    },
  }
}
