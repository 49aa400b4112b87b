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
  /** Is undefined if the request names no event. */
  event_id: string | undefined
  /** Is reserved in the budgets before the call. For a recording it is an estimate. */
  reservation: Spend
  call(): Promise<T>
  /** Describes the call by its result. Without a result, it describes the call by the request. */
  toRecord(result: T | undefined): Pick<VoiceCall, 'kind' | 'model' | 'size' | 'spent' | 'cost_micros'>
}

/**
 * Checks the caller's rights and whether the endpoint may get the data. Then it reserves the spend, makes the call and
 * records it. A failed call costs nothing. A cancelled call costs the reserved amount, because the endpoint may have
 * done the work.
 * @throws ChatError forbidden, event_not_found, tlp_forbids_model, budget_exceeded, and the errors of the call
 */
export async function callVoiceEndpoint<T>(ctx: VoiceContext, caller: Principal, work: VoiceWork<T>): Promise<T> {
  requirePerson(caller)
  const { event_id } = work
  if (event_id !== undefined) await requireRights(ctx, caller, event_id)
  await requireAllowedEndpoint(ctx, caller, event_id)
  const callIds = { call_id: createId(), user_id: caller.user_id, event_id: event_id ?? null }
  await ctx.voiceCalls.reserve(callIds, work.reservation)
  const startedAtMs = performance.now()
  const recordCall = async (outcome: VoiceCall['outcome'], result?: T): Promise<void> => {
    const finishedCall = { ...callIds, ...work.toRecord(result), outcome, total_ms: performance.now() - startedAtMs }
    const costsIfFailed = outcome === 'failed' ? { spent: NO_SPEND, cost_micros: null } : {}
    await ctx.voiceCalls
      .record({ ...finishedCall, ...costsIfFailed })
      .catch((cause) => ctx.log.error('EngineerChat.voice_call_not_recorded', { user_id: caller.user_id }, cause))
  }
  try {
    const result = await work.call()
    await recordCall('ok', result)
    return result
  } catch (error) {
    await recordCall(ctx.signal.aborted ? 'cancelled' : 'failed')
    throw error
  }
}
