import type { KnowledgeDocument } from '@engineer-chat/protocol'
import t from 'tap'
import { createFolderSync, type KnowledgeFolder, toFileDocument } from '../../src/documents/index.ts'
import type { Log, Principal } from '../../src/shared/index.ts'
import { createMemoryStores } from '../../testing/index.ts'

const LIMITS = { maxBytes: 1_000, maxPieces: 10, keptVersions: 5 }
const READER: Principal = { user_id: 'u', role: 'engineer' }

/** Creates a folder in memory. `write` and `remove` change its files, `reads` lists the paths that were read. */
function createFolder() {
  const files = new Map<string, { text: string; fingerprint: string }>()
  const unreadable = new Set<string>()
  const reads: string[] = []
  let changes = 0
  const folder: KnowledgeFolder = {
    list: async () => [...files].map(([path, { fingerprint }]) => ({ path, fingerprint })),
    async read(path) {
      reads.push(path)
      const file = files.get(path)
      return file && !unreadable.has(path) ? { text: file.text } : { refusal: 'unreadable' }
    },
  }
  return {
    folder,
    reads,
    unreadable,
    write(path: string, text: string) {
      changes += 1
      files.set(path, { text, fingerprint: String(changes) })
    },
    remove: (path: string) => files.delete(path),
  }
}

function setUp() {
  const { documents } = createMemoryStores()
  const { folder, ...disk } = createFolder()
  const refusals: unknown[] = []
  const log: Log = { info: () => {}, warn: (_, fields) => void refusals.push(fields), error: () => {} }
  const createSync = () => createFolderSync({ documents, folder, documentLimits: LIMITS, log })
  const listPaths = async () => (await documents.listFiles()).map(({ path }) => path).sort()
  const read = async (path: string): Promise<KnowledgeDocument | undefined> => {
    const file = (await documents.listFiles()).find((listed) => listed.path === path)
    return file && documents.find(file.document_id)
  }
  return { documents, disk, folder, refusals, createSync, listPaths, read }
}

t.test('[DOC13] files become documents; a document changes with its file and is removed with it', async (t) => {
  const { disk, createSync, listPaths, read } = setUp()
  const sync = createSync()
  disk.write('a.md', '# Alpha\nIsolate.')
  disk.write('deep/b.md', 'Beta')
  await sync()
  t.same(await listPaths(), ['a.md', 'deep/b.md'])
  t.match(await read('a.md'), { title: 'Alpha', kind: 'runbook', access: 'everybody', tlp: 'amber', version: 1 })

  disk.write('a.md', '# Alpha\nPower off.')
  disk.remove('deep/b.md')
  await sync()

  t.same(await listPaths(), ['a.md'])
  t.match(await read('a.md'), { content: '# Alpha\nPower off.', version: 2 })
})

t.test('[DOC13] only changed files are read again, and another worker writes no unchanged document', async (t) => {
  const { disk, createSync, read } = setUp()
  const sync = createSync()
  disk.write('a.md', 'Alpha')
  disk.write('b.md', 'Beta')
  await sync()
  await sync()
  disk.write('b.md', 'Better')
  await sync()
  t.same(disk.reads, ['a.md', 'b.md', 'b.md'])
  const syncOfAnotherWorker = createSync()
  await syncOfAnotherWorker()
  t.same([(await read('a.md'))?.version, (await read('b.md'))?.version], [1, 2])
})

t.test('[DOC13] the title comes from the front matter, the first heading or the name of the file', async (t) => {
  const findTitle = (path: string, text: string) => toFileDocument(path, text, LIMITS).title
  t.equal(findTitle('a/b.md', '---\ntitle: "Front"\n---\n# Heading\nText'), 'Front')
  t.equal(findTitle('a/b.md', 'Text\n\n## The **second** `one`\nText'), 'The second one')
  t.equal(findTitle('a/the.file.md', 'Text'), 'the.file')
  t.equal(findTitle('a/b.md', `# ${'隔'.repeat(300)}`).length, 255)
})

t.test('[DOC14] front matter names kind, language and label, and is not part of the text', async (t) => {
  const frontMatter = '---\r\nTitle: A\r\nkind: Note\r\nlanguage: ja\r\ntlp: TLP:GREEN\r\ntags: [a]\r\n---\r\n'
  const document = toFileDocument('a.md', `${frontMatter}Text`, LIMITS)
  t.match(document, { title: 'A', kind: 'note', language: 'ja', tlp: 'green', content: 'Text' })
  const withUnknownWords = toFileDocument('a.md', '---\nkind: poem\nlanguage: no language\n---\n隔离', LIMITS)
  t.match(withUnknownWords, { kind: 'runbook', language: 'zh', tlp: 'amber' })
  t.match(toFileDocument('a.md', '---\nno end: yes\nText', LIMITS), { content: '---\nno end: yes\nText' })
  t.throws(() => toFileDocument(`${'a'.repeat(510)}.md`, 'Text', LIMITS), { code: 'validation_failed' })
  t.ok(toFileDocument(`${'a'.repeat(509)}.md`, 'Text', LIMITS))
  for (const text of ['---\ntlp: secret\n---\nText', '---\ntlp: TLP:\n---\nText']) {
    t.throws(() => toFileDocument('a.md', text, LIMITS), { code: 'validation_failed' })
  }
})

t.test('[DOC14] a file that cannot be stored keeps its earlier text, is logged once and stops no other', async (t) => {
  const { disk, createSync, refusals, listPaths, read } = setUp()
  const sync = createSync()
  disk.write('a.md', 'Alpha')
  await sync()
  disk.write('a.md', 'null \0 byte')
  disk.write('b.md', 'x'.repeat(1_001))
  disk.write('c.md', 'x'.repeat(1_000))
  await sync()
  await sync()
  t.same(await listPaths(), ['a.md', 'c.md'])
  t.match(await read('a.md'), { content: 'Alpha', version: 1 })
  t.same(refusals, [
    { path: 'a.md', reason: '/content must not contain null bytes' },
    { path: 'b.md', reason: '/content must have at most 1000 bytes' },
  ])
})

t.test('[DOC14] an unreadable file is logged once, and each call tries again until it can be read', async (t) => {
  const { disk, createSync, refusals, listPaths } = setUp()
  const sync = createSync()
  disk.write('a.md', 'Alpha')
  disk.unreadable.add('a.md')
  await sync()
  await sync()
  t.same(refusals, [{ path: 'a.md', reason: 'unreadable' }])
  disk.unreadable.delete('a.md')
  await sync()
  await sync()
  t.same(await listPaths(), ['a.md'])
  t.equal(disk.reads.length, 3, 'a file that was read is not read again')
})

t.test('[DOC15] a folder that cannot be read changes no document, and the next call reads it again', async (t) => {
  const { disk, folder, createSync, listPaths } = setUp()
  const sync = createSync()
  disk.write('a.md', 'Alpha')
  await sync()
  const { list } = folder
  folder.list = () => Promise.reject(new Error('gone'))
  await t.rejects(sync(), { message: 'gone' })
  t.same(await listPaths(), ['a.md'])
  folder.list = list
  disk.remove('a.md')
  await sync()
  t.same(await listPaths(), [])
})

t.test('[DOC15] a worker that skipped the folder because of another worker reads it in its next call', async (t) => {
  const { documents, disk, createSync, listPaths } = setUp()
  const sync = createSync()
  disk.write('a.md', 'Alpha')
  await documents.runAlone('folder', sync)
  t.same(await listPaths(), [], 'the folder was taken')
  await sync()
  t.same(await listPaths(), ['a.md'])
  t.match((await documents.list(READER, { limit: 10 })).items, [{ path: 'a.md' }])
})
