import type { Test } from 'tap'
import type { ImportedDocument } from '../../../src/documents/plan-import.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import { anEvent, type Harness } from '../harness.ts'

function createFile(fields: Partial<ImportedDocument> = {}): ImportedDocument {
  const path = fields.path === undefined ? `${createId()}.md` : fields.path
  const content = fields.content ?? 'Isolate the host.'
  return {
    import_key: `file ${path}`,
    path,
    title: 'Ransomware',
    kind: 'runbook',
    language: 'en',
    tlp: 'amber',
    access: 'everybody',
    event_id: null,
    content,
    pieces: [{ headings: [], anchor: '', text: content }],
    ...fields,
  }
}

const KEPT_VERSIONS = 50
const READER: Principal = { user_id: 'u', role: 'admin' }

export function proveImports(t: Test, { stores }: Harness): void {
  const { documents } = stores
  const findFile = async (path: string | null) => (await documents.listFiles()).find((file) => file.path === path)

  t.test(
    '[DOC13] the document of a file is created, replaced if the file differs, and otherwise left unchanged',
    async (t) => {
      const file = createFile()
      const outcomes = [
        await documents.importDocument(file, KEPT_VERSIONS),
        await documents.importDocument(file, KEPT_VERSIONS),
        await documents.importDocument({ ...file, content: 'Changed', pieces: [] }, KEPT_VERSIONS),
      ]
      t.same(outcomes, ['created', 'unchanged', 'replaced'])
      const { document_id } = (await findFile(file.path)) ?? { document_id: '' }
      t.match(await documents.find(document_id), { path: file.path, version: 2, content: 'Changed', updated_by: null })
    },
  )

  t.test('[DOC13] a file that was removed and comes back gets its earlier document again', async (t) => {
    const file = createFile()
    await documents.importDocument(file, KEPT_VERSIONS)
    const { document_id } = (await findFile(file.path)) ?? { document_id: '' }
    await documents.remove(document_id)
    t.equal(await findFile(file.path), undefined)
    t.equal(await documents.importDocument(file, KEPT_VERSIONS), 'replaced')
    t.match(await documents.find(document_id), { path: file.path, content: file.content })
  })

  t.test('[DOC15] two workers at the same time store a file once', async (t) => {
    const file = createFile({ title: createId() })
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => documents.importDocument(file, KEPT_VERSIONS)))
    t.same(outcomes.sort(), ['created', 'unchanged', 'unchanged', 'unchanged'])
    const { items } = await documents.list(READER, { limit: 100 })
    t.equal(items.filter(({ title }) => title === file.title).length, 1)
  })

  t.test(
    '[DOC15] only one process at a time reads the folder; another may read it after the first has ended or failed',
    async (t) => {
      const hasSecondRun: boolean[] = []
      const hasFirstRun = await documents.runAlone('folder', async () => {
        hasSecondRun.push(await documents.runAlone('folder', async () => {}))
      })
      t.same([hasFirstRun, ...hasSecondRun], [true, false])
      await t.rejects(
        documents.runAlone('folder', () => Promise.reject(new Error('unreadable'))),
        { message: 'unreadable' },
      )
      t.equal(await documents.runAlone('folder', async () => {}), true)
    },
  )

  t.test(
    '[DOC16] a document of a closed event keeps a person’s changes, and stays removed if a person removed it',
    async (t) => {
      const { event_id } = await anEvent(stores)
      const summary = createFile({ path: null, import_key: `summary ${event_id}`, access: 'event', event_id })
      t.equal(await documents.importDocument(summary, KEPT_VERSIONS), 'created')
      t.equal(await documents.importDocument({ ...summary, content: 'Newer' }, KEPT_VERSIONS), 'replaced')
      const [listed] = (await documents.list(READER, { event_id, limit: 1 })).items
      const { document_id, version } = listed ?? { document_id: '', version: 0 }
      const { title, kind, language, tlp } = summary
      const edit = {
        title,
        kind,
        language,
        tlp,
        content: 'Edited',
        pieces: [],
        updated_by: 'u-bob',
        keptVersions: KEPT_VERSIONS,
      }
      await documents.update(document_id, { ...edit, version })
      t.equal(await documents.importDocument({ ...summary, content: 'Newest' }, KEPT_VERSIONS), 'unchanged')
      t.match(await documents.find(document_id), { content: 'Edited' })
      await documents.remove(document_id)
      t.equal(await documents.importDocument(summary, KEPT_VERSIONS), 'unchanged')
      t.equal(await documents.find(document_id), undefined)
    },
  )
}
