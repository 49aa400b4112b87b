import { NO_SPEND, type Spend } from '../budgets/index.ts'
import type { EventStore } from '../events/index.ts'
import { type RightsLookup, requirePerson, requireRights } from '../people/index.ts'
import { createId, type Log, type Principal } from '../shared/index.ts'
import { requireAllowedEndpoint } from './require-allowed-endpoint.ts'
import type { Voice, VoiceCall, VoiceCallStore } from './voice.ts'

export interface VoiceContext {
  rights: RightsLookup
  events: Pick<EventStore, 'find' | 'list'>
  voice: Voice
  voiceCalls: VoiceCallStore
  log: Log
  /** Aborts the call when the caller disconnects. */
  signal: AbortSignal
}

interface VoiceWork<T> {
  event_id: string | undefined
  reservation: Spend
  call(): Promise<T>
  /** Describes the call by its result, or by its request if there is no result. */
  toRecord(result: T | undefined): Pick<VoiceCall, 'kind' | 'model' | 'size' | 'spent' | 'cost_micros'>
}

/**
 * Checks the rights of the caller and of the endpoint, reserves the spend, makes the call and records it. A failed call
 * costs nothing. A cancelled call costs the reserved amount, because the endpoint may have done the work.
 * @throws ChatError forbidden, event_not_found, tlp_forbids_model, budget_exceeded, and the errors of the call
 */
export async function callVoiceEndpoint<T>(ctx: VoiceContext, caller: Principal, work: VoiceWork<T>): Promise<T> {
  requirePerson(caller)
  const { event_id } = work
  if (event_id !== undefined) await requireRights(ctx, caller, event_id)
  await requireAllowedEndpoint(ctx, caller, event_id)
  const ids = { call_id: createId(), user_id: caller.user_id, event_id: event_id ?? null }
  await ctx.voiceCalls.reserve(ids, work.reservation)
  const startedAtMs = performance.now()
  const record = async (outcome: VoiceCall['outcome'], result?: T): Promise<void> => {
    const call = { ...ids, ...work.toRecord(result), outcome, total_ms: performance.now() - startedAtMs }
    const costs = outcome === 'failed' ? { spent: NO_SPEND, cost_micros: null } : {}
    await ctx.voiceCalls
      .record({ ...call, ...costs })
      .catch((cause) => ctx.log.error('EngineerChat.voice_call_not_recorded', { user_id: caller.user_id }, cause))
  }
  try {
    const result = await work.call()
    await record('ok', result)
    return result
  } catch (error) {
    await record(ctx.signal.aborted ? 'cancelled' : 'failed')
    throw error
  }
}
