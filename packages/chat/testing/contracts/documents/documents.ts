import type { KnowledgeDocument } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { NewDocument } from '../../../src/documents/document-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'
import { proveImports } from './imports.ts'

export const documentsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'documents', make, proveVersions, proveRemoval, proveReaders, proveSearch, proveImports)

/** This is more than the suite stores, so that a search reads all pieces. */
const MAX_PIECES = 10_000

const toPieces = (content: string) => [{ headings: ['Containment'], anchor: 'containment', text: content }]

function createNewDocument(fields: Partial<NewDocument> = {}): NewDocument {
  const content = fields.content ?? '# Containment\nIsolate the host.\n'
  return {
    document_id: createId(),
    title: 'Ransomware',
    kind: 'runbook',
    language: 'en',
    access: 'everybody',
    event_id: null,
    tlp: 'amber',
    content,
    pieces: toPieces(content),
    updated_by: 'u-alice',
    ...fields,
  }
}

/** Replaces the text of a document, as a writer who has read this version of it. */
function changeText(stores: Stores, { document_id, version }: KnowledgeDocument, content: string, keptVersions = 50) {
  const { title, kind, language, tlp } = createNewDocument()
  const text = { title, kind, language, tlp, content, pieces: toPieces(content) }
  return stores.documents.update(document_id, { ...text, version, updated_by: 'u-bob', keptVersions })
}

const listKeptVersions = async ({ documents }: Stores, document_id: string): Promise<number[]> =>
  (await documents.listVersions(document_id, { limit: 100 })).items.map(({ version }) => version)

function proveVersions(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test('[DOC1] a document is stored with all its fields, and begins with version 1', async (t) => {
    const newDocument = createNewDocument()
    const created = await documents.create(newDocument)
    const { event_id: _, pieces: __, ...fields } = newDocument
    t.match(created, { ...fields, version: 1 })
    t.notOk('event_id' in created || 'path' in created, 'a document for everybody has no event, and no path')
    t.same(await documents.find(created.document_id), created)
    t.equal(await documents.find(createId()), undefined)
  })

  t.test(
    '[DOC4] a change names the version that its writer read; if that is not the current one, nothing changes',
    async (t) => {
      const created = await documents.create(createNewDocument())
      const changed = await changeText(stores, created, 'Second')
      t.match(changed, { version: 2, content: 'Second', updated_by: 'u-bob' })
      await t.rejects(changeText(stores, created, 'Stale'), { code: 'version_conflict' })
      t.same(await documents.find(created.document_id), changed)
      await t.rejects(changeText(stores, { ...created, document_id: createId() }, 'None'), {
        code: 'document_not_found',
      })
    },
  )

  t.test('[DOC4] of several simultaneous changes to one version, exactly one is stored', async (t) => {
    const created = await documents.create(createNewDocument())
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => changeText(stores, created, `Text ${index}`)),
    )
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    t.same(await listKeptVersions(stores, created.document_id), [2, 1])
  })

  t.test('[DOC5] earlier versions are listed, the newest first, and read as they were', async (t) => {
    let document = await documents.create(createNewDocument({ content: 'Text 1' }))
    for (const number of [2, 3, 4]) document = await changeText(stores, document, `Text ${number}`)
    const { document_id } = document

    const firstPage = await documents.listVersions(document_id, { limit: 3 })

    t.same(
      firstPage.items.map(({ version, updated_by }) => [version, updated_by]),
      [
        [4, 'u-bob'],
        [3, 'u-bob'],
        [2, 'u-bob'],
      ],
    )
    const lastPage = await documents.listVersions(document_id, { limit: 3, cursor: firstPage.next_cursor ?? '' })
    t.match(lastPage, { items: [{ version: 1, updated_by: 'u-alice' }], next_cursor: null })
    t.match(await documents.findVersion(document_id, 2), { document_id, version: 2, content: 'Text 2' })
    t.equal(await documents.findVersion(document_id, 9), undefined)
  })

  t.test('[DOC5] at most `keptVersions` earlier versions are kept, but all of them under a legal hold', async (t) => {
    const { event_id } = await anEvent(stores)
    let free = await documents.create(createNewDocument())
    let held = await documents.create(createNewDocument({ access: 'event', event_id }))
    await stores.retention.addLegalHold(event_id, 'root')
    for (const number of [2, 3, 4]) {
      free = await changeText(stores, free, `Text ${number}`, 2)
      held = await changeText(stores, held, `Text ${number}`, 2)
    }
    t.same(await listKeptVersions(stores, free.document_id), [4, 3, 2])
    t.same(await listKeptVersions(stores, held.document_id), [4, 3, 2, 1])
  })
}

function proveRemoval(t: Test, { stores }: Harness): void {
  const { documents, retention } = stores
  const reader: Principal = { user_id: 'u-reader', role: 'admin' }

  t.test('[DOC6] a removed document is found nowhere, and can be neither removed again nor changed', async (t) => {
    const created = await documents.create(createNewDocument({ title: 'Wiper', content: 'Vanishing words' }))
    await documents.remove(created.document_id)
    t.equal(await documents.find(created.document_id), undefined)
    t.same(await listKeptVersions(stores, created.document_id), [])
    t.same(await documents.search(reader, { words: ['vanishing'], limit: 10, maxPieces: MAX_PIECES }), [])
    const { items } = await documents.list(reader, { limit: 100 })
    t.notOk(items.some(({ document_id }) => document_id === created.document_id))
    await t.rejects(documents.remove(created.document_id), { code: 'document_not_found' })
    await t.rejects(changeText(stores, created, 'Back'), { code: 'document_not_found' })
  })

  t.test(
    '[DOC6] retention removes removed documents and old versions, but nothing recent and nothing under a legal hold',
    async (t) => {
      const { event_id } = await anEvent(stores)
      await retention.addLegalHold(event_id, 'root')
      const held = await documents.create(createNewDocument({ access: 'event', event_id }))
      const free = await documents.create(createNewDocument())
      for (const document of [held, free]) {
        await changeText(stores, document, 'Second')
        await documents.remove(document.document_id)
      }
      t.equal(await retention.removeRecords(1, 100), 0, 'nothing is a day old')
      // With -1 day everything is old enough, also what other tests of this harness have left.
      t.ok((await retention.removeRecords(-1, 10_000)) >= 2, 'a version and a document are removed')
      await retention.removeLegalHold(event_id)
      t.equal(await retention.removeRecords(-1, 10_000), 2, 'the version and the document under the hold had stayed')
    },
  )
}

function proveReaders(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test(
    '[DOC2] a list and a search find the documents for everybody and of events that the caller may enter',
    async (t) => {
      const [member, stranger] = [await aUser(stores), await aUser(stores)]
      const restricted = await anEvent(stores, { access: 'restricted', created_by: member })
      const open = await anEvent(stores)
      const word = `w${createId()}`
      const create = (title: string, event_id?: string) =>
        documents.create(
          createNewDocument({ title, content: word, ...(event_id !== undefined && { access: 'event', event_id }) }),
        )
      await create('everybody')
      await create('open', open.event_id)
      await create('restricted', restricted.event_id)
      const search = async (caller: Principal, event_id?: string) => {
        const query = { words: [word], limit: 10, maxPieces: MAX_PIECES, ...(event_id !== undefined && { event_id }) }
        return (await documents.search(caller, query)).map(({ title }) => title).sort()
      }
      const list = async (caller: Principal) => {
        const { items } = await documents.list(caller, { limit: 100 })
        return items
          .map(({ title }) => title)
          .filter((title) => ['everybody', 'open', 'restricted'].includes(title))
          .sort()
      }
      const [insider, outsider] = [member, stranger].map((user_id): Principal => ({ user_id, role: 'engineer' }))
      const admin: Principal = { user_id: stranger, role: 'admin' }
      if (!insider || !outsider) throw new Error('A person is missing.')
      t.same(await search(insider), ['everybody', 'open', 'restricted'])
      t.same(await search(outsider), ['everybody', 'open'])
      t.same(await search(admin), ['everybody', 'open', 'restricted'])
      t.same(await search(outsider, open.event_id), ['everybody', 'open'])
      t.same(await search(outsider, restricted.event_id), ['everybody'])
      t.same(await list(insider), ['everybody', 'open', 'restricted'])
      t.same(await list(outsider), ['everybody', 'open'])
    },
  )

  t.test('[DOC7] the label is the stricter one of the document and its event', async (t) => {
    const { event_id } = await anEvent(stores, { tlp: 'amber' })
    const scope = { access: 'event' as const, event_id }
    const greenDocument = await documents.create(createNewDocument({ ...scope, tlp: 'green' }))
    const redDocument = await documents.create(createNewDocument({ ...scope, tlp: 'red' }))
    t.same([greenDocument.tlp, redDocument.tlp], ['amber', 'red'])
    await stores.events.update(event_id, { tlp: 'amber+strict' }, { user_id: 'u', role: 'admin' })
    t.equal((await documents.find(greenDocument.document_id))?.tlp, 'amber+strict')
    t.equal((await documents.find(redDocument.document_id))?.tlp, 'red')
  })

  t.test('[DOC9] a filtered list has each document once, page by page', async (t) => {
    const { event_id } = await anEvent(stores)
    const caller: Principal = { user_id: 'u', role: 'admin' }
    const ids: string[] = []
    for (const kind of ['note', 'runbook', 'note'] as const) {
      ids.push((await documents.create(createNewDocument({ access: 'event', event_id, kind }))).document_id)
    }
    const listed: string[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await documents.list(caller, { event_id, limit: 1, ...(cursor !== undefined && { cursor }) })
      listed.push(...page.items.map(({ document_id }) => document_id))
      cursor = page.next_cursor
    }
    t.same([...listed].sort(), [...ids].sort())
    t.equal((await documents.list(caller, { event_id, kind: 'note', limit: 10 })).items.length, 2)
    t.same((await documents.list(caller, { event_id, access: 'everybody', limit: 10 })).items, [])
    t.same((await documents.list(caller, { event_id, cursor: 'unknown', limit: 10 })).items, [])
    const [first] = (await documents.list(caller, { event_id, limit: 1 })).items
    t.notOk(first && 'content' in first, 'a list has no texts')
  })
}

function proveSearch(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test(
    '[DOC10] a search finds the pieces of the current version that contain all words, in upper or lower case',
    async (t) => {
      const caller: Principal = { user_id: 'u', role: 'engineer' }
      const [titleWord, textWord] = [createId(), createId()]
      const created = await documents.create({
        ...createNewDocument({ title: `Alpha${titleWord}` }),
        pieces: [
          { headings: [], anchor: '', text: `Before 100% ${textWord}` },
          { headings: ['A', 'B'], anchor: 'b', text: `隔离主机 and Restart_Now ${textWord}` },
        ],
      })
      const search = async (...words: string[]) =>
        (await documents.search(caller, { words, limit: 10, maxPieces: MAX_PIECES })).map(({ piece, anchor }) => [
          piece,
          anchor,
        ])
      t.same(await search('RESTART_NOW', textWord), [[1, 'b']])
      t.same(await search('隔离', `alpha${titleWord}`), [[1, 'b']], 'each piece is found by the title, too')
      t.same(await search('100%', textWord), [[0, '']])
      t.same(await search('100_', textWord), [], 'a wildcard of SQL is a plain character')
      const query = { words: ['restart_now', textWord], limit: 1, maxPieces: MAX_PIECES }
      const [piece] = await documents.search(caller, query)
      t.match(piece, { document_id: created.document_id, headings: ['A', 'B'], title: `Alpha${titleWord}`, version: 1 })
      await changeText(stores, created, 'Another text')
      t.same(await search(textWord), [])
    },
  )

  t.test(
    '[DOC10] a search reads the documents that were changed last, until it has read `maxPieces` pieces',
    async (t) => {
      const caller: Principal = { user_id: 'u', role: 'engineer' }
      const word = `w${createId()}`
      const pieces = [1, 2].map((number) => ({ headings: [], anchor: '', text: `${number} ${word}` }))
      const create = (title: string) => documents.create({ ...createNewDocument({ title }), pieces })
      const older = await create('older')
      let newer = await create('newer')
      // A search reads documents that were changed in the same millisecond together.
      while (newer.updated_at === older.updated_at) {
        await documents.remove(newer.document_id)
        newer = await create('newer')
      }
      const search = async (maxPieces: number, limit = 10) =>
        (await documents.search(caller, { words: [word], limit, maxPieces })).map(({ title, piece }) => [title, piece])
      const ofNewer = [
        ['newer', 0],
        ['newer', 1],
      ]
      const ofOlder = [
        ['older', 0],
        ['older', 1],
      ]
      t.same(await search(1), ofNewer)
      t.same(await search(2), ofNewer)
      t.same(await search(3), [...ofNewer, ...ofOlder])
      t.same(await search(MAX_PIECES, 3), [...ofNewer, ['older', 0]])
      let changed = await changeText(stores, older, word)
      while (changed.updated_at === newer.updated_at) changed = await changeText(stores, changed, word)
      t.same(await search(1), [['Ransomware', 0]], 'a document that is changed is the newest')
    },
  )
}
