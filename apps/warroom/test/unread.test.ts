import type { Event, Message } from '@engineer-chat/protocol'
import { test } from 'tap'
import { findCatchUp } from '../src/state/asking/catch-up.ts'
import { addOpening, toTimelineRows } from '../src/state/rooms/timeline-rows.ts'
import { countUnread } from '../src/state/rooms/unread.ts'

const message = (position: number, more: Partial<Message> = {}): Message => ({
  message_id: `m${position}`,
  event_id: 'e',
  position,
  seq: position,
  user_id: 'bob',
  message_from: 'bob',
  message_type: 'chat',
  message_category: 'room',
  sender_type: 'user',
  chat_session_id: null,
  visibility: 'room',
  reply_to: null,
  round_id: null,
  event_summary_version: null,
  message_content: { content: `text ${position}` },
  created_at: `2026-03-01T10:00:${`${position % 60}`.padStart(2, '0')}.000Z`,
  updated_at: '2026-03-01T10:00:00.000Z',
  ...more,
})
const change = { message_type: 'event_change', message_from: 'system', sender_type: 'system' } as const
const own = { user_id: 'ann', message_from: 'ann' }
const question = { ...own, message_category: 'engineer_chat', visibility: 'private' } as const
const answer = { ...question, message_from: 'ai_assistant', sender_type: 'ai' } as const

const everything = { first: 0, last: Number.POSITIVE_INFINITY }
const read = { user_id: 'ann', readPosition: 2, range: everything, hasOlder: false, oldestPage: null }

test('[ROOM97] what the list of events counts is counted: others’ rows of every kind, no changes, nothing of one’s own', async (t) => {
  const messages = [
    message(1),
    message(2),
    message(3, change),
    message(4, own),
    message(5),
    message(6, { message_category: 'agent', message_from: '_captain', sender_type: null, user_id: 'captain' }),
    message(7, { ...answer, user_id: 'bob', visibility: 'room' }),
    message(8, question),
    message(9, { ...answer, message_type: 'thinking' }),
    message(10, answer),
    message(11, { ...answer, visibility: 'room' }),
  ]
  const unread = countUnread({ ...read, messages })
  t.same(unread, { readPosition: 2, count: 3, isAtLeast: false, since: '2026-03-01T10:00:05.000Z' })
})

test('[ROOM97] count and time are true, or say that they are not the whole, if the line lies before the loaded rows', async (t) => {
  const messages = [8, 9, 10].map((position) => message(position))
  const range = { first: 8, last: Number.POSITIVE_INFINITY }
  const later = { ...read, messages, range, hasOlder: true }
  t.match(countUnread(later), { count: 3, isAtLeast: true, since: null }, 'the rows after the line are unknown')
  const page = (positions: number[], has_more: boolean) => ({
    messages: positions.map((position) => message(position)),
    seq: 10,
    has_more,
  })
  const since = '2026-03-01T10:00:03.000Z'
  const reaching = countUnread({ ...later, oldestPage: page([3, 4, 5, 6, 7, 8], true) })
  t.match(reaching, { count: 8, isAtLeast: false, since })
  const withGap = countUnread({ ...later, oldestPage: page([3, 4], true) })
  t.match(withGap, { count: 5, isAtLeast: true, since })
  t.match(countUnread({ ...later, hasOlder: false }), { count: 3, isAtLeast: false }, 'the room begins there')
  const past = { ...read, messages, range: { first: 1, last: 9 } }
  t.match(countUnread(past), { count: 2, isAtLeast: true }, 'more may have come since the past that is shown')
})

test('[ROOM97] a catch-up that was asked since the line is under way, then answered', async (t) => {
  const find = (messages: Message[], texts: Array<[string, 'sending' | 'failed']> = []) =>
    findCatchUp({
      ...{ messages, user_id: 'ann', event_id: 'e', readPosition: 2 },
      unsent: texts.map(([text, state]) => ({
        ...{ client_message_id: text, event_id: 'e', to: 'ai', text, visibility: 'private', since_seq: 0, state },
        ...{ written_at: '2026-03-01T10:00:00.000Z', errorKind: null },
      })),
    })
  const ask = (position: number, content: string) => message(position, { ...question, message_content: { content } })
  const reply = (position: number, to: number, more: Partial<Message> = {}) =>
    message(position, { ...answer, reply_to: `m${to}`, ...more })
  t.same(find([ask(1, '/catchup'), reply(2, 1), message(3)]), { state: 'none' }, 'that was an earlier one')
  t.same(find([], [['/近况', 'sending']]), { state: 'asked' })
  t.same(find([], [['/catchup', 'failed']]), { state: 'none' })
  t.same(find([], [['/summary', 'sending']]), { state: 'none' })
  t.same(find([ask(4, '@AI /catchup the hosts')]), { state: 'asked' })
  t.same(find([ask(4, '/catchup'), reply(5, 4, { message_type: 'thinking' })]), { state: 'asked' })
  t.same(find([ask(4, '/catchup'), reply(5, 4), message(6)]), { state: 'answered', message_id: 'm5' })
})

test('[ROOM99] a room is empty as long as nobody has said anything, agents included', async (t) => {
  const event: Event = {
    ...{ event_id: 'e', event_name: 'An event', message: '', context: '', severity: 'low', source: 'EDR' },
    ...{ event_status: 'pending', access: 'open', tlp: 'amber', seq: 1, summary_version: null, created_by: null },
    ...{ created_at: '2026-03-01T10:00:00.000Z', updated_at: '2026-03-01T10:00:00.000Z' },
  }
  const isEmpty = (...messages: Message[]) => {
    const rows = toTimelineRows({
      ...{ messages, unsent: [], confirmed: new Set<string>(), user_id: 'ann', clock: 'utc' as const },
      ...{ read_position: null, range: null },
    })
    return addOpening(rows, event).some(({ kind }) => kind === 'start')
  }
  t.ok(isEmpty())
  t.ok(isEmpty(message(1, change)), 'a change of the event says nothing')
  t.notOk(isEmpty(message(1)))
  t.notOk(isEmpty(message(1, { message_category: 'agent', message_from: '_captain', sender_type: null })))
})
