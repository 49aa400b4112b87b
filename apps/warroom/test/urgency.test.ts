import { test } from 'tap'
import { filterList } from '../src/state/events/list-filter.ts'
import { groupByUrgency, type ListItem } from '../src/state/events/urgency.ts'

const item = (event_id: string, more: Partial<ListItem> = {}): ListItem => ({
  event_id,
  event_name: `name of ${event_id}`,
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
  ...more,
})

const idsOf = (items: readonly ListItem[]) => items.map(({ event_id }) => event_id)

test('[ROOM70] active events stand above closed ones: mentions, then severity, then the latest activity', async (t) => {
  const groups = groupByUrgency([
    item('closed', { event_status: 'closed', severity: 'critical', mentions: 3 }),
    item('low-old'),
    item('low-new', { last_activity_at: '2026-03-01T12:00:00.000Z' }),
    item('high', { severity: 'high' }),
    item('critical', { severity: 'critical' }),
    item('low-mentioned', { mentions: 1 }),
    item('medium-mentioned', { mentions: 1, severity: 'medium' }),
  ])
  t.same(idsOf(groups.active), ['medium-mentioned', 'low-mentioned', 'critical', 'high', 'low-new', 'low-old'])
  t.same(idsOf(groups.closed), ['closed'])
})

test('[ROOM70] an event of a node that counts nothing is sorted by its last change', async (t) => {
  const { active } = groupByUrgency([item('a'), item('b', { updated_at: '2026-03-01T11:00:00.000Z' })])
  t.same(idsOf(active), ['b', 'a'])
})

test('[ROOM70] while the list is pointed at, nothing moves, and what is new comes last', async (t) => {
  const before = groupByUrgency([item('a', { severity: 'high' }), item('b'), item('c')])
  const after = groupByUrgency(
    [
      item('a', { severity: 'high', event_status: 'closed' }),
      item('b', { mentions: 1 }),
      item('c', { severity: 'critical' }),
      item('new', { severity: 'critical' }),
    ],
    before,
  )
  t.same(idsOf(after.active), ['a', 'b', 'c', 'new'])
  t.same(after.active[1]?.mentions, 1, 'the counts are new')
  t.same(after.closed, [])
})

test('[ROOM70] the list is filtered by name, words, and what is the reader’s', async (t) => {
  const items = [
    item('opened', { created_by: 'me' }),
    item('written', { severity: 'high' }),
    item('mentioned', { mentions: 1 }),
    item('other', { event_name: 'Stolen LAPTOP' }),
  ]
  const reader = { user_id: 'me', hasWritten: (event_id: string) => event_id === 'written' }
  const none = { text: '', fields: {}, isMineOnly: false }
  t.same(idsOf(filterList(items, { ...none, isMineOnly: true }, reader)), ['opened', 'written', 'mentioned'])
  t.same(idsOf(filterList(items, { ...none, text: ' laptop ' }, reader)), ['other'])
  t.same(idsOf(filterList(items, { ...none, fields: { severity: 'high' } }, reader)), ['written'])
  t.same(idsOf(filterList(items, none, reader)), idsOf(items))
})
