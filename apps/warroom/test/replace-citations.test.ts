import type { Citation } from '@engineer-chat/protocol'
import t from 'tap'
import { toCitedHash } from '../src/state/replying/cited-hash.ts'
import { formatSourceName, readCitationLabel } from '../src/text/citation-label.ts'
import { replaceCitationsByLabels } from '../src/text/replace-citations.ts'

const citations = [
  { id: 'ev1', label: 'event', supported: true },
  { id: 'msg1', label: 'bo|b, 2026-11-22T10:30:00.000Z', message_id: 'm-1', supported: true },
  { id: 'doc1', label: 'VPN › [Lock]', document_id: 'd 1', anchor: 'lock', supported: true },
  { id: 'sum9', label: '', supported: false },
]
const context = {
  origin: 'https://war.example',
  event_id: 'e/1',
  kinds: { event: '事件', summary: '总结' },
  formatRound: (round: number) => `第 ${round} 轮`,
}
const toDocument = (text: string) => replaceCitationsByLabels(text, citations, context)

t.test('[DOC20] citations become links to their messages and documents, also in a table', async (t) => {
  t.equal(
    toDocument('| cut off | [msg1] |'),
    '| cut off | ([bo\\|b, 2026-11-22 10:30 UTC](https://war.example/#/events/e%2F1/messages/m-1)) |',
  )
  t.equal(
    toDocument('Locked [ev1, doc1].'),
    'Locked (事件; [VPN › \\[Lock\\]](https://war.example/#/documents/d%201/lock)).',
  )
})

t.test('[DOC20] a citation links to the same place in the document as in the page', async (t) => {
  const similarEvent = { id: 'inc1', label: 'event', event_id: 'e/2', supported: true }
  const sources: Citation[] = [...citations, similarEvent]
  t.equal(
    replaceCitationsByLabels('As before [inc1].', sources, context),
    'As before ([event](https://war.example/#/events/e%2F2)).',
    'the name of another event is not translated, also if it equals a kind',
  )
  for (const source of sources) {
    const hash = source.supported ? toCitedHash(source, context.event_id) : undefined
    const text = replaceCitationsByLabels(`[${source.id}]`, sources, context)
    t.equal(/https:\/\/war\.example\/([^)]*)/.exec(text)?.[1], hash, source.id)
  }
})

t.test('[ROOM20] only the label of a source of the event itself has a kind and a round', async (t) => {
  const label = 'summary, round 2, 2026-11-22T10:30:00.000Z'
  const at = '2026-11-22T10:30:00.000Z'
  const readLabel = (source: Partial<Citation>) => readCitationLabel({ id: 'x1', label, supported: true, ...source })
  t.same(readLabel({}), { name: 'summary', round: 2, at })
  t.same(readLabel({ message_id: 'm' }), { name: 'summary, round 2', at })
  for (const source of [{ document_id: 'd' }, { event_id: 'e' }]) t.same(readLabel(source), { name: label })
  const constructorName = { id: 'old1', label: 'constructor', supported: true }
  t.equal(formatSourceName(constructorName, context.kinds), 'constructor')
})

t.test('[DOC20] kinds of sources are named in the reader’s language, and people by their names', async (t) => {
  const sources = [
    { id: 'sum1', label: 'summary, round 2, 2026-11-22T10:30:00.000Z', supported: true },
    { id: 'msg1', label: 'event, 2026-11-22T10:30:00.000Z', message_id: 'm-1', supported: true },
    { id: 'old1', label: 'constructor', supported: true },
  ]
  t.equal(replaceCitationsByLabels('A [sum1].', sources, context), 'A (总结, 第 2 轮, 2026-11-22 10:30 UTC).')
  t.match(replaceCitationsByLabels('A [msg1].', sources, context), 'A ([event, 2026-11-22 10:30 UTC](')
  t.equal(replaceCitationsByLabels('A [old1].', sources, context), 'A (constructor).')
})

t.test('[DOC20] marks without a source, code and other brackets stay unchanged', async (t) => {
  for (const text of ['So [sum9?].', 'x `[msg1]` y', '```\n[ev1]\n```', 'See [C2] and [no source]', 'nothing'])
    t.equal(toDocument(text), text)
})
