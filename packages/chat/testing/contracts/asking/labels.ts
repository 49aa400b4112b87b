import type { AnswerSource, Tlp } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { AskCommand } from '../../../src/rooms/message-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import { ChatError } from '../../../src/shared/index.ts'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, getSeq, type Harness, type Place, SCOPE } from '../harness.ts'

const FORBIDDEN = { forbidden_tlp: ['red'] } as const

const setTlp = (stores: Stores, { event_id, other }: Place, tlp: 'amber' | 'red') =>
  stores.events.update(event_id, { tlp }, { user_id: other, role: 'admin' })

export function proveLabels(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[TLP2] a question without a model for the event’s label stores nothing', async (t) => {
    const place = await aPlace(stores)
    await setTlp(stores, place, 'red')
    const before = await getSeq(stores, place)
    const ask = aQuestion(place, FORBIDDEN)

    await t.rejects(messages.ask(ask), { code: 'tlp_forbids_model' })

    t.equal(await getSeq(stores, place), before)
    t.equal(await stores.sessions.find(place.owner, ask.new_session_id), undefined)
    t.match(await messages.ask(aQuestion(place)), { round: 1 }, 'one that has a model is stored')
    await setTlp(stores, place, 'amber')
    t.match(await messages.ask(aQuestion(place, FORBIDDEN)), { round: 2 }, 'so is one under another label')
  })

  t.test('[TLP2] a repeated question is answered as before, whatever the label is by now', async (t) => {
    const place = await aPlace(stores)
    const key = { ...FORBIDDEN, client_message_id: createId() }
    const first = await messages.ask(aQuestion(place, key))
    await setTlp(stores, place, 'red')
    t.match(await messages.ask(aQuestion(place, key)), { session_id: first.session_id, change: null })
  })

  t.test('[TLP2] a retry that is refused changes nothing; the check gets the event’s present label', async (t) => {
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

  t.test('[TLP6] a turn and a shared chat keep the strictest label of the documents that they rested on', async (t) => {
    const place = await aPlace(stores)
    const label = (id: string, tlp: Tlp): AnswerSource => ({ id, kind: 'message', label: 'Runbook', tlp })
    const answer = async (fields: Partial<AskCommand>, sources: AnswerSource[]) => {
      const { reply } = await messages.ask(aQuestion(place, fields))
      await answerReply(stores, reply.message.message_id, { content: 'Call the insider.', sources })
    }
    await answer({}, [label('doc1', 'red'), label('doc2', 'green')])
    await answer({}, [{ id: 'ev1', kind: 'event', label: 'event' }])
    await answer({ user_id: place.other, visibility: 'room' }, [label('doc1', 'green'), label('doc2', 'amber')])
    const { reply } = await messages.ask(aQuestion(place))

    const context = await stores.replies.findContext(reply.message.message_id, SCOPE)

    t.same(
      context?.history.map(({ tlp }) => tlp),
      ['red', undefined],
    )
    t.same(
      context?.room?.messages.map(({ tlp }) => tlp),
      ['amber'],
    )
  })
}
