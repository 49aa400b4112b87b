import { readGoldenSet, storeDocuments } from '@engineer-chat/proof/golden'
import t from 'tap'
import { openMysqlStores } from './open-mysql-stores.ts'
import {
  addCanaries,
  ask,
  createEvent,
  createUser,
  type FilledRoom,
  fillRoom,
  followRoom,
  type People,
  post,
} from './sources/fill-room.ts'
import { createRecordingWorker } from './sources/recording-worker.ts'

const MIN_GIVEN = 0.95
const BEGINNING = 16
const CANARY = /CANARY-\d+/g

t.setTimeout(600_000)
const stores = await openMysqlStores(t)
const people: People = { asker: await createUser(stores), other: await createUser(stores) }
const worker = createRecordingWorker(stores)

t.test('[PROOF9] a prompt is given the message that its question needs, and none of 1,000 canaries', async (t) => {
  const set = readGoldenSet()
  let canaries = 0
  const makeCanary = () => `CANARY-${++canaries}`
  await storeDocuments(stores, set.documents)
  const titles = new Map(set.documents.map(({ id, title }) => [id, title]))
  const rooms: FilledRoom[] = []
  for (const room of set.rooms) {
    const filled = await fillRoom(stores, room, set, people)
    await addCanaries(stores, filled, people, makeCanary)
    await followRoom(stores, filled.event_id)
    rooms.push(filled)
  }
  const given: Record<'message' | 'document', boolean[]> = { message: [], document: [] }
  const missed: string[] = []
  const leaked: string[] = []
  for (const { event_id, questions, texts } of rooms) {
    const replies: string[] = []
    for (const { text } of questions)
      replies.push(await ask(stores, event_id, people.asker, text, { isNewSession: true }))
    for (const { text } of questions) await post(stores, event_id, people.other, `${text} ${makeCanary()}`)
    await followRoom(stores, event_id)
    for (const [index, question] of questions.entries()) {
      const prompt = await worker.answer(replies[index] ?? '')
      leaked.push(...(prompt.match(CANARY) ?? []))
      const needed = 'message' in question ? texts.get(question.message) : titles.get(question.document)
      // Secrets in the rest of a text, such as a bank account, are hidden.
      const isGiven = prompt.includes((needed ?? '\0').slice(0, BEGINNING))
      given['message' in question ? 'message' : 'document'].push(isGiven)
      if (!isGiven) missed.push(`${question.text} → ${needed}`)
    }
  }
  const questions = [...given.message, ...given.document]
  t.ok(canaries >= 1_000, `${canaries} canaries`)
  t.equal(questions.length, 200)
  const shares = [given.message, given.document, questions].map(getShare)
  t.ok(
    shares.every((share) => share >= MIN_GIVEN),
    `messages, documents, both: ${shares.join(', ')}`,
    { missed },
  )
  t.same(leaked, [], 'no canary is in a prompt')
})

t.test('[PROOF9] a member who is removed before the claim gets no answer, and no model is asked', async (t) => {
  const event_id = await createEvent(stores, 'Leak', 'Only for members.', 'restricted')
  await stores.events.putMember(event_id, people.asker, 'responder')
  const [before, after] = [await ask(stores, event_id, people.asker, 'Who?'), await createUser(stores)]
  t.match(await worker.answer(before), 'Only for members.')
  await stores.events.putMember(event_id, after, 'responder')
  const reply_id = await ask(stores, event_id, after, 'Who?')
  await stores.events.removeMember(event_id, after)

  const prompt = await worker.answer(reply_id)

  t.equal(prompt, '')
  const row = await stores.timeline.findMessage(event_id, [after], reply_id)
  t.match(row?.message, { message_type: 'error', message_content: { error: { code: 'forbidden', retryable: false } } })
})

const getShare = (given: boolean[]): number => given.filter(Boolean).length / given.length
