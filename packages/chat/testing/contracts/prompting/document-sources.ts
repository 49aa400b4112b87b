import type { Test } from 'tap'
import type { ContextSourceKind } from '../../../src/prompting/sources/context-source-kinds.ts'
import { PIECE_RULES } from '../../../src/ranking/text-rules.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  CONTEXT_LIMITS,
  type Harness,
  type Place,
  waitForNextMillisecond,
} from '../harness.ts'

const HEADINGS = ['Contain']

/** Stores a document, for everybody if no event is named, and lets a worker index it. */
async function aDocument({ documents, textIndex }: Stores, title: string, content: string, event_id?: string) {
  const created = await documents.create({
    document_id: createId(),
    title,
    kind: 'runbook',
    language: 'en',
    tlp: 'green',
    content,
    ...(event_id === undefined ? { access: 'everybody', event_id: null } : { access: 'event', event_id }),
    pieces: [{ headings: HEADINGS, anchor: 'contain', text: content }],
    updated_by: 'u-alice',
  })
  while (await textIndex.indexNextPieces(100, PIECE_RULES));
  return created
}

/** Lists the documents that the owner's question would have as sources. */
const previewDocuments = async (
  { sources }: Stores,
  place: Place,
  question: string,
  kinds: ReadonlySet<ContextSourceKind>,
) => {
  const asked = { event_id: place.event_id, user_id: place.owner, session_id: null, question }
  return (await sources.findContext(asked, { ...CONTEXT_LIMITS, kinds }))?.documents
}

export function proveDocumentSources(t: Test, { stores }: Harness): void {
  t.test(
    '[SRC9] pieces of everybody’s and the event’s documents that fit are sources, never another event’s',
    async (t) => {
      const [place, otherPlace] = [await aPlace(stores), await aPlace(stores)]
      const word = `kerberos${createId().slice(-12)}`
      const sharedDocument = await aDocument(stores, 'Golden ticket', `Reset ${word} twice.`)
      const eventDocument = await aDocument(stores, 'Note', `We saw ${word} on dc-2.`, place.event_id)
      await aDocument(stores, 'CANARY', `CANARY ${word}`, otherPlace.event_id)

      const pieces = await previewDocuments(stores, place, `@AI What of ${word}?`, CONTEXT_LIMITS.kinds)

      t.same(
        pieces?.map(({ document_id }) => document_id).sort(),
        [sharedDocument.document_id, eventDocument.document_id].sort(),
      )
      const piece = pieces?.find(({ document_id }) => document_id === eventDocument.document_id)
      t.same(piece, {
        document_id: eventDocument.document_id,
        title: 'Note',
        headings: HEADINGS,
        anchor: 'contain',
        tlp: 'amber',
        text: `We saw ${word} on dc-2.`,
      })
      t.same(
        await previewDocuments(stores, place, `/catchup ${word}`, CONTEXT_LIMITS.kinds),
        [],
        'a catch-up contains what is new',
      )
      t.same(await previewDocuments(stores, place, 'What now?', CONTEXT_LIMITS.kinds), [], 'none fits')
      t.same(
        await previewDocuments(stores, place, `What of ${word}?`, new Set(['message'])),
        [],
        'they are switched off',
      )
    },
  )

  t.test('[RANK11] a document that fits the earlier question is a source of a short follow-up question', async (t) => {
    const place = await aPlace(stores)
    const word = `kerberos${createId().slice(-12)}`
    const runbook = await aDocument(stores, 'Golden ticket', `Reset ${word} twice, first ${word}1.`)
    const text = `How is ${word} reset, and what of ${word}1?`
    const { session_id, reply } = await stores.messages.ask(aQuestion(place, { text }))
    await answerReply(stores, reply.message.message_id)
    for (const question of ['Why?', 'And on the other host?', '为什么？', '/handover']) {
      const asked = { event_id: place.event_id, user_id: place.owner, session_id, question }
      const documents = (await stores.sources.findContext(asked, CONTEXT_LIMITS))?.documents
      const expected = question === '/handover' ? [] : [runbook.document_id]
      t.same(
        documents?.map(({ document_id }) => document_id),
        expected,
        question,
      )
    }
  })

  t.test('[SRC9] a retried answer has no document of the event that was written after its question', async (t) => {
    const place = await aPlace(stores)
    const word = `rubeus${createId().slice(-12)}`
    const { reply } = await stores.messages.ask(aQuestion(place, { text: `What of ${word}?` }))
    const { message_id } = reply.message
    await answerReply(stores, message_id)
    await waitForNextMillisecond()
    for (const _ of [1, 2, 3, 4, 5]) await aDocument(stores, 'CANARY', `CANARY ${word} ${word}`, place.event_id)
    const sharedDocument = await aDocument(stores, 'Runbook', `Reset ${word}.`)
    await stores.messages.retry(place.owner, message_id, () => ({ tokens: 0, micros: 0 }))

    const context = await stores.replies.findContext(message_id, CONTEXT_LIMITS)

    t.same(
      context?.documents?.map(({ document_id }) => document_id),
      [sharedDocument.document_id],
    )
  })
}
