import { test } from 'tap'
import { countAttention } from '../src/state/attention/count.ts'
import { toFaviconUrl } from '../src/state/attention/favicon.ts'
import { toTabTitle } from '../src/state/attention/title.ts'
import type { ListItem } from '../src/state/events/urgency.ts'

const createItem = (fields: Partial<ListItem>): ListItem => ({
  event_id: 'e',
  event_name: 'An event',
  message: '',
  context: '',
  severity: 'low',
  source: 'EDR',
  event_status: 'pending',
  access: 'open',
  tlp: 'amber',
  seq: 1,
  summary_version: null,
  created_by: null,
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  ...fields,
})

test('[ROOM71] the unread counts of active events are added up; a muted event counts only its mentions', async (t) => {
  const items = [
    createItem({ unread: 3, mentions: 1 }),
    createItem({ unread: 20, mentions: 2, muted: true }),
    createItem({ unread: 50, mentions: 9, event_status: 'closed' }),
    createItem({}), // A node of an older version sends no counts.
  ]
  t.same(countAttention(items), { unread: 5, mentions: 3 })
})

test('[ROOM71] the title begins with the unread count', async (t) => {
  t.equal(toTabTitle('Stolen laptop', { unread: 3, mentions: 0 }), '(3) Stolen laptop · Engineer Chat')
  t.equal(toTabTitle('Stolen laptop', { unread: 0, mentions: 0 }), 'Stolen laptop · Engineer Chat')
  t.equal(toTabTitle('', { unread: 100, mentions: 0 }), '(99+) Engineer Chat')
})

test('[ROOM71] the icon shows the number of mentions, a dot if there are only unread messages, or neither', async (t) => {
  const drawIcon = (unread: number, mentions: number) => decodeURIComponent(toFaviconUrl({ unread, mentions }))
  t.equal(drawIcon(0, 0), '/favicon.svg')
  t.match(drawIcon(4, 0), '<circle')
  t.notMatch(drawIcon(4, 0), '<text')
  t.match(drawIcon(4, 2), '>2</text>')
  t.match(drawIcon(40, 12), '>9+</text>')
})
