import type { Message, ServerFrame } from '@engineer-chat/protocol'
import { test } from 'tap'
import type { ListItem } from '../src/state/events/urgency.ts'
import { AnswerEndFinder, EventNoticeFinder } from '../src/state/notifications/notices.ts'
import { isQuietAt } from '../src/state/notifications/quiet-hours.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z')
const READER = { user_id: 'me', nowMs: NOW_MS }
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

/** Gives two lists of events to a finder, and returns the notices of the second one. */
function listNotices(firstList: ListItem[], secondList: ListItem[]): string[] {
  const finder = new EventNoticeFinder()
  finder.handleList(firstList, READER)
  return finder.handleList(secondList, READER).map(({ kind, event_name }) => `${kind}: ${event_name}`)
}

test('[ROOM74] a new mention notifies; a mention in the first list, or one that has been read, does not', async (t) => {
  t.same(new EventNoticeFinder().handleList([createItem({ mentions: 3 })], READER), [])
  t.same(listNotices([createItem()], [createItem({ mentions: 1 })]), ['mention: Stolen laptop'])
  t.same(listNotices([createItem({ mentions: 2 })], [createItem({ mentions: 2, unread: 9 })]), [])
  t.same(listNotices([createItem({ mentions: 2 })], [createItem({ mentions: 0 })]), [])
})

test('[ROOM74] an event that is new and critical, or becomes critical, notifies; an event of the reader does not', async (t) => {
  const critical = createItem({ severity: 'critical' })
  t.same(listNotices([], [critical]), ['critical: Stolen laptop'])
  t.same(listNotices([createItem()], [critical]), ['critical: Stolen laptop'])
  t.same(listNotices([critical], [critical]), [])
  t.same(listNotices([], [{ ...critical, created_by: 'me' }]), [])
  t.same(
    listNotices([], [{ ...critical, last_activity_at: '2026-03-01T11:00:00.000Z' }]),
    [],
    'an event whose last activity is an hour old does not notify',
  )
})

test('[ROOM74] muted and closed events do not notify', async (t) => {
  const withMention = { severity: 'critical', mentions: 1 } as const
  t.same(listNotices([createItem({ muted: true })], [createItem({ ...withMention, muted: true })]), [])
  t.same(listNotices([createItem()], [createItem({ ...withMention, event_status: 'closed' })]), [])
})

test('[ROOM74] each new mention has a different tag, which is the same in every tab', async (t) => {
  const listTags = (mentions: number) => {
    const finder = new EventNoticeFinder()
    finder.handleList([createItem()], READER)
    return finder.handleList([createItem({ mentions })], READER).map(({ tag }) => tag)
  }
  t.same(listTags(1), listTags(1))
  t.not(`${listTags(1)}`, `${listTags(2)}`)
})

test('[ROOM74] a second mention and a second critical severity of an event have other tags than the first ones, whose notifications may still be shown', async (t) => {
  const finder = new EventNoticeFinder()
  const createActivity = (time: string) => ({ last_activity_at: `2026-03-01T${time}:30.000Z` })
  const withMention = { mentions: 1, severity: 'critical' } as const
  const tags = [
    createItem(),
    createItem({ ...withMention, ...createActivity('11:58') }),
    createItem(createActivity('11:58')),
    createItem({ ...withMention, ...createActivity('11:59') }),
  ].flatMap((item) => finder.handleList([item], READER).map(({ tag }) => tag))
  t.equal(tags.length, 4, 'a mention and a critical event, twice')
  t.equal(new Set(tags).size, 4)
})

test('[ROOM74] quiet hours may include midnight, and end exactly at their minute; equal or invalid times mean no quiet hours', async (t) => {
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
  for (const equalOrInvalidHours of [
    { from: '08:00', until: '08:00' },
    { from: '', until: '07:00' },
    { from: '24:00', until: '07:00' },
  ])
    t.equal(isQuietAt(toDate(3), equalOrInvalidHours), false)
})

test('[ROOM74] an answer to the reader notifies once when it ends; older answers and those to others do not', async (t) => {
  const createAnswer = (message_type: 'chat' | 'thinking', user_id = 'me'): Message => ({
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
