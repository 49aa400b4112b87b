import type { KnowledgeDocument } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { NewDocument } from '../../../src/documents/document-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/model.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'
import { proveDerived } from './derived.ts'

export const documentsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'documents', make, proveVersions, proveRemoval, proveReaders, proveSearch, proveDerived)

/** A suite has fewer pieces than this. */
const MANY = 10_000

const toPieces = (content: string) => [{ headings: ['Containment'], anchor: 'containment', text: content }]

function createFields(more: Partial<NewDocument> = {}): NewDocument {
  const content = more.content ?? '# Containment\nIsolate the host.\n'
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
    ...more,
  }
}

/** Replaces the text of a document that somebody has just read. */
function change(stores: Stores, { document_id, version }: KnowledgeDocument, content: string, keptVersions = 50) {
  const { title, kind, language, tlp } = createFields()
  const text = { title, kind, language, tlp, content, pieces: toPieces(content) }
  return stores.documents.update(document_id, { ...text, version, updated_by: 'u-bob', keptVersions })
}

const listNumbers = async ({ documents }: Stores, document_id: string): Promise<number[]> =>
  (await documents.listVersions(document_id, { limit: 100 })).items.map(({ version }) => version)

function proveVersions(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test('[DOC1] a document is stored as it was given, and begins with version 1', async (t) => {
    const { pieces: _, ...fields } = createFields()
    const created = await documents.create({ ...fields, pieces: toPieces(fields.content) })
    const { event_id: __, ...shown } = fields
    t.match(created, { ...shown, version: 1 })
    t.notOk('event_id' in created || 'path' in created, 'it has no field for what it lacks')
    t.same(await documents.find(created.document_id), created)
    t.equal(await documents.find(createId()), undefined)
  })

  t.test('[DOC4] a change carries the version that was read; another one is refused and changes nothing', async (t) => {
    const created = await documents.create(createFields())
    const changed = await change(stores, created, 'Second')
    t.match(changed, { version: 2, content: 'Second', updated_by: 'u-bob' })
    await t.rejects(change(stores, created, 'Stale'), { code: 'version_conflict' })
    t.same(await documents.find(created.document_id), changed)
    await t.rejects(change(stores, { ...created, document_id: createId() }, 'None'), { code: 'document_not_found' })
  })

  t.test('[DOC4] of changes at the same time that read one version, exactly one is stored', async (t) => {
    const created = await documents.create(createFields())
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => change(stores, created, `Text ${index}`)),
    )
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    t.same(await listNumbers(stores, created.document_id), [2, 1])
  })

  t.test('[DOC5] earlier versions are listed, the newest first, and read as they were', async (t) => {
    let document = await documents.create(createFields({ content: 'Text 1' }))
    for (const number of [2, 3, 4]) document = await change(stores, document, `Text ${number}`)
    const { document_id } = document

    const page = await documents.listVersions(document_id, { limit: 3 })

    t.same(
      page.items.map(({ version, updated_by }) => [version, updated_by]),
      [
        [4, 'u-bob'],
        [3, 'u-bob'],
        [2, 'u-bob'],
      ],
    )
    const rest = await documents.listVersions(document_id, { limit: 3, cursor: page.next_cursor ?? '' })
    t.match(rest, { items: [{ version: 1, updated_by: 'u-alice' }], next_cursor: null })
    t.match(await documents.findVersion(document_id, 2), { document_id, version: 2, content: 'Text 2' })
    t.equal(await documents.findVersion(document_id, 9), undefined)
  })

  t.test('[DOC5] as many earlier versions are kept as asked for, and all of them under a legal hold', async (t) => {
    const { event_id } = await anEvent(stores)
    let free = await documents.create(createFields())
    let held = await documents.create(createFields({ access: 'event', event_id }))
    await stores.retention.addLegalHold(event_id, 'root')
    for (const number of [2, 3, 4]) {
      free = await change(stores, free, `Text ${number}`, 2)
      held = await change(stores, held, `Text ${number}`, 2)
    }
    t.same(await listNumbers(stores, free.document_id), [4, 3, 2])
    t.same(await listNumbers(stores, held.document_id), [4, 3, 2, 1])
  })
}

function proveRemoval(t: Test, { stores }: Harness): void {
  const { documents, retention } = stores
  const reader: Principal = { user_id: 'u-reader', role: 'admin' }

  t.test('[DOC6] a removed document is nowhere, and is removed once', async (t) => {
    const created = await documents.create(createFields({ title: 'Wiper', content: 'Vanishing words' }))
    await documents.remove(created.document_id)
    t.equal(await documents.find(created.document_id), undefined)
    t.same(await listNumbers(stores, created.document_id), [])
    t.same(await documents.search(reader, { words: ['vanishing'], limit: 10, maxPieces: MANY }), [])
    const { items } = await documents.list(reader, { limit: 100 })
    t.notOk(items.some(({ document_id }) => document_id === created.document_id))
    await t.rejects(documents.remove(created.document_id), { code: 'document_not_found' })
    await t.rejects(change(stores, created, 'Back'), { code: 'document_not_found' })
  })

  t.test(
    '[DOC6] retention removes removed documents and old versions, but nothing recent and nothing under a legal hold',
    async (t) => {
      const { event_id } = await anEvent(stores)
      await retention.addLegalHold(event_id, 'root')
      const held = await documents.create(createFields({ access: 'event', event_id }))
      const free = await documents.create(createFields())
      for (const document of [held, free]) {
        await change(stores, document, 'Second')
        await documents.remove(document.document_id)
      }
      t.equal(await retention.removeRecords(1, 100), 0, 'a day has not passed')
      // Other tests of this harness have left removed documents and earlier versions, too.
      t.ok((await retention.removeRecords(-1, 10_000)) >= 2, 'the version and the document')
      await retention.removeLegalHold(event_id)
      t.equal(await retention.removeRecords(-1, 10_000), 2, 'the held ones were left')
    },
  )
}

function proveReaders(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test('[DOC2] a list and a search hold everybody’s documents and those of events that may be entered', async (t) => {
    const [member, stranger] = [await aUser(stores), await aUser(stores)]
    const restricted = await anEvent(stores, { access: 'restricted', created_by: member })
    const open = await anEvent(stores)
    const word = `w${createId()}`
    const fields = (title: string, event_id?: string) =>
      createFields({ title, content: word, ...(event_id !== undefined && { access: 'event', event_id }) })
    await documents.create(fields('all'))
    await documents.create(fields('open', open.event_id))
    await documents.create(fields('closed', restricted.event_id))
    const search = async (caller: Principal, event_id?: string) => {
      const query = { words: [word], limit: 10, maxPieces: MANY, ...(event_id !== undefined && { event_id }) }
      return (await documents.search(caller, query)).map(({ title }) => title).sort()
    }
    const list = async (caller: Principal) => {
      const { items } = await documents.list(caller, { limit: 100 })
      return items
        .map(({ title }) => title)
        .filter((title) => ['all', 'open', 'closed'].includes(title))
        .sort()
    }
    const [insider, outsider] = [member, stranger].map((user_id): Principal => ({ user_id, role: 'engineer' }))
    const admin: Principal = { user_id: stranger, role: 'admin' }
    if (!insider || !outsider) throw new Error('A person is missing.')
    t.same(await search(insider), ['all', 'closed', 'open'])
    t.same(await search(outsider), ['all', 'open'])
    t.same(await search(admin), ['all', 'closed', 'open'])
    t.same(await search(outsider, open.event_id), ['all', 'open'])
    t.same(await search(outsider, restricted.event_id), ['all'])
    t.same(await list(insider), ['all', 'closed', 'open'])
    t.same(await list(outsider), ['all', 'open'])
  })

  t.test('[DOC7] the label is the stricter one of the document and its event', async (t) => {
    const { event_id } = await anEvent(stores, { tlp: 'amber' })
    const scope = { access: 'event' as const, event_id }
    const wide = await documents.create(createFields({ ...scope, tlp: 'green' }))
    const strict = await documents.create(createFields({ ...scope, tlp: 'red' }))
    t.same([wide.tlp, strict.tlp], ['amber', 'red'])
    await stores.events.update(event_id, { tlp: 'amber+strict' }, { user_id: 'u', role: 'admin' })
    t.equal((await documents.find(wide.document_id))?.tlp, 'amber+strict')
    t.equal((await documents.find(strict.document_id))?.tlp, 'red')
  })

  t.test('[DOC9] a list is filtered, and goes page by page without doubles or gaps', async (t) => {
    const { event_id } = await anEvent(stores)
    const caller: Principal = { user_id: 'u', role: 'admin' }
    const ids: string[] = []
    for (const kind of ['note', 'runbook', 'note'] as const) {
      ids.push((await documents.create(createFields({ access: 'event', event_id, kind }))).document_id)
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
    t.same((await documents.list(caller, { event_id, cursor: 'else', limit: 10 })).items, [])
    const [first] = (await documents.list(caller, { event_id, limit: 1 })).items
    t.notOk(first && 'content' in first, 'a list has no texts')
  })
}

function proveSearch(t: Test, { stores }: Harness): void {
  const { documents } = stores

  t.test('[DOC10] a search finds the pieces that hold all words, in any case, of the newest version', async (t) => {
    const caller: Principal = { user_id: 'u', role: 'engineer' }
    const [one, other] = [createId(), createId()]
    const created = await documents.create({
      ...createFields({ title: `Alpha${one}` }),
      pieces: [
        { headings: [], anchor: '', text: `Before 100% ${other}` },
        { headings: ['A', 'B'], anchor: 'b', text: `隔离主机 and Restart_Now ${other}` },
      ],
    })
    const search = async (...words: string[]) =>
      (await documents.search(caller, { words, limit: 10, maxPieces: MANY })).map(({ piece, anchor }) => [
        piece,
        anchor,
      ])
    t.same(await search('RESTART_NOW', other), [[1, 'b']])
    t.same(await search('隔离', `alpha${one}`), [[1, 'b']], 'the title counts for each piece')
    t.same(await search('100%', other), [[0, '']])
    t.same(await search('100_', other), [], 'a wildcard is a character')
    const [found] = await documents.search(caller, { words: ['restart_now', other], limit: 1, maxPieces: MANY })
    t.match(found, { document_id: created.document_id, headings: ['A', 'B'], title: `Alpha${one}`, version: 1 })
    await change(stores, created, 'Nothing of it')
    t.same(await search(other), [])
  })

  t.test('[DOC10] a search reads the documents that were changed last, until they have enough pieces', async (t) => {
    const caller: Principal = { user_id: 'u', role: 'engineer' }
    const word = `w${createId()}`
    const pieces = [1, 2].map((number) => ({ headings: [], anchor: '', text: `${number} ${word}` }))
    const create = (title: string) => documents.create({ ...createFields({ title }), pieces })
    const older = await create('older')
    let newer = await create('newer')
    // Documents of one millisecond are read together.
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
    t.same(await search(MANY, 3), [...ofNewer, ['older', 0]])
    let changed = await change(stores, older, word)
    while (changed.updated_at === newer.updated_at) changed = await change(stores, changed, word)
    t.same(await search(1), [['Ransomware', 0]], 'a document that is changed is the newest')
  })
}
