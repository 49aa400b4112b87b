import { indexRoom, readGoldenSet, storeDocuments } from '@engineer-chat/proof/golden'
import t from 'tap'
import { openMysqlStores } from './open-mysql-stores.ts'
import { addCanaries, addRedCanaries, addRedDocuments } from './sources/canaries.ts'
import { ask, createEvent, createUser, type FilledRoom, fillRoom, type People, post } from './sources/fill-room.ts'
import { createRecordingWorker } from './sources/recording-worker.ts'

const MIN_FOUND_SHARE = 0.95
const COMPARED_CHARACTERS = 16
/** A prompt for a model inside has at least this number of red canaries, as a mean over the rooms. */
const MIN_MEAN_RED_CANARIES = 4
/** A canary is a word that occurs in only one text, so a prompt with a canary contains that text. */
const CANARY = /CANARY-\d+/g

t.setTimeout(600_000) // The test stores thousands of messages in MySQL.
const stores = await openMysqlStores(t)
const people: People = { asker: await createUser(stores), otherUser: await createUser(stores) }
const outsideWorker = createRecordingWorker(stores)
const insideWorker = createRecordingWorker(stores, { isInside: true })

t.test(
  '[PROOF9] a prompt contains the message or document that its question needs, and none of 1,000 canaries',
  async (t) => {
    const goldenSet = readGoldenSet()
    let canaryCount = 0
    const makeCanary = () => `CANARY-${++canaryCount}`
    await storeDocuments(stores, goldenSet.documents)
    await addRedDocuments(stores, goldenSet, makeCanary)
    const titles = new Map(goldenSet.documents.map(({ id, title }) => [id, title]))
    const rooms: FilledRoom[] = []
    for (const room of goldenSet.rooms) {
      const filledRoom = await fillRoom(stores, room, goldenSet, people)
      await addCanaries(stores, filledRoom, people, makeCanary)
      await addRedCanaries(stores, filledRoom, people, makeCanary)
      await indexRoom(stores, filledRoom.event_id)
      rooms.push(filledRoom)
    }
    const foundByKind: Record<'message' | 'document', boolean[]> = { message: [], document: [] }
    const missed: string[] = []
    const leaked: string[] = []
    let insideCanaryCount = 0
    for (const { event_id, questions, texts } of rooms) {
      const replyIds: string[] = []
      for (const { text } of questions)
        replyIds.push(await ask(stores, event_id, people.asker, text, { isNewSession: true }))
      const firstQuestion = questions[0]?.text ?? ''
      const insideReplyId = await ask(stores, event_id, people.asker, firstQuestion, { isNewSession: true })
      // Prompts do not contain messages that were posted after their questions.
      for (const { text } of questions) await post(stores, event_id, people.otherUser, `${text} ${makeCanary()}`)
      await indexRoom(stores, event_id)
      for (const [index, question] of questions.entries()) {
        const prompt = await outsideWorker.answer(replyIds[index] ?? '')
        leaked.push(...(prompt.match(CANARY) ?? []))
        const needed = 'message' in question ? texts.get(question.message) : titles.get(question.document)
        // Only the beginning is compared, because secrets in the rest of a text are redacted.
        const isInPrompt = needed !== undefined && prompt.includes(needed.slice(0, COMPARED_CHARACTERS))
        foundByKind['message' in question ? 'message' : 'document'].push(isInPrompt)
        if (!isInPrompt) missed.push(`${question.text} → ${needed}`)
      }
      insideCanaryCount += new Set((await insideWorker.answer(insideReplyId)).match(CANARY)).size
    }
    const found = [...foundByKind.message, ...foundByKind.document]
    t.ok(canaryCount >= 1_000, `${canaryCount} canaries`)
    t.equal(found.length, 200, 'questions')
    const shares = [foundByKind.message, foundByKind.document, found].map(getShare)
    t.ok(
      shares.every((share) => share >= MIN_FOUND_SHARE),
      `messages, documents, both: ${shares.join(', ')}`,
      { missed },
    )
    t.same(leaked, [], 'no canary is in a prompt')
    t.ok(
      insideCanaryCount >= MIN_MEAN_RED_CANARIES * rooms.length,
      `prompts for a model inside have ${insideCanaryCount} red canaries, so the test would find a leaked one`,
    )
  },
)

t.test('[PROOF9] a member who is removed before the claim gets no answer, and no model is asked', async (t) => {
  const event_id = await createEvent(stores, 'Leak', 'Only for members.', { access: 'restricted' })
  await stores.events.putMember(event_id, people.asker, 'responder')
  const memberReplyId = await ask(stores, event_id, people.asker, 'Who?')
  t.match(await outsideWorker.answer(memberReplyId), 'Only for members.')
  const removedUser = await createUser(stores)
  await stores.events.putMember(event_id, removedUser, 'responder')
  const reply_id = await ask(stores, event_id, removedUser, 'Who?')
  await stores.events.removeMember(event_id, removedUser)

  const prompt = await outsideWorker.answer(reply_id)

  t.equal(prompt, '')
  const row = await stores.timeline.findMessage(event_id, [removedUser], reply_id)
  t.match(row?.message, { message_type: 'error', message_content: { error: { code: 'forbidden', retryable: false } } })
})

t.test(
  '[PROOF9] only a model inside gets the texts of a red event, even if the event became red after the question',
  async (t) => {
    const event_id = await createEvent(stores, 'Leak', 'CANARY-0')
    await post(stores, event_id, people.otherUser, 'CANARY-1')
    const outsideReplyId = await ask(stores, event_id, people.asker, 'Who?', { isNewSession: true })
    const insideReplyId = await ask(stores, event_id, people.asker, 'Why?', { isNewSession: true })
    const editor = { user_id: people.otherUser, role: 'engineer' } as const
    await stores.events.update(event_id, { tlp: 'red' }, editor)

    const prompt = await outsideWorker.answer(outsideReplyId)

    t.equal(prompt, '')
    const row = await stores.timeline.findMessage(event_id, [people.asker], outsideReplyId)
    t.match(row?.message, { message_content: { error: { code: 'tlp_forbids_model', retryable: false } } })
    const insidePrompt = await insideWorker.answer(insideReplyId)
    for (const canary of ['CANARY-0', 'CANARY-1']) t.match(insidePrompt, new RegExp(`${canary}\\b`))
  },
)

const getShare = (outcomes: boolean[]): number => outcomes.filter(Boolean).length / outcomes.length
