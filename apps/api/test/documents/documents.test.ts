import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import type { KnowledgeDocument } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const DOCUMENTS_URL = '/api/documents'
const RUNBOOK = { title: 'Ransomware', kind: 'runbook', content: '# Contain\nIsolate.', access: 'everybody' }

async function setUp(t: Test, env: Record<string, string> = {}) {
  const harness = await createHarness({ env })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [olga, mallory] = [await harness.signUp('olga'), await harness.signUp('mallory')]
  const [captain, admin] = [await harness.signUp('captain', 'agent'), await harness.signUp('root', 'admin')]
  const event_id = await harness.createEvent(alice, { access: 'restricted', tlp: 'amber' })
  await harness.putMember(alice, event_id, bob, 'responder')
  await harness.putMember(alice, event_id, olga, 'observer')
  return { harness, alice, bob, olga, mallory, captain, admin, event_id }
}

async function createDocument(caller: TestCaller, fields: object = {}): Promise<KnowledgeDocument> {
  const created = await caller.call('POST', DOCUMENTS_URL, { ...RUNBOOK, ...fields })
  if (created.statusCode !== 201) throw new Error(created.body)
  return created.json()
}

const toUrl = ({ document_id }: KnowledgeDocument): string => `${DOCUMENTS_URL}/${document_id}`

t.test('[DOC1] a document for everybody can be stored, read and found', async (t) => {
  const { alice, mallory } = await setUp(t)
  const created = await createDocument(alice)
  t.match(created, { ...RUNBOOK, language: 'en', tlp: 'amber', version: 1, updated_by: 'u-alice' })
  t.same((await mallory.call('GET', toUrl(created))).json(), created)
  const found = (await mallory.call('GET', `${DOCUMENTS_URL}/search?q=isolate`)).json()
  t.match(found, { items: [{ document_id: created.document_id, headings: ['Contain'], anchor: 'contain' }] })
  const { content: _content, own_tlp: _ownTlp, ...listed } = created
  // A listed document has neither its text nor its own label.
  t.same((await mallory.call('GET', DOCUMENTS_URL)).json(), { items: [listed], next_cursor: null })
})

t.test(
  '[DOC1] a document has an `event_id` only if its access is `event`, and an update changes neither field',
  async (t) => {
    const { alice, event_id } = await setUp(t)
    for (const scope of [{ access: 'event' }, { access: 'everybody', event_id }]) {
      const refused = await alice.call('POST', DOCUMENTS_URL, { ...RUNBOOK, ...scope })
      checkProblem(t, refused, 400, 'validation_failed')
      t.match(refused.json().errors, [{ path: '/event_id' }])
    }
    checkProblem(
      t,
      await alice.call('POST', DOCUMENTS_URL, { ...RUNBOOK, access: 'event', event_id: 'none' }),
      404,
      'event_not_found',
    )
    const created = await createDocument(alice, { access: 'event', event_id })
    const changes = { title: 'New', content: 'New', version: 1, access: 'everybody' }
    const changed = await alice.call('PUT', toUrl(created), changes)
    t.match(changed.json(), { access: 'event', event_id, version: 2, kind: 'runbook' })
  },
)

t.test(
  '[DOC2] users without access to an event get 404 for its documents, and agents get 403 for all documents',
  async (t) => {
    const { alice, mallory, captain, olga, event_id } = await setUp(t)
    const created = await createDocument(alice, { access: 'event', event_id })
    const url = toUrl(created)
    const changes = { title: 'New', content: 'New', version: 1 }
    checkProblem(t, await mallory.call('GET', url), 404, 'document_not_found')
    checkProblem(t, await mallory.call('GET', `${url}/versions`), 404, 'document_not_found')
    checkProblem(t, await mallory.call('PUT', url, changes), 404, 'document_not_found')
    checkProblem(t, await mallory.call('DELETE', url), 404, 'document_not_found')
    checkProblem(t, await mallory.call('GET', `${DOCUMENTS_URL}?event_id=${event_id}`), 404, 'event_not_found')
    t.same((await mallory.call('GET', DOCUMENTS_URL)).json().items, [])
    t.same((await mallory.call('GET', `${DOCUMENTS_URL}/search?q=isolate`)).json().items, [])
    checkProblem(t, await captain.call('GET', url), 403, 'forbidden')
    checkProblem(t, await captain.call('GET', DOCUMENTS_URL), 403, 'forbidden')
    checkProblem(t, await captain.call('GET', `${DOCUMENTS_URL}/search?q=isolate`), 403, 'forbidden')
    t.equal((await olga.call('GET', url)).statusCode, 200, 'an observer of the event may read it')
  },
)

t.test('[DOC3] observers cannot write documents of their event, but may write documents for everybody', async (t) => {
  const { alice, bob, olga, captain, event_id } = await setUp(t)
  const eventDocument = await createDocument(bob, { access: 'event', event_id })
  const scope = { access: 'event', event_id }
  const changes = { title: 'New', content: 'New', version: 1 }
  checkProblem(t, await olga.call('POST', DOCUMENTS_URL, { ...RUNBOOK, ...scope }), 403, 'forbidden')
  checkProblem(t, await olga.call('PUT', toUrl(eventDocument), changes), 403, 'forbidden')
  checkProblem(t, await olga.call('DELETE', toUrl(eventDocument)), 403, 'forbidden')
  checkProblem(t, await captain.call('POST', DOCUMENTS_URL, RUNBOOK), 403, 'forbidden')
  const sharedDocument = await createDocument(alice)
  t.equal((await olga.call('PUT', toUrl(sharedDocument), changes)).statusCode, 200)
})

t.test('[DOC4] an update based on an older version is refused', async (t) => {
  const { alice, bob } = await setUp(t)
  const created = await createDocument(alice)
  const update = (caller: TestCaller, content: string) =>
    caller.call('PUT', toUrl(created), { title: 'Ransomware', content, version: 1 })
  t.match((await update(bob, 'Second')).json(), { version: 2, content: 'Second', updated_by: 'u-bob' })
  checkProblem(t, await update(alice, 'Stale'), 409, 'version_conflict')
  t.match((await alice.call('GET', toUrl(created))).json(), { content: 'Second' })
  const earlier = (await alice.call('GET', `${toUrl(created)}?version=1`)).json()
  t.match(earlier, { version: 1, content: RUNBOOK.content, updated_by: 'u-alice' })
  checkProblem(t, await alice.call('GET', `${toUrl(created)}?version=9`), 404, 'document_not_found')
  const { items } = (await alice.call('GET', `${toUrl(created)}/versions`)).json()
  t.same(
    items.map(({ version }: KnowledgeDocument) => version),
    [2, 1],
  )
})

t.test('[DOC6] after a document is removed, nobody can read it', async (t) => {
  const { alice, admin } = await setUp(t)
  const created = await createDocument(alice)
  t.equal((await alice.call('DELETE', toUrl(created))).statusCode, 204)
  for (const caller of [alice, admin])
    checkProblem(t, await caller.call('GET', toUrl(created)), 404, 'document_not_found')
  checkProblem(t, await alice.call('DELETE', toUrl(created)), 404, 'document_not_found')
})

t.test(
  '[DOC7] only those who manage a document can lower its label, and never below the label of its event',
  async (t) => {
    const { alice, bob, admin, event_id } = await setUp(t)
    const update = async (caller: TestCaller, document: KnowledgeDocument, tlp: string) => {
      const { version } = (await caller.call('GET', toUrl(document))).json()
      return caller.call('PUT', toUrl(document), { title: 'New', content: 'New', version, tlp })
    }
    const eventDocument = await createDocument(bob, { access: 'event', event_id })
    t.equal(eventDocument.tlp, 'amber', 'a new document gets the label of its event')
    t.match((await update(bob, eventDocument, 'red')).json(), { tlp: 'red' })
    checkProblem(t, await update(bob, eventDocument, 'amber'), 403, 'forbidden')
    t.match((await update(alice, eventDocument, 'green')).json(), { tlp: 'amber' }, 'its event is still TLP:AMBER')
    // Only admins manage documents for everybody.
    const sharedDocument = await createDocument(bob, { tlp: 'amber' })
    checkProblem(t, await update(bob, sharedDocument, 'clear'), 403, 'forbidden')
    t.match((await update(admin, sharedDocument, 'clear')).json(), { tlp: 'clear' })
  },
)

t.test('[DOC7] the label of the event is never stored as the document’s own label', async (t) => {
  const { harness, alice, bob, event_id } = await setUp(t)
  const created = await createDocument(bob, { access: 'event', event_id, tlp: 'amber' })
  await harness.stores.events.update(event_id, { tlp: 'red' }, { user_id: 'u-alice', role: 'engineer' })
  const update = (fields: object) => bob.call('PUT', toUrl(created), { title: 'New', content: 'New', ...fields })
  t.match(
    (await update({ version: 1 })).json(),
    { tlp: 'red', own_tlp: 'amber' },
    'an update without a label keeps the own label',
  )
  t.match(
    (await update({ version: 2, tlp: 'amber' })).json(),
    { own_tlp: 'amber' },
    'an update may send the own label unchanged',
  )
  checkProblem(t, await update({ version: 3, tlp: 'green' }), 403, 'forbidden')
  await harness.stores.events.update(event_id, { tlp: 'green' }, { user_id: 'u-alice', role: 'engineer' })
  t.match((await alice.call('GET', toUrl(created))).json(), { tlp: 'amber', own_tlp: 'amber' })
})

t.test('[DOC21] when a user restores a text, the document gets the stricter of the two versions’ labels', async (t) => {
  const { alice, bob, event_id } = await setUp(t)
  const created = await createDocument(alice, { access: 'event', event_id, tlp: 'red', content: 'Secret' })
  const update = (caller: TestCaller, fields: object) =>
    caller.call('PUT', toUrl(created), { title: 'New', content: 'New', ...fields })
  t.match((await update(alice, { version: 1, tlp: 'green' })).json(), { own_tlp: 'green' })
  // The field `restores` names the version whose text an update restores.
  checkProblem(t, await update(bob, { version: 2, restores: 1, content: 'Secret', tlp: 'amber' }), 403, 'forbidden')
  checkProblem(t, await update(bob, { version: 2, restores: 9 }), 404, 'document_not_found')
  t.match((await update(bob, { version: 2, restores: 1, content: 'Secret' })).json(), { version: 3, own_tlp: 'red' })
  t.match(
    (await update(bob, { version: 3, restores: 2 })).json(),
    { version: 4, own_tlp: 'red' },
    'a restore does not lower the label',
  )
})

t.test('[DOC8] the text of a document has limits, and a refusal names the wrong field', async (t) => {
  const { alice } = await setUp(t, { DOCUMENT_MAX_BYTES: '1024', DOCUMENT_MAX_PIECES: '2' })
  const post = (content: string, fields: object = {}) =>
    alice.call('POST', DOCUMENTS_URL, { ...RUNBOOK, content, ...fields })
  // Each `隔` has three bytes.
  t.equal((await post('隔'.repeat(341))).statusCode, 201, '1,023 bytes')
  t.equal((await post(`${'隔'.repeat(341)}a`)).statusCode, 201, '1,024 bytes')
  const refusals: Array<[string, object, string]> = [
    [`${'隔'.repeat(341)}aa`, {}, '/content'],
    ['# A\na\n# B\nb\n# C\nc', {}, '/content'],
    ['null \0 byte', {}, '/content'],
    ['lone \ud800 surrogate', {}, '/content'],
    [' \n ', {}, '/content'],
    ['text', { title: 'null \0 byte' }, '/title'],
  ]
  for (const [content, fields, path] of refusals) {
    const refused = await post(content, fields)
    checkProblem(t, refused, 400, 'validation_failed')
    t.match(refused.json().errors, [{ path }], content.slice(0, 20))
  }
  t.equal((await post('# A\na\n# B\nb')).statusCode, 201, 'two pieces')
  t.match((await post('a\r\nb\rc', { title: ' A \n B ' })).json(), { content: 'a\nb\nc', title: 'A B' })
  checkProblem(t, await post('a', { title: 'x'.repeat(256) }), 400, 'validation_failed')
})

t.test('[DOC5] only the configured number of earlier versions is kept', async (t) => {
  const { alice } = await setUp(t, { DOCUMENT_KEPT_VERSIONS: '1' })
  const created = await createDocument(alice)
  for (const version of [1, 2]) await alice.call('PUT', toUrl(created), { title: 'A', content: 'B', version })
  const { items } = (await alice.call('GET', `${toUrl(created)}/versions`)).json()
  t.same(
    items.map(({ version }: KnowledgeDocument) => version),
    [3, 2],
    'the current version and one earlier version',
  )
})

t.test('[DOC10] a search first lists the pieces that contain all words, and then similar pieces', async (t) => {
  const { harness, alice } = await setUp(t)
  await createDocument(alice, { title: 'Exact', content: '# A\nblock the beacon of ws-042\n# B\nnothing of it\n' })
  await createDocument(alice, { title: 'Near', content: 'The beacon is a process that nobody knows.' })
  while (await harness.stores.textIndex.indexNextPieces(100, PIECE_RULES)); // It resolves to false after the last piece.
  const search = async (q: string) =>
    (await alice.call('GET', `${DOCUMENTS_URL}/search?q=${encodeURIComponent(q)}`))
      .json()
      .items.map((item: KnowledgeDocument) => item.title)
  t.same(await search('block beacon'), ['Exact', 'Near'])
  t.same(await search('beacon of ws-042 block'), ['Exact'], 'a piece that matches too few words is not found')
  t.same((await alice.call('GET', `${DOCUMENTS_URL}/search?q=beacon&limit=1`)).json().items.length, 1)
})

t.test('[DOC10] a search for a part of a word reads at most the configured number of pieces', async (t) => {
  for (const limit of [1, 2]) {
    const { alice } = await setUp(t, { DOCUMENT_SEARCH_MAX_PIECES: String(limit) })
    const older = await createDocument(alice, { title: 'Older', content: 'isolation' })
    let newer = await createDocument(alice, { title: 'Newer', content: 'isolation' })
    // A search reads documents that were changed in the same millisecond together.
    while (newer.updated_at === older.updated_at) {
      await alice.call('DELETE', toUrl(newer))
      newer = await createDocument(alice, { title: 'Newer', content: 'isolation' })
    }
    const { items } = (await alice.call('GET', `${DOCUMENTS_URL}/search?q=solati`)).json()
    t.same(
      items.map(({ title }: KnowledgeDocument) => title),
      ['Newer', 'Older'].slice(0, limit),
    )
  }
})

t.test('[DOC13] a document that comes from a file of the folder is read-only', async (t) => {
  const { harness, alice, admin } = await setUp(t)
  const text = { title: 'File', kind: 'runbook' as const, language: 'en', tlp: 'amber' as const, content: 'Text' }
  const scope = { access: 'everybody' as const, event_id: null, import_key: 'file a.md', path: 'a.md' }
  const keptVersions = 1
  await harness.stores.documents.importDocument({ ...text, ...scope, pieces: [] }, keptVersions)
  const [documentOfFile] = (await alice.call('GET', DOCUMENTS_URL)).json().items
  t.match(documentOfFile, { path: 'a.md', updated_by: null })
  for (const caller of [alice, admin]) {
    const update = await caller.call('PUT', toUrl(documentOfFile), { title: 'New', content: 'New', version: 1 })
    checkProblem(t, update, 409, 'document_read_only')
    checkProblem(t, await caller.call('DELETE', toUrl(documentOfFile)), 409, 'document_read_only')
  }
})

t.test(
  '[DOC9] when users write a document of an event, or an admin reads it, audit entries without its text are added',
  async (t) => {
    const { harness, alice, admin, event_id } = await setUp(t)
    const created = await createDocument(alice, { access: 'event', event_id })
    await alice.call('PUT', toUrl(created), { title: 'Secret', content: 'Secret', version: 1 })
    await admin.call('GET', toUrl(created))
    await admin.call('GET', `${DOCUMENTS_URL}/search?q=secret`)
    await admin.call('GET', `${toUrl(created)}/versions`)
    await alice.call('DELETE', toUrl(created))
    const { items } = await harness.stores.audit.list({ event_id, limit: 100 })
    const entries = items.filter(({ action }) => action.startsWith('document_') || action === 'admin_view').toReversed()
    t.same(
      entries.map(({ action, object_id, detail }) => [action, object_id, detail]),
      [
        ['document_created', created.document_id, 'kind=runbook tlp=amber'],
        ['document_updated', created.document_id, 'version=2'],
        ['admin_view', event_id, 'GET /api/documents/:document_id'],
        ['admin_view', event_id, 'GET /api/documents/search'],
        ['admin_view', event_id, 'GET /api/documents/:document_id/versions'],
        ['document_deleted', created.document_id, null],
      ],
    )
  },
)
