import type { Message, ServerFrame } from '@engineer-chat/protocol'
import { test } from 'tap'
import type { ListItem } from '../src/state/events/urgency.ts'
import { AnswerEndFinder, EventNoticeFinder } from '../src/state/notifications/notices.ts'
import { isQuietAt } from '../src/state/notifications/quiet-hours.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z')
const reader = { user_id: 'me', nowMs: NOW_MS }
const createItem = (fields: Partial<ListItem> = {}): ListItem => ({
  event_id: 'e',
  event_name: 'Stolen laptop',
  message: '',
  context: '',
  severity: 'high',
  source: 'EDR',
  event_status: 'pending',
  access: 'open',
  tlp: 'amber',
  seq: 1,
  summary_version: null,
  created_by: 'somebody',
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  last_activity_at: '2026-03-01T11:59:30.000Z',
  unread: 0,
  mentions: 0,
  ...fields,
})

/** Compares the second list with the first, and returns the notices. */
function compareLists(first: ListItem[], second: ListItem[]): string[] {
  const finder = new EventNoticeFinder()
  finder.handleList(first, reader)
  return finder.handleList(second, reader).map(({ kind, event_name }) => `${kind}: ${event_name}`)
}

test('[ROOM74] a new mention notifies; a mention in the first list, or one that has been read, does not', async (t) => {
  t.same(new EventNoticeFinder().handleList([createItem({ mentions: 3 })], reader), [])
  t.same(compareLists([createItem()], [createItem({ mentions: 1 })]), ['mention: Stolen laptop'])
  t.same(compareLists([createItem({ mentions: 2 })], [createItem({ mentions: 2, unread: 9 })]), [])
  t.same(compareLists([createItem({ mentions: 2 })], [createItem({ mentions: 0 })]), [])
})

test('[ROOM74] an event that is new and critical, or becomes critical, notifies; an event of the reader does not', async (t) => {
  const critical = createItem({ severity: 'critical' })
  t.same(compareLists([], [critical]), ['critical: Stolen laptop'])
  t.same(compareLists([createItem()], [critical]), ['critical: Stolen laptop'])
  t.same(compareLists([critical], [critical]), [])
  t.same(compareLists([], [{ ...critical, created_by: 'me' }]), [])
  t.same(
    compareLists([], [{ ...critical, last_activity_at: '2026-03-01T11:00:00.000Z' }]),
    [],
    'an old event was found later',
  )
})

test('[ROOM74] muted and closed events do not notify', async (t) => {
  const withMention = { severity: 'critical', mentions: 1 } as const
  t.same(compareLists([createItem({ muted: true })], [createItem({ ...withMention, muted: true })]), [])
  t.same(compareLists([createItem()], [createItem({ ...withMention, event_status: 'closed' })]), [])
})

test('[ROOM74] each new mention has a different tag, which is the same in every tab', async (t) => {
  const listTags = (mentions: number) => {
    const finder = new EventNoticeFinder()
    finder.handleList([createItem()], reader)
    return finder.handleList([createItem({ mentions })], reader).map(({ tag }) => tag)
  }
  t.same(listTags(1), listTags(1))
  t.not(`${listTags(1)}`, `${listTags(2)}`)
})

test('[ROOM74] a mention after the reader has read gets another tag, because the earlier notification may still be shown', async (t) => {
  const finder = new EventNoticeFinder()
  const createActivity = (minute: number) => ({ last_activity_at: `2026-03-01T11:5${minute}:30.000Z` })
  const withMention = { mentions: 1, severity: 'critical' } as const
  const tags = [
    createItem(),
    createItem({ ...withMention, ...createActivity(8) }),
    createItem(createActivity(8)),
    createItem({ ...withMention, ...createActivity(9) }),
  ].flatMap((listed) => finder.handleList([listed], reader).map(({ tag }) => tag))
  t.equal(tags.length, 4)
  t.equal(new Set(tags).size, 4)
})

test('[ROOM74] quiet hours may include midnight, and end exactly at their minute', async (t) => {
  const toDate = (hours: number, minutes = 0) => new Date(2026, 2, 1, hours, minutes)
  const night = { from: '22:00', until: '07:00' }
  t.same(
    [toDate(21, 59), toDate(22), toDate(3), toDate(6, 59), toDate(7)].map((time) => isQuietAt(time, night)),
    [false, true, true, true, false],
  )
  const noon = { from: '12:00', until: '13:00' }
  t.same(
    [toDate(11, 59), toDate(12), toDate(13)].map((time) => isQuietAt(time, noon)),
    [false, true, false],
  )
  for (const emptyHours of [
    { from: '08:00', until: '08:00' },
    { from: '', until: '07:00' },
    { from: '24:00', until: '07:00' },
  ])
    t.equal(isQuietAt(toDate(3), emptyHours), false)
})

test('[ROOM74] an answer to the reader notifies once when it ends; older answers and those to others do not', async (t) => {
  const createAnswer = (message_type: string, user_id = 'me'): Message => ({
    message_id: `a-${user_id}`,
    event_id: 'e',
    position: 2,
    seq: 2,
    user_id,
    message_from: 'ai',
    message_type,
    message_category: 'engineer_chat',
    sender_type: 'ai',
    chat_session_id: 'chat_1',
    visibility: 'private',
    reply_to: 'q',
    round_id: null,
    event_summary_version: null,
    message_content: { content: 'text' },
    created_at: '2026-03-01T10:00:00.000Z',
    updated_at: '2026-03-01T10:00:00.000Z',
  })
  const toFrame = (message: Message): ServerFrame => ({ type: 'message', event_id: 'e', seq: 2, message })
  const finder = new AnswerEndFinder()
  const findEndedAnswerId = (message: Message) => finder.handleFrame(toFrame(message), 'me')?.message_id
  t.equal(findEndedAnswerId(createAnswer('chat')), undefined, 'the answer ended before the page was loaded')
  t.equal(findEndedAnswerId(createAnswer('thinking')), undefined)
  t.equal(findEndedAnswerId(createAnswer('chat')), 'a-me')
  t.equal(findEndedAnswerId(createAnswer('chat')), undefined)
  findEndedAnswerId(createAnswer('thinking', 'you'))
  t.equal(findEndedAnswerId(createAnswer('chat', 'you')), undefined)
})
