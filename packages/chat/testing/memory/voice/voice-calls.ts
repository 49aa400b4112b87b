import type { VoiceCallStore } from '../../../src/voice/voice.ts'
import { releaseReservation, reserve, settle } from '../budgets/spend.ts'
import type { World } from '../world.ts'

export function createMemoryVoiceCalls(world: World): VoiceCallStore {
  return {
    async reserve(caller, amount) {
      const refusal = reserve(world, caller, { message_id: caller.call_id, attempt: 0 }, amount)
      if (refusal) throw refusal
    },
    async record(call) {
      world.voiceCalls.push(call)
      settle(world, call, { message_id: call.call_id, attempt: 0 }, call.spent)
      releaseReservation(world, call.call_id)
    },
  }
}
