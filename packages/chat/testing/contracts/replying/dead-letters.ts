import type { Test } from 'tap'
import type { Catalogue } from '../../../src/models/index.ts'
import { type DeadLetter, retryFailedReplies } from '../../../src/replying/index.ts'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, type Harness, type MakeHarness, type Place, runSuite } from '../harness.ts'

/** Proves a DeadLetterStore. */
export const deadLettersContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'dead letters', make, proveLists, provePages, proveRetriedReply, proveChangedReply)

function proveLists(t: Test, { stores }: Harness): void {
  const { deadLetters } = stores

  t.test('[OPS3] replies that ended as an error are listed and counted, the newest first', async (t) => {
    const place = await aPlace(stores)
    const before = await deadLetters.count()
    const answered = await askQuestion(stores, place)
    await answerReply(stores, answered)
    const first = await failReply(stores, place, 'llm_unreachable')
    const second = await failReply(stores, place, 'llm_rejected')
    await askQuestion(stores, place) // This reply is still running.

    const [newest, older] = await deadLetters.list({ limit: 10 })

    t.match(newest, { message_id: second, event_id: place.event_id, user_id: place.owner, code: 'llm_rejected' })
    t.match(older, { message_id: first, attempts: 1, asked_at: /Z$/, failed_at: /Z$/ })
    t.equal(await deadLetters.count(), before + 2)
    t.match(await deadLetters.find(first), { code: 'llm_unreachable' })
    t.equal(await deadLetters.find(answered), undefined)
  })

  t.test('[OPS3] a list has at most `limit` letters, and may be filtered by the code of the failure', async (t) => {
    const place = await aPlace(stores)
    const unreachable = await failReply(stores, place, 'llm_unreachable')
    const rejected = await failReply(stores, place, 'llm_rejected')

    const limited = await deadLetters.list({ limit: 1 })
    const unreachableIds = (await deadLetters.list({ limit: 10, code: 'llm_unreachable' })).map(
      ({ message_id }) => message_id,
    )

    t.equal(await deadLetters.count({ code: 'no_such_code' }), 0)
    t.equal(limited.length, 1)
    t.same([unreachableIds.includes(unreachable), unreachableIds.includes(rejected)], [true, false])
  })
}

function provePages(t: Test, { stores }: Harness): void {
  const { deadLetters, messages } = stores

  t.test('[OPS1] a list continues after any of its letters, even when earlier letters are gone', async (t) => {
    const place = await aPlace(stores)
    const failed: string[] = []
    for (let index = 0; index < 5; index += 1) failed.push(await failReply(stores, place, 'llm_unreachable'))
    const listAfter = async (after?: DeadLetter) =>
      (await deadLetters.list({ limit: 100, after })).filter(({ event_id }) => event_id === place.event_id)
    const newestFirst = failed.toReversed()
    const allLetters = await listAfter()

    await messages.retry(place.owner, newestFirst[0] ?? '')
    const afterSecond = await listAfter(allLetters[1])

    t.same(
      [allLetters, afterSecond].map((letters) => letters.map(({ message_id }) => message_id)),
      [newestFirst, newestFirst.slice(2)],
    )
  })
}

function proveRetriedReply(t: Test, { stores }: Harness): void {
  const { deadLetters, messages } = stores

  t.test('[OPS3] a reply that is asked again is not a dead letter any more', async (t) => {
    const place = await aPlace(stores)
    const failed = await failReply(stores, place, 'llm_unreachable')
    const before = await deadLetters.count()

    await messages.retry(place.owner, failed)

    t.equal(await deadLetters.find(failed), undefined)
    t.equal(await deadLetters.count(), before - 1)
  })
}

function proveChangedReply(t: Test, { stores }: Harness): void {
  const { deadLetters, messages, audit } = stores
  const operator = { actor: 'operator', address: null, request_id: null, detail: 'test' }
  const retryLetters = (letters: Array<DeadLetter | undefined>) => {
    const listed = letters.filter((letter) => letter !== undefined)
    return retryFailedReplies({ messages, audit, models: MODELS }, listed, operator)
  }

  t.test('[OPS3] a listed failure that has become an answer meanwhile is not asked again', async (t) => {
    const place = await aPlace(stores)
    const failed = await failReply(stores, place, 'llm_unreachable')
    const letter = await deadLetters.find(failed)
    await messages.retry(place.owner, failed)
    const { row } = await answerReply(stores, failed)

    const counts = await retryLetters([letter])

    t.match(counts, { retried: 0 })
    t.same(await messages.findOwnReply(place.owner, failed), row)
    t.same((await audit.list({ limit: 1, object_id: failed })).items, [])
  })

  t.test('[OPS3] a listed failure that has failed again meanwhile is another failure', async (t) => {
    const place = await aPlace(stores)
    const failed = await failReply(stores, place, 'llm_unreachable')
    const letter = await deadLetters.find(failed)
    await messages.retry(place.owner, failed)
    await answerReply(stores, failed, { content: 'sorry', error: { code: 'llm_rejected', retryable: true } })

    t.match(await retryLetters([letter]), { retried: 0 })
    t.match(await deadLetters.find(failed), { code: 'llm_rejected' })
    t.match(await retryLetters([await deadLetters.find(failed)]), { retried: 1 })
  })

  t.test('[LIFE8] an asker may retry an answer', async (t) => {
    const place = await aPlace(stores)
    const answered = await askQuestion(stores, place)
    await answerReply(stores, answered)

    const retried = await messages.retry(place.owner, answered)

    t.match(retried, { row: { message: { message_type: 'thinking' } }, job: { message_id: answered } })
  })
}

const MODELS: Catalogue = {
  default: 'gpt',
  models: [
    {
      id: 'gpt',
      provider: 'test',
      context_window: null,
      max_tokens: 10,
      prices: null,
      choose_for: [],
      fallbacks: [],
    },
  ],
}

async function askQuestion(stores: Stores, place: Place): Promise<string> {
  return (await stores.messages.ask(aQuestion(place))).reply.message.message_id
}

async function failReply(stores: Stores, place: Place, code: 'llm_unreachable' | 'llm_rejected'): Promise<string> {
  const message_id = await askQuestion(stores, place)
  await answerReply(stores, message_id, { content: 'sorry', error: { code, retryable: true } })
  return message_id
}
