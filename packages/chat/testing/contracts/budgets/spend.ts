import type { Test } from 'tap'
import type { Spend } from '../../../src/budgets/amounts.ts'
import type { LlmCall, ReplyOutcome } from '../../../src/replying/reply-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  claimReply,
  type Harness,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'
import { hasExactlyFree } from './has-exactly-free.ts'
import { proveVoiceSpend } from './voice-spend.ts'

const ANSWER: ReplyOutcome = { type: 'chat', content: { content: 'Isolate host 7.', finish_reason: 'stop' } }
const EXCEEDED = { code: 'budget_exceeded' } as const
const aSpend = (tokens: number, micros = 0): Spend => ({ tokens, micros })

const aCall = (message_id: string, attempt: number, spent: Spend): LlmCall => ({
  message_id,
  attempt,
  spent,
  model: 'big',
  outcome: 'ok',
  error_code: null,
  usage: null,
  first_token_ms: 1,
  total_ms: 2,
})

/** Proves budgets. The tests of user budgets share a harness, because each test has its own users. */
export async function spendContract(t: Test, make: MakeHarness): Promise<void> {
  const makeWithUserBudget = (t: Test) => make(t, { user: aSpend(1_000) })
  await runSuite(t, 'a user’s budget', makeWithUserBudget, proveReservations, proveCalls, proveDeaths, proveRetries)
  await runSuite(t, 'budgets of voice', (t) => make(t, { user: aSpend(1_000), event: aSpend(700) }), proveVoiceSpend)
  await t.test('scopes of budgets', async (t) => proveScopes(t, make))
}

function proveReservations(t: Test, { stores }: Harness): void {
  t.test(
    '[SPEND1] a question reserves the maximum spend of its call, up to the last token of the budget',
    async (t) => {
      const place = await aPlace(stores)
      await ask(stores, place, aSpend(600))
      await t.rejects(ask(stores, place, aSpend(401)), { ...EXCEEDED, extras: { retry_after_seconds: 30 } })
      await ask(stores, place, aSpend(400))
    },
  )

  t.test('[SPEND1] a question that is refused stores nothing', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await ask(stores, place, aSpend(600))
    const before = await stores.events.find(place.event_id)
    const refused = aQuestion(place, { reservation: aSpend(401), client_message_id: createId() })

    await t.rejects(stores.messages.ask(refused), EXCEEDED)

    t.same(await stores.events.find(place.event_id), before, 'no sequence number is taken')
    t.match(await stores.sessions.find(place.owner, session_id), { rounds: 1 })
    const key = refused.client_message_id ?? ''
    t.equal(await stores.messages.findAskResult(place.owner, key, refused.request_hash), undefined)
  })

  t.test('[SPEND1] a first question that is refused begins no session', async (t) => {
    const place = await aPlace(stores)
    await t.rejects(ask(stores, place, aSpend(1_001)), EXCEEDED)
    t.equal(await stores.sessions.findActive(place.owner, place.event_id), undefined)
  })

  t.test('[SPEND1] a question in an event that is TLP:RED reserves what the models for this label cost', async (t) => {
    const place = await aPlace(stores)
    const askWithRed = (reserved: number, redReserved: number) =>
      stores.messages.ask(aQuestion(place, { reservation: aSpend(reserved), red_reservation: aSpend(redReserved) }))
    await askWithRed(600, 1_001)
    await stores.events.update(place.event_id, { tlp: 'red' }, { user_id: place.other, role: 'admin' })
    await t.rejects(askWithRed(0, 401), EXCEEDED)
    await askWithRed(1_001, 0)
    await askWithRed(1_001, 400)
    await t.rejects(askWithRed(0, 1), EXCEEDED)
  })

  t.test('[SPEND2] a repeated request gets its result even if its budget is used up', async (t) => {
    const place = await aPlace(stores)
    const newQuestion = aQuestion(place, { reservation: aSpend(600), client_message_id: createId() })
    const first = await stores.messages.ask(newQuestion)
    const repeated = await stores.messages.ask({ ...newQuestion, question_id: createId(), reply_id: createId() })
    t.equal(repeated.question.message.message_id, first.question.message.message_id)
  })
}

function proveScopes(t: Test, make: MakeHarness): void {
  t.test('[SPEND3] a user’s daily budget limits tokens and money separately', async (t) => {
    const { stores } = await make(t, { user: aSpend(1_000, 1_000) })
    const place = await aPlace(stores)
    await ask(stores, place, aSpend(600, 600))
    await t.rejects(ask(stores, place, aSpend(401, 0)), { message: /Your budget/ })
    await t.rejects(ask(stores, place, aSpend(0, 401)), { message: /Your budget/ })
    await ask(stores, { ...place, owner: createId() }, aSpend(600, 600))
  })

  t.test('[SPEND3] all askers in an event share its budget', async (t) => {
    const { stores } = await make(t, { event: aSpend(1_500, 1_500) })
    const [place, elsewhere] = [await aPlace(stores), await aPlace(stores)]
    await ask(stores, place, aSpend(1_200, 1_200))
    await t.rejects(ask(stores, { ...place, owner: createId() }, aSpend(301, 0)), { message: /of this event/ })
    await ask(stores, elsewhere, aSpend(301, 301))
  })

  t.test('[SPEND3] all events share the daily budget of everybody', async (t) => {
    const { stores } = await make(t, { all: aSpend(2_000, 2_000) })
    await ask(stores, await aPlace(stores), aSpend(1_800, 1_800))
    await t.rejects(ask(stores, await aPlace(stores), aSpend(0, 201)), { message: /Today’s budget/ })
    await ask(stores, await aPlace(stores), aSpend(200, 200))
  })

  t.test('[SPEND7] without budgets nothing is reserved and nothing is refused', async (t) => {
    const { stores } = await make(t)
    const ref = await aClaim(stores, await aPlace(stores), aSpend(1e12, 1e12))
    t.equal(await stores.replies.reserve(ref, aSpend(1e12, 1e12)), true)
    t.ok(await stores.replies.finish(ref, ANSWER))
  })
}

function proveCalls(t: Test, { stores }: Harness): void {
  t.test('[SPEND4] a better estimate of a call replaces the reservation', async (t) => {
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, aSpend(900))
    t.equal(await stores.replies.reserve(ref, aSpend(700)), true)
    t.ok(await hasExactlyFree(stores, place, 300))
  })

  t.test('[SPEND4] the spend of a call is booked in place of its reservation', async (t) => {
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, aSpend(700))
    await stores.replies.reserve(ref, aSpend(700))

    await stores.replies.recordCall(aCall(ref.message_id, ref.attempt, aSpend(250)))

    t.ok(await hasExactlyFree(stores, place, 750))
    t.equal(await stores.replies.reserve(ref, aSpend(751)), false, 'another call gets only the rest of the budget')
    t.equal(await stores.replies.reserve(ref, aSpend(750)), true)
    t.ok(await hasExactlyFree(stores, place, 0))
  })

  t.test('[SPEND4] the end of a reply releases its reservation', async (t) => {
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, aSpend(700))
    await stores.replies.reserve(ref, aSpend(700))
    await stores.replies.recordCall(aCall(ref.message_id, ref.attempt, aSpend(250)))
    await stores.replies.reserve(ref, aSpend(750))

    t.ok(await stores.replies.finish(ref, ANSWER))

    t.ok(await hasExactlyFree(stores, place, 750))
  })

  t.test('[SPEND4] a reply that is cancelled before its claim releases its reservation', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await ask(stores, place, aSpend(900))
    await stores.messages.cancel(place.owner, reply.message.message_id)
    t.ok(await hasExactlyFree(stores, place, 1_000))
  })
}

function proveDeaths(t: Test, { stores, expireLease }: Harness): void {
  t.test('[SPEND5] the reservation of a dead worker passes to the next claim', async (t) => {
    const deadClaim = await aClaim(stores, await aPlace(stores), aSpend(600))
    await stores.replies.reserve(deadClaim, aSpend(600))
    await expireLease(deadClaim.message_id)

    const nextClaim = { message_id: deadClaim.message_id, attempt: await claimReply(stores, deadClaim.message_id) }

    t.equal(await stores.replies.reserve(deadClaim, aSpend(1)), false, 'the fence refuses the dead worker')
    t.equal(await stores.replies.reserve(nextClaim, aSpend(600)), true, 'the spend is not reserved twice')
  })

  t.test('[SPEND5] a late call of a dead worker is booked in addition to the present reservation', async (t) => {
    const place = await aPlace(stores)
    const deadClaim = await aClaim(stores, place, aSpend(600))
    await stores.replies.reserve(deadClaim, aSpend(600))
    await expireLease(deadClaim.message_id)
    const nextClaim = { message_id: deadClaim.message_id, attempt: await claimReply(stores, deadClaim.message_id) }
    await stores.replies.reserve(nextClaim, aSpend(600))

    await stores.replies.recordCall(aCall(deadClaim.message_id, deadClaim.attempt, aSpend(100)))
    const areBothCounted = await hasExactlyFree(stores, place, 300)
    await stores.replies.finish(nextClaim, ANSWER)

    t.ok(areBothCounted)
    t.ok(await hasExactlyFree(stores, place, 900))
  })
}

function proveRetries(t: Test, { stores }: Harness): void {
  t.test('[SPEND6] a retry reserves again, or is refused and changes nothing', async (t) => {
    const place = await aPlace(stores)
    const ref = await aClaim(stores, place, aSpend(900))
    await stores.replies.recordCall(aCall(ref.message_id, ref.attempt, aSpend(500)))
    await stores.replies.finish(ref, ANSWER)
    const retry = (tokens: number) => stores.messages.retry(place.owner, ref.message_id, () => aSpend(tokens))

    await t.rejects(retry(501), EXCEEDED)
    t.match(await stores.messages.findOwnReply(place.owner, ref.message_id), { message: { message_type: 'chat' } })

    await retry(500)
    t.ok(await hasExactlyFree(stores, place, 0))
  })

  for (const requestedModel of ['dear', null]) {
    t.test(`[SPEND6] a retry reserves for the model that its question requested: ${requestedModel}`, async (t) => {
      const place = await aPlace(stores)
      const { reply } = await stores.messages.ask(aQuestion(place, { model: requestedModel }))
      await answerReply(stores, reply.message.message_id)
      const estimatedModels = new Set<string | null>()

      await stores.messages.retry(place.owner, reply.message.message_id, (model) => {
        estimatedModels.add(model)
        return aSpend(300)
      })

      t.same([...estimatedModels], [requestedModel])
    })
  }
}

function ask(stores: Stores, place: Place, reservation: Spend) {
  return stores.messages.ask(aQuestion(place, { reservation }))
}

async function aClaim(stores: Stores, place: Place, reservation: Spend) {
  const { message_id } = (await ask(stores, place, reservation)).reply.message
  return { message_id, attempt: await claimReply(stores, message_id) }
}
