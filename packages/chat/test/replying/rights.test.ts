import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal

type Worker = Awaited<ReturnType<typeof startWorker>>

const LOSSES: Record<string, (worker: Worker) => Promise<unknown>> = {
  'is not a member of the event, which was restricted': ({ stores, place }) =>
    stores.events.update(place.event_id, { access: 'restricted' }, { user_id: place.other, role: 'admin' }),
  'was made an observer': ({ stores, place }) => stores.events.putMember(place.event_id, place.owner, 'observer'),
  'was given the role agent': ({ stores, place }) => stores.users.update(place.owner, { role: 'agent' }),
  'was deactivated': ({ stores, place }) => stores.users.update(place.owner, { active: false }),
}

for (const [title, loseRight] of Object.entries(LOSSES)) {
  t.test(`[SRC6] an asker who ${title} before the claim gets an error row`, async (t) => {
    const llm = createScriptedLlm([['Isolate it.', createFinish()]])
    const worker = await startWorkerWithModels([llm])
    await loseRight(worker)

    await answerReply(worker.ctx, worker.ref, notAborted)

    t.match(worker.getRow(), { message: { message_type: 'error' } })
    t.match(worker.getContent(), {
      content: /^You may no longer ask in this event/,
      error: { code: 'forbidden', retryable: false },
      attempts: 0,
    })
    t.equal(llm.requests.length, 0)
    t.same(worker.stores.data.calls, [])
  })
}

t.test('[SRC6] a member of a restricted event is answered', async (t) => {
  const worker = await startWorker([['Isolate it.', createFinish()]])
  const { stores, place } = worker
  await stores.events.update(place.event_id, { access: 'restricted' }, { user_id: place.other, role: 'admin' })
  await stores.events.putMember(place.event_id, place.owner, 'responder')

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getContent(), { content: 'Isolate it.', error: undefined })
})

t.test('[SRC6] the error row is in the language of the question', async (t) => {
  const worker = await startWorker([['好。', createFinish()]], '先隔离什么？')
  await worker.stores.users.update(worker.place.owner, { active: false })
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { content: /^您已不能在此事件中提问/ })
})
