import type { AnswerSource, Tlp } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { NewQuestion } from '../../../src/rooms/message-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import { ChatError } from '../../../src/shared/index.ts'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, CONTEXT_LIMITS, getSeq, type Harness, type Place } from '../harness.ts'

const FORBIDDEN = { forbidden_tlp: ['red'] } as const

const setTlp = (stores: Stores, { event_id, other }: Place, tlp: 'amber' | 'red') =>
  stores.events.update(event_id, { tlp }, { user_id: other, role: 'admin' })

export function proveTlpLabels(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[TLP2] a question that has no model for the event’s label is refused and stores nothing', async (t) => {
    const place = await aPlace(stores)
    await setTlp(stores, place, 'red')
    const before = await getSeq(stores, place)
    const ask = aQuestion(place, FORBIDDEN)

    await t.rejects(messages.ask(ask), { code: 'tlp_forbids_model' })

    t.equal(await getSeq(stores, place), before)
    t.equal(await stores.sessions.find(place.owner, ask.new_session_id), undefined)
    t.match(await messages.ask(aQuestion(place)), { round: 1 }, 'a question that has a model is stored')
    await setTlp(stores, place, 'amber')
    t.match(await messages.ask(aQuestion(place, FORBIDDEN)), { round: 2 }, 'under another label it is stored')
  })

  t.test('[TLP2] a repeated question gets its earlier result, even if the label forbids it now', async (t) => {
    const place = await aPlace(stores)
    const key = { ...FORBIDDEN, client_message_id: createId() }
    const first = await messages.ask(aQuestion(place, key))
    await setTlp(stores, place, 'red')
    t.match(await messages.ask(aQuestion(place, key)), { session_id: first.session_id, change: null })
  })

  t.test('[TLP2] a refused retry changes nothing; its check gets the event’s present label', async (t) => {
    const place = await aPlace(stores)
    const { message_id } = (await messages.ask(aQuestion(place, { model: 'gpt' }))).reply.message
    const { row } = await answerReply(stores, message_id)
    await setTlp(stores, place, 'red')
    const checked: unknown[] = []

    const refused = messages.retry(place.owner, message_id, (...args) => {
      checked.push(args)
      throw new ChatError('tlp_forbids_model')
    })

    await t.rejects(refused, { code: 'tlp_forbids_model' })
    t.same(checked, [['gpt', 'red']])
    t.same(await messages.findOwnReply(place.owner, message_id), row)
  })

  t.test(
    '[TLP6] a round and a shared chat keep the strictest label of the documents that the answer used',
    async (t) => {
      const place = await aPlace(stores)
      const createSource = (id: string, tlp: Tlp): AnswerSource => ({ id, kind: 'message', label: 'Runbook', tlp })
      const answer = async (fields: Partial<NewQuestion>, sources: AnswerSource[]) => {
        const { reply } = await messages.ask(aQuestion(place, fields))
        await answerReply(stores, reply.message.message_id, { content: 'Call the insider.', sources })
      }
      const sharedChat = { user_id: place.other, visibility: 'room' } as const
      await answer({}, [createSource('doc1', 'red'), createSource('doc2', 'green')])
      await answer({}, [{ id: 'ev1', kind: 'event', label: 'event' }])
      await answer(sharedChat, [createSource('doc1', 'green'), createSource('doc2', 'amber')])
      const { reply } = await messages.ask(aQuestion(place))

      const context = await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)

      t.same(
        context?.history.map(({ tlp }) => tlp),
        ['red', undefined],
      )
      t.same(
        context?.room?.messages.map(({ tlp }) => tlp),
        ['amber'],
      )
    },
  )
}
