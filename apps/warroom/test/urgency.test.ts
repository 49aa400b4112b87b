import { test } from 'tap'
import { filterList } from '../src/state/events/list-filter.ts'
import { groupByUrgency, type ListItem } from '../src/state/events/urgency.ts'

const createItem = (event_id: string, fields: Partial<ListItem> = {}): ListItem => ({
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
  ...fields,
})

const listIds = (items: readonly ListItem[]) => items.map(({ event_id }) => event_id)

test('[ROOM70] active events are listed before closed ones, by mentions, then severity, then the latest activity', async (t) => {
  const groups = groupByUrgency([
    createItem('closed', { event_status: 'closed', severity: 'critical', mentions: 3 }),
    createItem('low-old'),
    createItem('low-new', { last_activity_at: '2026-03-01T12:00:00.000Z' }),
    createItem('high', { severity: 'high' }),
    createItem('critical', { severity: 'critical' }),
    createItem('low-mentioned', { mentions: 1 }),
    createItem('medium-mentioned', { mentions: 1, severity: 'medium' }),
  ])
  t.same(listIds(groups.active), ['medium-mentioned', 'low-mentioned', 'critical', 'high', 'low-new', 'low-old'])
  t.same(listIds(groups.closed), ['closed'])
})

test('[ROOM70] an event from a node that sends no counts is sorted by its last change', async (t) => {
  const { active } = groupByUrgency([createItem('a'), createItem('b', { updated_at: '2026-03-01T11:00:00.000Z' })])
  t.same(listIds(active), ['b', 'a'])
})

test('[ROOM70] while the pointer is on the list, no event moves, and new events are added at the end', async (t) => {
  const groupsBefore = groupByUrgency([createItem('a', { severity: 'high' }), createItem('b'), createItem('c')])
  const groupsAfter = groupByUrgency(
    [
      createItem('a', { severity: 'high', event_status: 'closed' }),
      createItem('b', { mentions: 1 }),
      createItem('c', { severity: 'critical' }),
      createItem('new', { severity: 'critical' }),
    ],
    groupsBefore,
  )
  t.same(listIds(groupsAfter.active), ['a', 'b', 'c', 'new'])
  t.same(groupsAfter.active[1]?.mentions, 1, 'the counts are updated')
  t.same(groupsAfter.closed, [])
})

test('[ROOM70] the list is filtered by name, by field, and by the events that concern the reader', async (t) => {
  const items = [
    createItem('opened', { created_by: 'me' }),
    createItem('written', { severity: 'high' }),
    createItem('mentioned', { mentions: 1 }),
    createItem('other', { event_name: 'Stolen LAPTOP' }),
  ]
  const reader = { user_id: 'me', hasWrittenInRoom: (event_id: string) => event_id === 'written' }
  const NO_FILTER = { text: '', fields: {}, isMineOnly: false }
  t.same(listIds(filterList(items, { ...NO_FILTER, isMineOnly: true }, reader)), ['opened', 'written', 'mentioned'])
  t.same(listIds(filterList(items, { ...NO_FILTER, text: ' laptop ' }, reader)), ['other'])
  t.same(listIds(filterList(items, { ...NO_FILTER, fields: { severity: 'high' } }, reader)), ['written'])
  t.same(listIds(filterList(items, NO_FILTER, reader)), listIds(items))
})
