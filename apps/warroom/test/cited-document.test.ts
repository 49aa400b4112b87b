import t from 'tap'
import { toCitedDocument } from '../src/text/cited-document.ts'

const citations = [
  { id: 'ev1', label: 'event', supported: true },
  { id: 'msg1', label: 'bo|b, 2026-11-22T10:30:00.000Z', message_id: 'm-1', supported: true },
  { id: 'doc1', label: 'VPN › [Lock]', document_id: 'd 1', anchor: 'lock', supported: true },
  { id: 'sum9', label: '', supported: false },
]
const place = { origin: 'https://war.example', event_id: 'e/1' }
const write = (text: string) => toCitedDocument(text, citations, place)

t.test('[DOC20] citations become links to their messages and documents, also behind a pipe', async (t) => {
  t.equal(
    write('| cut off | [msg1] |'),
    '| cut off | ([bo\\|b, 2026-11-22 10:30 UTC](https://war.example/#/events/e%2F1/messages/m-1)) |',
  )
  t.equal(
    write('Locked [ev1, doc1].'),
    'Locked (event; [VPN › \\[Lock\\]](https://war.example/#/documents/d%201/lock)).',
  )
})

t.test('[DOC20] marks without a source, code and other brackets stay', async (t) => {
  for (const text of ['So [sum9?].', 'x `[msg1]` y', '```\n[ev1]\n```', 'See [C2] and [no source]', 'nothing'])
    t.equal(write(text), text)
})
