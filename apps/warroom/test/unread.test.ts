import type { Event, Message } from '@engineer-chat/protocol'
import { test } from 'tap'
import { findCatchUp } from '../src/state/asking/catch-up.ts'
import { addReportAndStartRows, toTimelineRows } from '../src/state/rooms/timeline-rows.ts'
import { countUnread } from '../src/state/rooms/unread.ts'

const createMessage = (position: number, fields: Partial<Message> = {}): Message => ({
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
  ...fields,
})
const CHANGE_FIELDS = { message_type: 'event_change', message_from: 'system', sender_type: 'system' } as const
const OWN_FIELDS = { user_id: 'ann', message_from: 'ann' }
const QUESTION_FIELDS = { ...OWN_FIELDS, message_category: 'engineer_chat', visibility: 'private' } as const
const ANSWER_FIELDS = { ...QUESTION_FIELDS, message_from: 'ai_assistant', sender_type: 'ai' } as const

const WHOLE_RANGE = { first: 0, last: Number.POSITIVE_INFINITY }
const READ_STATE = { user_id: 'ann', linePosition: 2, range: WHOLE_RANGE, hasOlder: false, oldestUnreadPage: null }

test('[ROOM97] like the list of events, the page counts neither the reader’s own rows, nor replies to the reader’s questions, nor changes of the event', async (t) => {
  const messages = [
    createMessage(1),
    createMessage(2),
    createMessage(3, CHANGE_FIELDS),
    createMessage(4, OWN_FIELDS),
    createMessage(5),
    createMessage(6, { message_category: 'agent', message_from: '_captain', sender_type: null, user_id: 'captain' }),
    createMessage(7, { ...ANSWER_FIELDS, user_id: 'bob', visibility: 'room' }),
    createMessage(8, QUESTION_FIELDS),
    createMessage(9, { ...ANSWER_FIELDS, message_type: 'thinking' }),
    createMessage(10, ANSWER_FIELDS),
    createMessage(11, { ...ANSWER_FIELDS, visibility: 'room' }),
  ]
  const unread = countUnread({ ...READ_STATE, messages })
  t.same(unread, { linePosition: 2, count: 3, mayHaveMore: false, since: '2026-03-01T10:00:05.000Z' })
})

test('[ROOM97] if the unread line is above the loaded rows, count and time are exact or marked as incomplete', async (t) => {
  const messages = [8, 9, 10].map((position) => createMessage(position))
  const range = { first: 8, last: Number.POSITIVE_INFINITY }
  const newestPage = { ...READ_STATE, messages, range, hasOlder: true }
  t.match(countUnread(newestPage), { count: 3, mayHaveMore: true, since: null }, 'the rows after the line are unknown')
  const createPage = (positions: number[], has_more: boolean) => ({
    messages: positions.map((position) => createMessage(position)),
    seq: 10,
    has_more,
  })
  const since = '2026-03-01T10:00:03.000Z'
  const withoutGap = countUnread({ ...newestPage, oldestUnreadPage: createPage([3, 4, 5, 6, 7, 8], true) })
  t.match(withoutGap, { count: 8, mayHaveMore: false, since })
  const withGap = countUnread({ ...newestPage, oldestUnreadPage: createPage([3, 4], true) })
  t.match(withGap, { count: 5, mayHaveMore: true, since })
  t.match(countUnread({ ...newestPage, hasOlder: false }), { count: 3, mayHaveMore: false }, 'the room begins there')
  const olderRange = { ...READ_STATE, messages, range: { first: 1, last: 9 } }
  t.match(countUnread(olderRange), { count: 2, mayHaveMore: true }, 'there may be more messages after the range')
})

test('[ROOM97] a catch-up that the reader asked for below the unread line is first in progress and then answered', async (t) => {
  const findCatchUpIn = (messages: Message[], unsent: Array<[text: string, state: 'sending' | 'failed']> = []) =>
    findCatchUp({
      messages,
      user_id: 'ann',
      event_id: 'e',
      linePosition: 2,
      unsent: unsent.map(([text, state]) => ({
        client_message_id: text,
        event_id: 'e',
        to: 'ai',
        text,
        visibility: 'private',
        since_seq: 0,
        state,
        written_at: '2026-03-01T10:00:00.000Z',
        errorKind: null,
      })),
    })
  const createQuestion = (position: number, content: string) =>
    createMessage(position, { ...QUESTION_FIELDS, message_content: { content } })
  const createReply = (position: number, questionPosition: number, fields: Partial<Message> = {}) =>
    createMessage(position, { ...ANSWER_FIELDS, reply_to: `m${questionPosition}`, ...fields })
  t.same(
    findCatchUpIn([createQuestion(1, '/catchup'), createReply(2, 1), createMessage(3)]),
    { state: 'none' },
    'the catch-up was for an earlier absence',
  )
  t.same(findCatchUpIn([], [['/近况', 'sending']]), { state: 'asked' })
  t.same(findCatchUpIn([], [['/catchup', 'failed']]), { state: 'none' })
  t.same(findCatchUpIn([], [['/summary', 'sending']]), { state: 'none' })
  t.same(findCatchUpIn([createQuestion(4, '@AI /catchup the hosts')]), { state: 'asked' })
  t.same(findCatchUpIn([createQuestion(4, '/catchup'), createReply(5, 4, { message_type: 'thinking' })]), {
    state: 'asked',
  })
  t.same(findCatchUpIn([createQuestion(4, '/catchup'), createReply(5, 4), createMessage(6)]), {
    state: 'ended',
    message_id: 'm5',
  })
})

test('[ROOM99] a room is empty until somebody, including agents, has written a message', async (t) => {
  const event: Event = {
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
  }
  const isEmpty = (...messages: Message[]) => {
    const rows = toTimelineRows({
      messages,
      unsent: [],
      user_id: 'ann',
      clock: 'utc' as const,
      linePosition: null,
      range: null,
    })
    return addReportAndStartRows(rows, event).some(({ kind }) => kind === 'start')
  }
  t.ok(isEmpty())
  t.ok(isEmpty(createMessage(1, CHANGE_FIELDS)), 'a change of the event is not a message')
  t.notOk(isEmpty(createMessage(1)))
  t.notOk(isEmpty(createMessage(1, { message_category: 'agent', message_from: '_captain', sender_type: null })))
})
