import type { Test } from 'tap'
import type { Spend } from '../../../src/budgets/amounts.ts'
import { createId } from '../../../src/shared/ids.ts'
import { aPlace, type Harness } from '../harness.ts'
import { hasExactlyFree } from './has-exactly-free.ts'

const CALL = { kind: 'speech', model: 'tts-1', outcome: 'ok', size: 7, total_ms: 1.5, cost_micros: null } as const
const aSpend = (tokens: number): Spend => ({ tokens, micros: 0 })

export function proveVoiceSpend(t: Test, { stores }: Harness): void {
  t.test('[VOICE5] a voice call in an event reserves from the user’s and from the event’s budget', async (t) => {
    const { owner, event_id } = await aPlace(stores)
    const reserve = (event_id: string | null, tokens: number) =>
      stores.voiceCalls.reserve({ call_id: createId(), user_id: owner, event_id }, aSpend(tokens))
    const code = 'budget_exceeded'

    await reserve(event_id, 600)

    await t.rejects(reserve(event_id, 101), { code, message: /of this event/ })
    await t.rejects(reserve(null, 401), { code, message: /Your budget/ })
    await reserve(null, 400)
  })

  t.test('[VOICE5] the spend of a recorded voice call is booked in place of its reservation', async (t) => {
    const place = await aPlace(stores)
    const { voiceCalls } = stores
    const inEvent = { call_id: createId(), user_id: place.owner, event_id: place.event_id }
    const outsideEvents = { call_id: createId(), user_id: place.owner, event_id: null }
    await voiceCalls.reserve(inEvent, aSpend(600))
    await voiceCalls.reserve(outsideEvents, aSpend(400))

    await voiceCalls.record({ ...inEvent, ...CALL, spent: aSpend(200) })
    await voiceCalls.record({ ...outsideEvents, ...CALL, spent: aSpend(50) })

    t.ok(await hasExactlyFree(stores, place, 700), 'a question in another event can use the whole budget of that event')
    const another = { ...inEvent, call_id: createId() }
    await t.rejects(voiceCalls.reserve(another, aSpend(501)), { message: /of this event/ })
    await voiceCalls.reserve(another, aSpend(500))
    await t.rejects(voiceCalls.reserve({ ...outsideEvents, call_id: createId() }, aSpend(251)), {
      message: /Your budget/,
    })
  })
}
