import type { Test } from 'tap'
import type { DocumentPiece } from '../../../src/documents/split-document.ts'
import { PIECE_RULES } from '../../../src/ranking/text-rules.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, type Harness } from '../harness.ts'

const READER: Principal = { user_id: 'anybody', role: 'engineer' }

export function provePieces(t: Test, { stores }: Harness): void {
  const { documents, textIndex } = stores

  t.test('[RANK9] a piece is found by its words, its headings and its document’s title', async (t) => {
    const { document_id } = await addDocument(stores, {
      title: 'Zebra outage',
      texts: ['Restart the turbine.', 'Call.'],
    })
    await indexAll(stores)
    t.match(await findPieces(stores, 'turbine'), [
      { document_id, piece: 0, title: 'Zebra outage', text: 'Restart the turbine.' },
    ])
    t.same((await findPieces(stores, 'zebra')).map(({ piece }) => piece).sort(), [0, 1])
    t.same((await findPieces(stores, 'quokka')).length, 0)
  })

  t.test('[RANK9] everybody’s pieces and those of the event are ranked together, and no others', async (t) => {
    const [here, elsewhere] = [await anEvent(stores), await anEvent(stores)]
    const [forEverybody, ofEvent] = [
      await addDocument(stores, { texts: ['walrus'] }),
      await addDocument(stores, { texts: ['walrus'], event_id: here.event_id }),
    ]
    await addDocument(stores, { texts: ['walrus'], event_id: elsewhere.event_id })
    await indexAll(stores)
    const listIds = async (event_id?: string) =>
      (await findPieces(stores, 'walrus', event_id)).map((piece) => piece.document_id).sort()
    t.same(await listIds(), [forEverybody.document_id])
    t.same(await listIds(here.event_id), [forEverybody.document_id, ofEvent.document_id].sort())
  })

  t.test('[RANK9] a piece of an event that the person may not enter is not found', async (t) => {
    const { event_id } = await anEvent(stores, { access: 'restricted', created_by: null })
    await addDocument(stores, { texts: ['narwhal'], event_id })
    await indexAll(stores)
    t.same(await findPieces(stores, 'narwhal', event_id), [])
  })

  t.test('[RANK9] a changed or removed document leaves nothing of its earlier text', async (t) => {
    const { document_id, version } = await addDocument(stores, { texts: ['ocelot one', 'ocelot two'] })
    await indexAll(stores)
    const changed = { title: 'Changed', kind: 'note' as const, language: 'en', tlp: 'amber' as const, content: 'lemur' }
    await documents.update(document_id, {
      ...changed,
      pieces: toPieces(['lemur']),
      version,
      updated_by: 'u-alice',
      keptVersions: 5,
    })
    await indexAll(stores)
    t.same(await findPieces(stores, 'ocelot'), [])
    t.match(await findPieces(stores, 'lemur'), [{ document_id, title: 'Changed' }])

    await documents.remove(document_id)

    t.same(await findPieces(stores, 'lemur'), [])
  })

  t.test('[RANK9] pieces that are reset are indexed again, each once, by workers at the same time', async (t) => {
    await addDocument(stores, { texts: Array.from({ length: 7 }, (_, index) => (index === 0 ? 'ibex' : 'goat')) })
    await indexAll(stores)
    const before = await findPieces(stores, 'ibex')
    await textIndex.resetPieces()
    t.same(await findPieces(stores, 'ibex'), [])
    await Promise.all(Array.from({ length: 4 }, () => indexAll(stores, 2)))
    await indexAll(stores)
    t.same(await findPieces(stores, 'ibex'), before)
  })
}

const toPieces = (texts: string[]): DocumentPiece[] =>
  texts.map((text) => ({ headings: ['Steps'], anchor: 'steps', text }))

const addDocument = (
  { documents }: Stores,
  { title = 'Runbook', texts, event_id = null }: { title?: string; texts: string[]; event_id?: string | null },
) =>
  documents.create({
    document_id: createId(),
    title,
    kind: 'runbook',
    language: 'en',
    tlp: 'amber',
    content: texts.join('\n\n'),
    access: event_id === null ? 'everybody' : 'event',
    event_id,
    pieces: toPieces(texts),
    updated_by: 'u-alice',
  })

async function indexAll({ textIndex }: Stores, limit = 100): Promise<void> {
  while (await textIndex.indexNextPieces(limit, PIECE_RULES));
}

const findPieces = ({ documents }: Stores, text: string, event_id?: string) =>
  documents.findFitting(READER, { text, limit: 20, ...(event_id !== undefined && { event_id }) })
