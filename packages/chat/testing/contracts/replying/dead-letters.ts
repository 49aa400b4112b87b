import type { Test } from 'tap'
import { answerReply, aPlace, aQuestion, type MakeHarness, suite } from '../harness.ts'

const failure = (code: 'llm_unreachable' | 'llm_rejected') => ({ content: 'sorry', error: { code, retryable: true } })

export const deadLettersContract = (t: Test, make: MakeHarness) =>
  suite(t, 'dead letters', make, (t, { stores }) => {
    t.test('[OPS3] replies that ended as an error are listed, by cause too, for as long as they are', async (t) => {
      const place = await aPlace(stores)
      const asked = async () => {
        const { reply } = await stores.messages.ask(aQuestion(place))
        return reply.message.message_id
      }
      const good = await asked()
      await answerReply(stores, good)
      const first = await asked()
      await answerReply(stores, first, failure('llm_unreachable'))
      const second = await asked()
      await answerReply(stores, second, failure('llm_rejected'))
      await asked() // This reply is still running.

      const { deadLetters } = stores
      const [newest, oldest] = await deadLetters.list({ limit: 10 })
      t.match(newest, { message_id: second, event_id: place.event_id, user_id: place.owner, code: 'llm_rejected' })
      t.match(oldest, { message_id: first, attempts: 1, asked_at: /Z$/, failed_at: /Z$/ })
      t.equal(await deadLetters.count(), 2)
      t.same(
        (await deadLetters.list({ limit: 1 })).map(({ message_id }) => message_id),
        [second],
      )
      t.same(
        (await deadLetters.list({ limit: 10, code: 'llm_unreachable' })).map(({ message_id }) => message_id),
        [first],
      )
      t.match(await deadLetters.find(first), { code: 'llm_unreachable' })
      t.equal(await deadLetters.find(good), undefined)
      await stores.messages.retry(place.owner, first)
      t.equal(await deadLetters.find(first), undefined)
      t.equal(await deadLetters.count(), 1)
    })
  })
