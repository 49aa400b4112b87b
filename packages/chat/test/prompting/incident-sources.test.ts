import { buildPrompt } from '@engineer-chat/chat/prompting'
import type { SimilarIncident } from '@engineer-chat/chat/shared'
import t from 'tap'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const createIncident = (more: Partial<SimilarIncident> = {}): SimilarIncident => ({
  event_id: 'e-march',
  event_name: 'March',
  severity: 'high',
  tlp: 'amber',
  sharedValues: ['198.51.100.7'],
  excerpt: 'A loader called home.',
  ...more,
})

const WITH_INCIDENTS = { ...SETTINGS, sourceKinds: new Set([...SETTINGS.sourceKinds, 'incident' as const]) }

t.test('[SRC10] a similar event is included with what both share, and an answer cites it', async (t) => {
  const prompt = buildPrompt(createContext({ incidents: [createIncident()] }), MODEL, WITH_INCIDENTS)
  const [system] = prompt.turns
  t.match(
    system?.content,
    /inc1 another incident\nname: March\nseverity: high\nin both incidents: 198\.51\.100\.7\n\nA loader called home\./,
  )
  t.match(
    prompt.sources.find(({ id }) => id === 'inc1'),
    { kind: 'incident', label: 'March', event_id: 'e-march' },
  )
  const { citations } = prompt.review('It was here in March [inc1].')
  t.same(citations, [{ id: 'inc1', label: 'March', event_id: 'e-march', supported: true }])
})

t.test('[SRC10] a red event stays inside, and none is included without its switch', async (t) => {
  const incidents = [createIncident({ tlp: 'red', excerpt: 'CANARY' }), createIncident({ excerpt: 'It is amber.' })]
  const prompt = buildPrompt(createContext({ incidents }), MODEL, WITH_INCIDENTS)
  t.notMatch(JSON.stringify(prompt.turns), 'CANARY')
  t.match(JSON.stringify(prompt.turns), 'It is amber.')
  const off = buildPrompt(createContext({ incidents }), MODEL, { ...SETTINGS, sourceKinds: new Set(['event']) })
  t.notMatch(JSON.stringify(off.turns), 'It is amber.')
})
