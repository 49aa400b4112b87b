import type { SendMessage } from '@engineer-chat/protocol'
import t from 'tap'
import { sendMessage } from '../../src/asking/index.ts'
import type { Catalogue } from '../../src/models/index.ts'
import { anEvent } from '../../testing/contracts/harness.ts'
import { createMemoryHints, createMemoryStores } from '../../testing/index.ts'

const ADA = { user_id: 'u-ada', role: 'engineer' } as const
const MEI = { user_id: 'u-mei', role: 'engineer' } as const

function createCatalogue(id: string): Catalogue {
  const limits = { context_window: null, max_tokens: null, prices: null }
  return { default: id, models: [{ id, provider: 'openai-compatible', ...limits, choose_for: [], fallbacks: [] }] }
}

async function createRoom() {
  const stores = createMemoryStores()
  for (const { user_id, role } of [ADA, MEI])
    await stores.users.create({ user_id, username: user_id, password_hash: 'x', role })
  const { event_id } = await anEvent(stores, { created_by: MEI.user_id })
  const hints = createMemoryHints()
  let lookups = 0
  const messages: typeof stores.messages = {
    ...stores.messages,
    findAskResult: (...key) => {
      lookups += 1
      return stores.messages.findAskResult(...key)
    },
  }
  const ctx = { ...stores, messages, bus: hints.bus, queue: hints.queue, maxRounds: 5 }
  const question = { event_id, message: 'What now?', model: 'gpt', client_message_id: 'k-1' }
  const send = (fields: Partial<SendMessage> = {}, models = createCatalogue('gpt')) =>
    sendMessage({ ...ctx, models }, ADA, { ...question, ...fields })
  return {
    event_id,
    stores,
    send,
    countLookups: () => lookups,
    makeObserver: () => stores.events.putMember(event_id, ADA.user_id, 'observer'),
  }
}

t.test('[ASK2] an asker who has become an observer gets the stored rows for the key', async (t) => {
  const { event_id, stores, send, makeObserver } = await createRoom()
  const first = await send()
  await makeObserver()

  const repeated = await send()

  t.same([repeated.user_message, repeated.ai_message], [first.user_message, first.ai_message])
  t.equal((await stores.events.find(event_id))?.seq, first.ai_message.seq, 'nothing new is stored')
  await t.rejects(send({ client_message_id: 'k-2' }), { code: 'forbidden' }, 'a new question is refused')
  await t.rejects(send({ message: 'Something else?' }), { code: 'idempotency_mismatch' })
})

t.test('[ASK2] a question whose model was removed since gets the stored rows for its key', async (t) => {
  const { send } = await createRoom()
  const first = await send()
  const models = createCatalogue('claude')

  const repeated = await send({}, models)

  t.same([repeated.user_message, repeated.ai_message], [first.user_message, first.ai_message])
  await t.rejects(send({ client_message_id: 'k-2' }, models), { code: 'model_unknown' }, 'a new question is refused')
})

t.test('[ASK2] who may no longer read the event gets nothing for the key', async (t) => {
  const { event_id, stores, send } = await createRoom()
  await send()
  await stores.events.update(event_id, { access: 'restricted' }, MEI)
  await t.rejects(send(), { code: 'event_not_found' })
})

t.test('[ASK2] a question that no check refuses needs no separate lookup of its key', async (t) => {
  const { send, countLookups } = await createRoom()
  await send()
  await send()
  t.equal(countLookups(), 0)
})
