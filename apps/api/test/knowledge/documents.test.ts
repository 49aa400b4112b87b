import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import type { KnowledgeDocument } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { isProblem } from '../problems.ts'

const URL = '/api/documents'
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

async function create(by: TestCaller, more: object = {}): Promise<KnowledgeDocument> {
  const created = await by.call('POST', URL, { ...RUNBOOK, ...more })
  if (created.statusCode !== 201) throw new Error(created.body)
  return created.json()
}

const toUrl = ({ document_id }: KnowledgeDocument): string => `${URL}/${document_id}`

t.test('[DOC1] a document of everybody is stored, read and found', async (t) => {
  const { alice, mallory } = await setUp(t)
  const created = await create(alice)
  t.match(created, { ...RUNBOOK, language: 'en', tlp: 'amber', version: 1, updated_by: 'u-alice' })
  t.same((await mallory.call('GET', toUrl(created))).json(), created)
  const found = (await mallory.call('GET', `${URL}/search?q=isolate`)).json()
  t.match(found, { items: [{ document_id: created.document_id, headings: ['Contain'], anchor: 'contain' }] })
  const { content: _, own_tlp: __, ...listed } = created
  t.same((await mallory.call('GET', URL)).json(), { items: [listed], next_cursor: null })
})

t.test('[DOC1] access and event have to fit, and a change leaves both alone', async (t) => {
  const { alice, event_id } = await setUp(t)
  for (const scope of [{ access: 'event' }, { access: 'everybody', event_id }]) {
    const refused = await alice.call('POST', URL, { ...RUNBOOK, ...scope })
    isProblem(t, refused, 400, 'validation_failed')
    t.match(refused.json().errors, [{ path: '/event_id' }])
  }
  isProblem(t, await alice.call('POST', URL, { ...RUNBOOK, access: 'event', event_id: 'none' }), 404, 'event_not_found')
  const created = await create(alice, { access: 'event', event_id })
  const changes = { title: 'New', content: 'New', version: 1, access: 'everybody' }
  const changed = await alice.call('PUT', toUrl(created), changes)
  t.match(changed.json(), { access: 'event', event_id, version: 2, kind: 'runbook' })
})

t.test('[DOC2] a document of an event looks to others like one that does not exist', async (t) => {
  const { alice, mallory, captain, olga, event_id } = await setUp(t)
  const created = await create(alice, { access: 'event', event_id })
  const url = toUrl(created)
  const changes = { title: 'New', content: 'New', version: 1 }
  isProblem(t, await mallory.call('GET', url), 404, 'document_not_found')
  isProblem(t, await mallory.call('GET', `${url}/versions`), 404, 'document_not_found')
  isProblem(t, await mallory.call('PUT', url, changes), 404, 'document_not_found')
  isProblem(t, await mallory.call('DELETE', url), 404, 'document_not_found')
  isProblem(t, await mallory.call('GET', `${URL}?event_id=${event_id}`), 404, 'event_not_found')
  t.same((await mallory.call('GET', URL)).json().items, [])
  t.same((await mallory.call('GET', `${URL}/search?q=isolate`)).json().items, [])
  isProblem(t, await captain.call('GET', url), 403, 'forbidden')
  isProblem(t, await captain.call('GET', URL), 403, 'forbidden')
  isProblem(t, await captain.call('GET', `${URL}/search?q=isolate`), 403, 'forbidden')
  t.equal((await olga.call('GET', url)).statusCode, 200)
})

t.test('[DOC3] observers write no document of their event, and everybody writes everybody’s', async (t) => {
  const { alice, bob, olga, captain, event_id } = await setUp(t)
  const inEvent = await create(bob, { access: 'event', event_id })
  const scope = { access: 'event', event_id }
  const changes = { title: 'New', content: 'New', version: 1 }
  isProblem(t, await olga.call('POST', URL, { ...RUNBOOK, ...scope }), 403, 'forbidden')
  isProblem(t, await olga.call('PUT', toUrl(inEvent), changes), 403, 'forbidden')
  isProblem(t, await olga.call('DELETE', toUrl(inEvent)), 403, 'forbidden')
  isProblem(t, await captain.call('POST', URL, RUNBOOK), 403, 'forbidden')
  const shared = await create(alice)
  t.equal((await olga.call('PUT', toUrl(shared), changes)).statusCode, 200)
})

t.test('[DOC4] a change of a version that is not the newest is refused', async (t) => {
  const { alice, bob } = await setUp(t)
  const created = await create(alice)
  const put = (by: TestCaller, content: string) =>
    by.call('PUT', toUrl(created), { title: 'Ransomware', content, version: 1 })
  t.match((await put(bob, 'Second')).json(), { version: 2, content: 'Second', updated_by: 'u-bob' })
  isProblem(t, await put(alice, 'Stale'), 409, 'version_conflict')
  t.match((await alice.call('GET', toUrl(created))).json(), { content: 'Second' })
  const earlier = (await alice.call('GET', `${toUrl(created)}?version=1`)).json()
  t.match(earlier, { version: 1, content: RUNBOOK.content, updated_by: 'u-alice' })
  isProblem(t, await alice.call('GET', `${toUrl(created)}?version=9`), 404, 'document_not_found')
  const { items } = (await alice.call('GET', `${toUrl(created)}/versions`)).json()
  t.same(
    items.map(({ version }: KnowledgeDocument) => version),
    [2, 1],
  )
})

t.test('[DOC6] a removed document is gone for everybody', async (t) => {
  const { alice, admin } = await setUp(t)
  const created = await create(alice)
  t.equal((await alice.call('DELETE', toUrl(created))).statusCode, 204)
  for (const by of [alice, admin]) isProblem(t, await by.call('GET', toUrl(created)), 404, 'document_not_found')
  isProblem(t, await alice.call('DELETE', toUrl(created)), 404, 'document_not_found')
})

t.test('[DOC7] only those who manage a document lower its label, and its event’s label is its least one', async (t) => {
  const { alice, bob, admin, event_id } = await setUp(t)
  const put = async (by: TestCaller, document: KnowledgeDocument, tlp: string) => {
    const { version } = (await by.call('GET', toUrl(document))).json()
    return by.call('PUT', toUrl(document), { title: 'New', content: 'New', version, tlp })
  }
  const inEvent = await create(bob, { access: 'event', event_id })
  t.equal(inEvent.tlp, 'amber', 'the label of the event')
  t.match((await put(bob, inEvent, 'red')).json(), { tlp: 'red' })
  isProblem(t, await put(bob, inEvent, 'amber'), 403, 'forbidden')
  t.match((await put(alice, inEvent, 'green')).json(), { tlp: 'amber' }, 'the event is amber')
  const shared = await create(bob, { tlp: 'amber' })
  isProblem(t, await put(bob, shared, 'clear'), 403, 'forbidden')
  t.match((await put(admin, shared, 'clear')).json(), { tlp: 'clear' })
})

t.test('[DOC7] the label of the event is never stored as the document’s', async (t) => {
  const { harness, alice, bob, event_id } = await setUp(t)
  const created = await create(bob, { access: 'event', event_id, tlp: 'amber' })
  await harness.stores.events.update(event_id, { tlp: 'red' }, { user_id: 'u-alice', role: 'engineer' })
  const put = (more: object) => bob.call('PUT', toUrl(created), { title: 'New', content: 'New', ...more })
  t.match((await put({ version: 1 })).json(), { tlp: 'red', own_tlp: 'amber' }, 'a change without a label')
  t.match((await put({ version: 2, tlp: 'amber' })).json(), { own_tlp: 'amber' }, 'the label that it has')
  isProblem(t, await put({ version: 3, tlp: 'green' }), 403, 'forbidden')
  await harness.stores.events.update(event_id, { tlp: 'green' }, { user_id: 'u-alice', role: 'engineer' })
  t.match((await alice.call('GET', toUrl(created))).json(), { tlp: 'amber', own_tlp: 'amber' })
})

t.test('[DOC21] a restored text keeps the stricter label of both versions', async (t) => {
  const { alice, bob, event_id } = await setUp(t)
  const created = await create(alice, { access: 'event', event_id, tlp: 'red', content: 'Secret' })
  const put = (by: TestCaller, more: object) =>
    by.call('PUT', toUrl(created), { title: 'New', content: 'New', ...more })
  t.match((await put(alice, { version: 1, tlp: 'green' })).json(), { own_tlp: 'green' })
  isProblem(t, await put(bob, { version: 2, restores: 1, content: 'Secret', tlp: 'amber' }), 403, 'forbidden')
  isProblem(t, await put(bob, { version: 2, restores: 9 }), 404, 'document_not_found')
  t.match((await put(bob, { version: 2, restores: 1, content: 'Secret' })).json(), { version: 3, own_tlp: 'red' })
  t.match((await put(bob, { version: 3, restores: 2 })).json(), { version: 4, own_tlp: 'red' }, 'nor is it lowered so')
})

t.test('[DOC8] the text of a document has limits, and each is named', async (t) => {
  const { alice } = await setUp(t, { DOCUMENT_MAX_BYTES: '1024', DOCUMENT_MAX_PIECES: '2' })
  const post = (content: string, more: object = {}) => alice.call('POST', URL, { ...RUNBOOK, content, ...more })
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
  for (const [content, more, path] of refusals) {
    const refused = await post(content, more)
    isProblem(t, refused, 400, 'validation_failed')
    t.match(refused.json().errors, [{ path }], content.slice(0, 20))
  }
  t.equal((await post('# A\na\n# B\nb')).statusCode, 201, 'two pieces')
  t.match((await post('a\r\nb\rc', { title: ' A \n B ' })).json(), { content: 'a\nb\nc', title: 'A B' })
  isProblem(t, await post('a', { title: 'x'.repeat(256) }), 400, 'validation_failed')
})

t.test('[DOC5] earlier versions are kept up to a limit', async (t) => {
  const { alice } = await setUp(t, { DOCUMENT_KEPT_VERSIONS: '1' })
  const created = await create(alice)
  for (const version of [1, 2]) await alice.call('PUT', toUrl(created), { title: 'A', content: 'B', version })
  const { items } = (await alice.call('GET', `${toUrl(created)}/versions`)).json()
  t.same(
    items.map(({ version }: KnowledgeDocument) => version),
    [3, 2],
  )
})

t.test('[DOC10] a search finds the pieces that hold the words first, then those that fit them', async (t) => {
  const { harness, alice } = await setUp(t)
  await create(alice, { title: 'Exact', content: '# A\nblock the beacon of ws-042\n# B\nnothing of it\n' })
  await create(alice, { title: 'Near', content: 'The beacon is a process that nobody knows.' })
  while (await harness.stores.textIndex.indexNextPieces(100, PIECE_RULES));
  const search = async (q: string) =>
    (await alice.call('GET', `${URL}/search?q=${encodeURIComponent(q)}`))
      .json()
      .items.map((item: KnowledgeDocument) => item.title)
  t.same(await search('block beacon'), ['Exact', 'Near'])
  t.same(await search('beacon of ws-042 block'), ['Exact'], 'what fits too little is left out')
  t.same((await alice.call('GET', `${URL}/search?q=beacon&limit=1`)).json().items.length, 1)
})

t.test('[DOC13] a file of the folder is read-only', async (t) => {
  const { harness, alice, admin } = await setUp(t)
  const text = { title: 'File', kind: 'runbook' as const, language: 'en', tlp: 'amber' as const, content: 'Text' }
  const scope = { access: 'everybody' as const, event_id: null, origin: 'file a.md', path: 'a.md' }
  await harness.stores.documents.putDerived({ ...text, ...scope, pieces: [] }, 1)
  const [file] = (await alice.call('GET', URL)).json().items
  t.match(file, { path: 'a.md', updated_by: null })
  for (const by of [alice, admin]) {
    const put = await by.call('PUT', toUrl(file), { title: 'New', content: 'New', version: 1 })
    isProblem(t, put, 409, 'document_read_only')
    isProblem(t, await by.call('DELETE', toUrl(file)), 409, 'document_read_only')
  }
})

t.test(
  '[DOC9] writes are audited with ids and codes, and an admin’s look into a restricted event is, too',
  async (t) => {
    const { harness, alice, admin, event_id } = await setUp(t)
    const created = await create(alice, { access: 'event', event_id })
    await alice.call('PUT', toUrl(created), { title: 'Secret', content: 'Secret', version: 1 })
    await admin.call('GET', toUrl(created))
    await admin.call('GET', `${URL}/search?q=secret`)
    await admin.call('GET', `${toUrl(created)}/versions`)
    await alice.call('DELETE', toUrl(created))
    const { items } = await harness.stores.audit.list({ event_id, limit: 100 })
    const acts = items.filter(({ action }) => action.startsWith('document_') || action === 'admin_view').toReversed()
    t.same(
      acts.map(({ action, object_id, detail }) => [action, object_id, detail]),
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
