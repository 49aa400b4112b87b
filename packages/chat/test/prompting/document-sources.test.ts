import { buildPrompt, listSources } from '@engineer-chat/chat/prompting'
import type { SourcePiece } from '@engineer-chat/chat/shared'
import t from 'tap'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const createPiece = (more: Partial<SourcePiece> = {}): SourcePiece => ({
  document_id: 'd1',
  title: 'Ransomware',
  headings: ['Ransomware', 'Contain'],
  anchor: 'contain',
  tlp: 'amber',
  text: 'Isolate the host.',
  ...more,
})

t.test('[SRC9] a piece is included with its title and headings, and an answer cites its place', async (t) => {
  const context = createContext({ documents: [createPiece(), createPiece({ document_id: 'd2', title: 'Wiper' })] })
  const prompt = buildPrompt(context, MODEL, SETTINGS)
  const [system] = prompt.turns
  t.match(system?.content, /doc1 document\nRansomware › Contain\n\nIsolate the host\./)
  t.match(system?.content, /doc2 document\nWiper › Ransomware › Contain/)
  const place = { document_id: 'd1', anchor: 'contain' }
  t.match(
    prompt.sources.find(({ id }) => id === 'doc1'),
    { kind: 'document', label: 'Ransomware › Contain', ...place },
  )
  const { citations } = prompt.review('Isolate it [doc1].')
  t.same(citations, [{ id: 'doc1', label: 'Ransomware › Contain', ...place, supported: true }])
})

t.test('[SRC9] a secret in a title or a heading is hidden from the model', async (t) => {
  const key = `ghp_${'x7Qa2Lw9'.repeat(5).slice(0, 36)}`
  const context = createContext({ documents: [createPiece({ title: `Key ${key}`, headings: [key] })] })
  t.match(listSources(context).find(({ kind }) => kind === 'document')?.text, key)
  t.notMatch(JSON.stringify(buildPrompt(context, MODEL, SETTINGS).turns), key)
})

t.test('[SRC9] a red document stays inside, also where its event is not red', async (t) => {
  const context = createContext({ documents: [createPiece({ tlp: 'red', text: 'CANARY' }), createPiece()] })
  const prompt = buildPrompt(context, MODEL, SETTINGS)
  t.notMatch(JSON.stringify(prompt.turns), 'CANARY')
  t.same(
    prompt.sources.filter(({ kind }) => kind === 'document').map(({ id }) => id),
    ['doc2'],
  )
})

t.test('[SRC9] four pieces are included, and red ones before them take no place', async (t) => {
  const red = Array.from({ length: 5 }, () => createPiece({ tlp: 'red' }))
  const amber = Array.from({ length: 5 }, () => createPiece())
  const { sources } = buildPrompt(createContext({ documents: [...red, ...amber] }), MODEL, SETTINGS)
  t.same(
    sources.filter(({ kind }) => kind === 'document').map(({ id }) => id),
    ['doc6', 'doc7', 'doc8', 'doc9'],
  )
})

t.test('[SRC9] documents that are switched off are not included', async (t) => {
  const context = createContext({ documents: [createPiece()] })
  const prompt = buildPrompt(context, MODEL, { ...SETTINGS, sourceKinds: new Set(['event']) })
  t.notMatch(JSON.stringify(prompt.turns), 'Isolate the host')
})
