import type { Test } from 'tap'
import type { Spend } from '../../../src/budgets/amounts.ts'
import type { LlmCall, ReplyOutcome } from '../../../src/replying/reply-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import { answer, aPlace, claimed, type MakeHarness, type Place, question } from '../harness.ts'

const GOOD: ReplyOutcome = { type: 'chat', content: { content: 'Isolate host 7.', finish_reason: 'stop' } }
const FULL = { code: 'budget_exceeded' } as const
const of = (tokens: number, micros = 0): Spend => ({ tokens, micros })

const call = (message_id: string, attempt: number, spent: Spend): LlmCall => ({
  ...{ message_id, attempt, spent, model: 'big', outcome: 'ok', error_code: null },
  ...{ usage: null, first_token_ms: 1, total_ms: 2 },
})

/** Each test sets the budgets that it is about. */
export async function spendContract(t: Test, make: MakeHarness): Promise<void> {
  t.test(
    '[SPEND1] a question holds what its call may take; what doesn’t fit is refused, and nothing of it is stored',
    async (t) => {
      const { stores } = await make(t, { user: of(1_000, Number.POSITIVE_INFINITY) })
      const place = await aPlace(stores)
      const first = await stores.messages.ask(question(place, { reservation: of(600) }))
      const before = await stores.events.find(place.event_id)
      const refused = question(place, { reservation: of(401), client_message_id: createId() })
      await t.rejects(stores.messages.ask(refused), { ...FULL, extras: { retry_after: 30 } })
      t.same(await stores.events.find(place.event_id), before, 'no number, no row')
      t.match(await stores.sessions.find(place.owner, first.session_id), { rounds: 1 })
      t.equal(
        await stores.messages.findAskResult(place.owner, refused.client_message_id ?? '', refused.request_hash),
        undefined,
      )
      await stores.messages.ask(question(place, { reservation: of(400) }))
    },
  )

  t.test('[SPEND1] a first question that is refused begins no session', async (t) => {
    const { stores } = await make(t, { user: of(10) })
    const place = await aPlace(stores)
    await t.rejects(stores.messages.ask(question(place, { reservation: of(11) })), FULL)
    t.equal(await stores.sessions.findActive(place.owner, place.event_id), undefined)
  })

  t.test('[SPEND2] a repeated request is answered before any budget', async (t) => {
    const { stores } = await make(t, { user: of(600) })
    const place = await aPlace(stores)
    const ask = question(place, { reservation: of(600), client_message_id: createId() })
    const first = await stores.messages.ask(ask)
    const again = await stores.messages.ask({ ...ask, question_id: createId(), reply_id: createId() })
    t.equal(again.question.message.message_id, first.question.message.message_id)
  })

  t.test('[SPEND3] budgets are a user’s and everybody’s in a day, and an event’s; tokens and money each', async (t) => {
    const { stores } = await make(t, { user: of(1_000, 1_000), event: of(1_500, 1_500), all: of(2_000, 2_000) })
    const here = await aPlace(stores)
    const elsewhere = await aPlace(stores)
    const ask = (place: Place, hold: Spend) => stores.messages.ask(question(place, { reservation: hold }))
    await ask(here, of(600, 600))
    await t.rejects(ask(here, of(401, 0)), { message: /Your budget/ })
    await t.rejects(ask(here, of(0, 401)), { message: /Your budget/ })
    await ask({ ...here, owner: createId() }, of(600, 600))
    await t.rejects(ask({ ...here, owner: createId() }, of(301, 0)), { message: /of this event/ })
    await ask(elsewhere, of(600, 600))
    await t.rejects(ask({ ...elsewhere, owner: createId() }, of(0, 201)), { message: /Today’s budget/ })
    await ask({ ...elsewhere, owner: createId() }, of(200, 200))
  })

  t.test(
    '[SPEND4] what a call took is booked in place of what was held; the end of the reply lets go of the rest',
    async (t) => {
      const { stores } = await make(t, { user: of(1_000) })
      const place = await aPlace(stores)
      const { replies } = stores
      const ref = await aClaim(stores, place, of(900))
      t.equal(await replies.reserve(ref, of(700)), true, 'less, once the prompt is known')
      t.equal(await room(stores, place), 300)
      await replies.recordCall(call(ref.message_id, ref.attempt, of(250)))
      t.equal(await room(stores, place), 750, 'spent')
      t.equal(await replies.reserve(ref, of(751)), false, 'another call has to fit beside it')
      t.equal(await replies.reserve(ref, of(750)), true)
      t.equal(await room(stores, place), 0)
      t.ok(await replies.finish(ref, GOOD))
      t.equal(await room(stores, place), 750)
    },
  )

  t.test('[SPEND4] a cancelled question, and one that was cancelled before its claim, let go too', async (t) => {
    const { stores } = await make(t, { user: of(1_000) })
    const place = await aPlace(stores)
    const { reply } = await stores.messages.ask(question(place, { reservation: of(900) }))
    await stores.messages.cancel(place.owner, reply.message.message_id)
    t.equal(await room(stores, place), 1_000)
  })

  t.test(
    '[SPEND5] what a worker’s death left held passes to the next claim, and is let go with the reply',
    async (t) => {
      const { stores, lapse } = await make(t, { user: of(1_000) })
      const place = await aPlace(stores)
      const { replies } = stores
      const dead = await aClaim(stores, place, of(600))
      t.equal(await replies.reserve(dead, of(600)), true)
      await lapse(dead.message_id)
      const alive = { message_id: dead.message_id, attempt: await claimed(stores, dead.message_id) }
      t.equal(await replies.reserve(dead, of(1)), false, 'fenced')
      t.equal(await replies.reserve(alive, of(600)), true, 'it is not held twice')
      await replies.recordCall(call(dead.message_id, dead.attempt, of(100)))
      t.equal(await room(stores, place), 300, 'a straggler’s call is paid for, and leaves what is held now')
      await replies.finish(alive, GOOD)
      t.equal(await room(stores, place), 900)
    },
  )

  t.test('[SPEND6] a retry holds anew, or is refused and changes nothing', async (t) => {
    const { stores } = await make(t, { user: of(1_000) })
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, of(900))
    await stores.replies.recordCall(call(ref.message_id, ref.attempt, of(500)))
    await stores.replies.finish(ref, GOOD)
    await t.rejects(
      stores.messages.retry(place.owner, ref.message_id, () => of(501)),
      FULL,
    )
    t.match(await stores.messages.findOwnReply(place.owner, ref.message_id), { message: { message_type: 'chat' } })
    await stores.messages.retry(place.owner, ref.message_id, () => of(500))
    t.equal(await room(stores, place), 0)
  })

  t.test('[SPEND6] a retry holds for the model that its question asked for', async (t) => {
    const { stores } = await make(t, { user: of(1_000) })
    const place = await aPlace(stores)
    for (const model of ['dear', null]) {
      const { reply } = await stores.messages.ask(question(place, { model }))
      await answer(stores, reply.message.message_id)
      const asked: Array<string | null> = []
      await stores.messages.retry(place.owner, reply.message.message_id, (of_model) => {
        asked.push(of_model)
        return of(300)
      })
      t.same([...new Set(asked)], [model])
      await stores.messages.cancel(place.owner, reply.message.message_id)
    }
  })

  t.test('[VOICE5] a call to voice holds, is booked in place of that, and leaves nothing held', async (t) => {
    const { stores } = await make(t, { user: of(1_000), event: of(700) })
    const place = await aPlace(stores)
    const caller = (event_id: string | null) => ({ call_id: createId(), user_id: place.owner, event_id })
    const { voiceCalls } = stores
    const here = caller(place.event_id)
    await voiceCalls.reserve(here, of(600))
    await t.rejects(voiceCalls.reserve(caller(place.event_id), of(101)), { ...FULL, message: /of this event/ })
    await t.rejects(voiceCalls.reserve(caller(null), of(401)), { ...FULL, message: /Your budget/ })
    const nowhere = caller(null)
    await voiceCalls.reserve(nowhere, of(400))
    const call = { kind: 'speech', model: 'tts-1', outcome: 'ok', size: 7, total_ms: 1.5, cost_micros: null } as const
    await voiceCalls.record({ ...here, ...call, spent: of(200) })
    await voiceCalls.record({ ...nowhere, ...call, spent: of(50) })
    t.equal(await room(stores, place), 700, 'a question elsewhere has the event’s whole budget')
    await t.rejects(voiceCalls.reserve(caller(place.event_id), of(501)), { message: /of this event/ })
    await voiceCalls.reserve(caller(place.event_id), of(500))
    await t.rejects(voiceCalls.reserve(caller(null), of(251)), { message: /Your budget/ })
  })

  t.test('[SPEND7] without budgets nothing is held and nothing is refused', async (t) => {
    const { stores } = await make(t)
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, of(1e12, 1e12))
    t.equal(await stores.replies.reserve(ref, of(1e12, 1e12)), true)
    t.ok(await stores.replies.finish(ref, GOOD))
  })
}

type Stores = Parameters<typeof claimed>[0]

async function aClaim(stores: Stores, place: Place, hold: Spend) {
  const { reply } = await stores.messages.ask(question(place, { reservation: hold }))
  const { message_id } = reply.message
  return { message_id, attempt: await claimed(stores, message_id) }
}

/** How many tokens the owner could still hold: tried out with a question that is taken back. */
async function room(stores: Stores, place: Place): Promise<number> {
  const elsewhere = { ...place, event_id: (await aPlace(stores)).event_id }
  let [fits, tooMany] = [0, 2_000]
  while (tooMany - fits > 1) {
    const tokens = Math.floor((fits + tooMany) / 2)
    const asked = await stores.messages
      .ask(question(elsewhere, { reservation: of(tokens), max_rounds: 1_000 }))
      .catch(() => null)
    if (asked) await stores.messages.cancel(place.owner, asked.reply.message.message_id)
    if (asked) fits = tokens
    else tooMany = tokens
  }
  return fits
}
