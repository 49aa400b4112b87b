import { createHash } from 'node:crypto'
import type { KnowledgeDocument } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'

async function setUp(t: Test) {
  const harness = await createHarness({ env: { RATE_LIMIT_EXPORTS_PER_MINUTE: '100' } })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [olga, captain] = [await harness.signUp('olga'), await harness.signUp('captain', 'agent')]
  const event_id = await harness.createEvent(alice, { access: 'restricted', tlp: 'amber' })
  await harness.putMember(alice, event_id, bob, 'responder')
  await harness.putMember(alice, event_id, olga, 'observer')
  const createDocument = async (otherFields: object = {}): Promise<KnowledgeDocument> => {
    const scope = { access: 'event', event_id }
    const fields = { title: 'Review', kind: 'postmortem', content: 'Contained.', ...scope, ...otherFields }
    return (await alice.call('POST', '/api/documents', fields)).json()
  }
  const readExport = async (caller: TestCaller, query: string) =>
    (await caller.call('GET', `/api/events/${event_id}/export?${query}`)).body
  return { harness, alice, bob, olga, captain, event_id, createDocument, readExport }
}

const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex')
/** The last line of an export contains the hash of all bytes before it. */
const cutLastLine = (text: string) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)

t.test('[EXPORT8] a JSON export has the newest version of each document of the event, with its hash', async (t) => {
  const { harness, alice, bob, olga, event_id, createDocument, readExport } = await setUp(t)
  const first = await createDocument()
  const changes = { title: 'Review', content: '第二\n"版" \u2028', version: 1 }
  const newest = (await bob.call('PUT', `/api/documents/${first.document_id}`, changes)).json()
  const other = await createDocument({ title: 'Second', kind: 'note' })
  await createDocument({ access: 'everybody', event_id: undefined, title: 'For all' })
  await createDocument({ event_id: await harness.createEvent(alice), title: 'Elsewhere' })
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'done' })

  const text = await readExport(olga, 'format=json')

  const file = JSON.parse(text)
  const documents = file.documents.map(({ document }: { document: KnowledgeDocument }) => document)
  const compareTitles = (left: KnowledgeDocument, right: KnowledgeDocument) => left.title.localeCompare(right.title)
  t.same(documents.sort(compareTitles), [newest, other])
  t.match(file, { count: 1, document_count: 2, sha256: sha256(cutLastLine(text)) })
  const lines = text.split('\n').filter((line) => line.startsWith('{"sha256"') && line.includes('"document":'))
  t.equal(lines.length, 2)
  for (const line of lines) {
    const [, hash = '', bytes = ''] = /^\{"sha256":"([0-9a-f]{64})","document":(.*)\},?$/s.exec(line) ?? []
    t.equal(sha256(bytes), hash)
  }
})

t.test(
  '[EXPORT8] an export says that the event has no documents if there are none; an agent’s export never has any',
  async (t) => {
    const { alice, captain, createDocument, readExport } = await setUp(t)
    const empty = JSON.parse(await readExport(alice, 'format=json'))
    t.same([empty.documents, empty.document_count], [[], 0])
    t.match(await readExport(alice, 'format=markdown'), '## Documents\n\nThe event has no documents.\n')
    t.match(await readExport(alice, 'format=markdown&language=zh'), '## 文档\n\n该事件没有文档。\n')
    await createDocument({ content: 'what people asked' })
    for (const format of ['json', 'markdown'])
      t.notMatch(await readExport(captain, `format=${format}`), /what people|documents/i)
  },
)

t.test(
  '[EXPORT8] a Markdown export lists the documents first, and has their texts after the messages, in both languages',
  async (t) => {
    const { bob, createDocument, readExport } = await setUp(t)
    const { document_id, updated_at } = await createDocument({ title: '# A *review*', content: '# Cause\n\nA phish.' })
    const english = await readExport(bob, 'format=markdown')
    const details = `Postmortem · version 1 · **TLP:AMBER** · by alice, ${updated_at}`
    t.match(english, `## Documents\n\n- **\\# A \\*review\\*** · ${details}\n`)
    const [, afterMessages = ''] = english.split('\n## Messages')
    t.match(
      afterMessages,
      `## Texts of the documents\n\n### \\# A \\*review\\*\n\n${details} · \`${document_id}\`\n\n> # Cause\n>\n> A phish.\n`,
    )
    const { sha256: hash } = JSON.parse(await readExport(bob, 'format=json')).documents[0]
    t.match(afterMessages, `\n\`sha256 ${hash}\`\n`)
    const chinese = await readExport(bob, 'format=markdown&language=zh')
    t.match(chinese, `复盘 · 版本 1 · **TLP:AMBER** · 由 alice 于 ${updated_at} 撰写`)
    t.match(chinese, '## 文档正文')
    t.equal(/: ([0-9a-f]{64})\n$/.exec(chinese)?.[1], sha256(cutLastLine(chinese)))
  },
)

t.test('[EXPORT4] markup in the title or text of a document has no effect in the exported file', async (t) => {
  const { alice, createDocument, readExport } = await setUp(t)
  const content =
    'a\n===\n![x](https://evil.example/p.png) <img src=//evil.example>\n\n[b]: https://evil.example/\n```\nopen'
  await createDocument({ title: '<script>x</script>', content })
  await createDocument({ title: 'After', content: 'after' })
  const markdown = await readExport(alice, 'format=markdown')
  // A tag, an image, a link definition or the underline of a heading would match.
  t.notMatch(markdown, /(?<!\\)<[a-z]|(?<!\\)!\[|\]: |^=+$/m)
  const headings = markdown.split('\n').filter((line) => /^ {0,3}#/.test(line))
  // The texts of the documents are the last sections. Documents of one millisecond are in the order of their ids.
  const documentHeadings = headings.filter((line) => line.startsWith('### ')).slice(-2)
  t.same(documentHeadings.sort(), ['### After', '### \\<script\\>x\\</script\\>'])
})

t.test('[EXPORT7] an export has the strictest label of the event and its documents', async (t) => {
  const { alice, event_id, createDocument, readExport } = await setUp(t)
  await createDocument({ tlp: 'green' })
  const readLabels = async () => {
    const [, , label = ''] = (await readExport(alice, 'format=markdown')).split('\n')
    const { tlp, event } = JSON.parse(await readExport(alice, 'format=json')).export
    return [label, tlp, event.tlp]
  }
  t.same(await readLabels(), ['**TLP:AMBER**', 'amber', 'amber'])
  await createDocument({ tlp: 'red' })
  t.same(await readLabels(), ['**TLP:RED**', 'red', 'amber'])
  await alice.call('PATCH', `/api/events/${event_id}`, { tlp: 'red' })
  t.same(await readLabels(), ['**TLP:RED**', 'red', 'red'])
})

t.test(
  '[EXPORT9] a document is exported in the listed version, and a document that is removed during the export is left out',
  async (t) => {
    const { harness, alice, createDocument, readExport } = await setUp(t)
    const [changed, removed] = [await createDocument({ title: 'Changed' }), await createDocument({ title: 'Removed' })]
    await createDocument({ title: 'Unchanged' })
    const { list } = harness.stores.documents
    harness.stores.documents.list = async (...query) => {
      const page = await list(...query)
      const update = { title: 'Changed', content: 'came later', version: 1 }
      await alice.call('PUT', `/api/documents/${changed.document_id}`, update)
      await alice.call('DELETE', `/api/documents/${removed.document_id}`)
      return page
    }
    const file = JSON.parse(await readExport(alice, 'format=json'))
    const exported = file.documents.map(({ document }: { document: KnowledgeDocument }) => [
      document.title,
      document.version,
    ])
    t.same(exported.sort(), [
      ['Changed', 1],
      ['Unchanged', 1],
    ])
    t.equal(file.document_count, 2)
    t.notMatch(JSON.stringify(file), 'came later')
  },
)

t.test(
  '[EXPORT9] a document whose newer version has a stricter label than the file is left out, and the file says so',
  async (t) => {
    const { harness, alice, createDocument, readExport } = await setUp(t)
    const [raised, other] = [await createDocument({ title: '# Raised' }), await createDocument({ title: 'Other' })]
    let newLabel = 'red'
    const { list, findVersion } = harness.stores.documents
    // During each export, the document gets a version with the new label.
    harness.stores.documents.list = async (...query) => {
      const page = await list(...query)
      const { version } = (await alice.call('GET', `/api/documents/${raised.document_id}`)).json()
      const update = { title: '# Raised', content: `it is ${newLabel} now`, tlp: newLabel, version }
      await alice.call('PUT', `/api/documents/${raised.document_id}`, update)
      return page
    }
    // The listed version is no longer stored, so the export finds only the newer one.
    const findNoVersion = async () => undefined
    harness.stores.documents.findVersion = findNoVersion

    const text = await readExport(alice, 'format=json')
    const file = JSON.parse(text)
    t.match(file, { export: { tlp: 'amber' }, document_count: 1, documents: [{ document: { title: 'Other' } }] })
    t.equal(file.documents.length, 1)
    t.same(file.documents_left_out, [raised.document_id])
    t.equal(file.sha256, sha256(cutLastLine(text)))
    t.notMatch(text, 'it is red now')

    harness.stores.documents.findVersion = findVersion
    newLabel = 'amber'
    await readExport(alice, 'format=json') // This export makes the document amber again.
    harness.stores.documents.findVersion = findNoVersion
    newLabel = 'red'
    const english = await readExport(alice, 'format=markdown')
    t.match(english, '**TLP:AMBER**')
    t.notMatch(english, 'it is red now')
    const leftOutNote = 'Left out: its label has become stricter than that of this file.'
    t.match(english, `### \\# Raised\n\n${leftOutNote} · \`${raised.document_id}\`\n\n`)
    t.match(english, `\`${other.document_id}\``)

    newLabel = 'amber'
    await readExport(alice, 'format=json') // This export makes the document amber again.
    const completeFile = JSON.parse(await readExport(alice, 'format=json'))
    t.equal(completeFile.document_count, 2, 'a newer version with the same label is exported')
    t.notOk('documents_left_out' in completeFile)
  },
)

t.test('[EXPORT9] a document that is changed while the list is read is exported once', async (t) => {
  const { harness, alice, createDocument, readExport } = await setUp(t)
  const first = await createDocument({ title: 'First' })
  for (let count = 0; count < 3; count += 1) await createDocument({ title: `Number ${count}` })
  const { list } = harness.stores.documents
  let pages = 0
  harness.stores.documents.list = async (caller, query) => {
    const page = await list(caller, { ...query, limit: 1 })
    pages += 1
    if (pages === 2) {
      const update = { title: 'First', content: 'changed', version: 1 }
      await alice.call('PUT', `/api/documents/${first.document_id}`, update)
    }
    return page
  }
  const { documents } = JSON.parse(await readExport(alice, 'format=json'))
  const titles = documents.map(({ document }: { document: KnowledgeDocument }) => document.title)
  t.same(titles.sort(), ['First', 'Number 0', 'Number 1', 'Number 2'])
})

t.test('[EXPORT9] documents are listed page by page and read one at a time', async (t) => {
  const { harness, bob, createDocument, readExport } = await setUp(t)
  for (let count = 0; count < 3; count += 1) await createDocument({ title: `Number ${count}` })
  const { list, find } = harness.stores.documents
  harness.stores.documents.list = (caller, query) => list(caller, { ...query, limit: 1 })
  let runningReads = 0
  harness.stores.documents.find = async (document_id) => {
    runningReads += 1
    t.equal(runningReads, 1)
    const document = await find(document_id)
    runningReads -= 1
    return document
  }
  t.equal(JSON.parse(await readExport(bob, 'format=json')).document_count, 3)
})

t.test('[EXPORT3] a reader who loses the right to the event gets no further document', async (t) => {
  const { harness, alice, bob, event_id, createDocument, readExport } = await setUp(t)
  for (let count = 0; count < 3; count += 1) await createDocument({ content: `text ${count}` })
  const { find } = harness.stores.documents
  let reads = 0
  harness.stores.documents.find = async (document_id) => {
    reads += 1
    await alice.call('DELETE', `/api/events/${event_id}/members/u-bob`)
    return find(document_id)
  }
  const incompleteFile = await readExport(bob, 'format=json').catch(() => '')
  t.notMatch(incompleteFile, '"document_count"')
  t.equal(reads, 1)
})
