import type { Message } from '@engineer-chat/protocol'
import { test } from 'tap'
import type { Unsent } from '../src/state/asking/outbox.ts'
import { listUnconfirmed, toTimelineRows } from '../src/state/rooms/timeline-rows.ts'

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
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  ...fields,
})

const createUnsent = (id: string, text: string, fields: Partial<Unsent> = {}): Unsent => ({
  client_message_id: id,
  event_id: 'e',
  to: 'room',
  text,
  visibility: 'room',
  since_seq: 0,
  written_at: '2026-03-01T10:00:00.000Z',
  state: 'sending',
  errorKind: null,
  ...fields,
})

const EMPTY_INPUT = { unsent: [], user_id: 'alice', clock: 'utc' as const }

test('[ROOM2] an unsent row is replaced only by its own stored row, which arrives by socket or by response', async (t) => {
  const storedRow = createMessage(5, { user_id: 'alice', message_content: { content: 'ok' } })
  const twoEqualTexts = [createUnsent('a', 'ok'), createUnsent('b', 'ok')]
  const listUnconfirmedIds = (messages: Message[], unsent = twoEqualTexts) =>
    listUnconfirmed({ messages, unsent, user_id: 'alice' }).map((item) => item.client_message_id)
  t.same(listUnconfirmedIds([]), ['a', 'b'])
  t.same(listUnconfirmedIds([storedRow]), ['b'], 'one row replaces one unsent message')
  t.same(listUnconfirmedIds([{ ...storedRow, user_id: 'bob' }]), ['a', 'b'], 'a row of another person does not match')
  t.same(
    listUnconfirmedIds([storedRow], [createUnsent('a', 'ok', { since_seq: 5 })]),
    ['a'],
    'an older row does not match',
  )
  t.same(
    listUnconfirmedIds([storedRow], [createUnsent('a', 'ok', { state: 'failed' })]),
    ['a'],
    'a failed message stays visible',
  )
})

test('[ROOM12] lines separate days, the unread line is above newer messages of others, and own messages are never unread', async (t) => {
  const messages = [
    createMessage(1),
    createMessage(2, { created_at: '2026-03-02T00:10:00.000Z' }),
    createMessage(3, { user_id: 'alice', created_at: '2026-03-02T00:11:00.000Z' }),
    createMessage(4, { created_at: '2026-03-02T00:30:00.000Z' }),
    createMessage(5, { created_at: '2026-03-02T00:31:00.000Z' }),
  ]
  const listKinds = (linePosition: number | null) =>
    toTimelineRows({ ...EMPTY_INPUT, messages, linePosition, range: null }).map((row) =>
      row.kind === 'message' ? row.message.position : row.kind,
    )
  t.same(listKinds(null), ['day', 1, 'day', 2, 3, 4, 5])
  t.same(listKinds(2), ['day', 1, 'day', 2, 3, 'unread', 4, 5])
  t.same(listKinds(5), ['day', 1, 'day', 2, 3, 4, 5])
  const newestRows = toTimelineRows({
    ...EMPTY_INPUT,
    messages,
    linePosition: null,
    range: { first: 4, last: Number.POSITIVE_INFINITY },
  })
  t.same(newestRows.length, 3, 'the day and two messages: a row outside the range is not shown')
  t.match(newestRows.at(-1), { isContinuation: true })
  const olderRows = toTimelineRows({
    ...EMPTY_INPUT,
    messages,
    unsent: [createUnsent('a', 'x')],
    linePosition: null,
    range: { first: 2, last: 3 },
  })
  t.same(
    olderRows.map(({ key }) => key),
    ['day-2', 'm2', 'm3', 'newer'],
    'a range of older rows ends with a gap; unsent messages are shown only after the newest rows',
  )
})

test('[ROOM61] a line separates the reader’s sessions of the same visibility, but not sessions of others', async (t) => {
  const createQuestion = (position: number, chat_session_id: string, fields: Partial<Message> = {}) =>
    createMessage(position, { user_id: 'alice', message_category: 'engineer_chat', chat_session_id, ...fields })
  const privateFields = { visibility: 'private' as const }
  const messages = [
    createQuestion(1, 'private-1', privateFields),
    createQuestion(2, 'shared-1'),
    createQuestion(3, 'private-1', privateFields),
    createQuestion(4, 'session-of-bob', { user_id: 'bob' }),
    createQuestion(5, 'private-2', privateFields),
    createQuestion(6, 'shared-1'),
    createQuestion(7, 'private-2', privateFields),
    createQuestion(8, 'shared-2'),
  ]
  const rows = toTimelineRows({ ...EMPTY_INPUT, messages, linePosition: null, range: null })
  const keys = rows.map((row) => row.key)
  t.same(
    rows.filter((row) => row.kind === 'session'),
    [
      { kind: 'session', key: 'session-private-2', visibility: 'private' },
      { kind: 'session', key: 'session-shared-2', visibility: 'room' },
    ],
  )
  t.equal(keys[keys.indexOf('session-private-2') + 1], 'm5', 'the line is above the first question of the session')
})

const createAgentMessage = (position: number, fields: Partial<Message> = {}) =>
  createMessage(position, {
    message_category: 'agent',
    message_from: '_executor',
    sender_type: null,
    round_id: 1,
    ...fields,
  })

test('[ROOM100] a group of agents’ messages ends where the role, the round or the day changes, at the unread line and after five minutes', async (t) => {
  const messages = [
    createAgentMessage(1),
    createAgentMessage(2),
    createAgentMessage(3, { message_from: '_expert' }),
    createAgentMessage(4, { message_from: '_expert', round_id: 2 }),
    createAgentMessage(5, { message_from: '_expert', round_id: 2, created_at: '2026-03-01T10:06:00.000Z' }),
    createAgentMessage(6, { message_from: '_expert', round_id: 2, created_at: '2026-03-01T10:07:00.000Z' }),
    createAgentMessage(7, { message_from: '_expert', round_id: 2, created_at: '2026-03-02T10:07:00.000Z' }),
  ]
  const listContinuations = (linePosition: number | null) =>
    toTimelineRows({ ...EMPTY_INPUT, messages, linePosition, range: null }).flatMap((row) =>
      row.kind === 'message' && row.isContinuation ? [row.message.position] : [],
    )
  t.same(listContinuations(null), [2, 6])
  t.same(listContinuations(1), [6], 'the unread line is above the second message')
})

test('[ROOM101] a line shows the number of a round’s messages if all are loaded; a round whose beginning may be missing has no line', async (t) => {
  const messages = [
    createAgentMessage(1),
    createAgentMessage(2, { round_id: 2 }),
    createMessage(3),
    createAgentMessage(4),
    createAgentMessage(5, { round_id: 2 }),
  ]
  /** Lists the lines of rounds, and the messages that name their round themselves. */
  const listRounds = (fields: Partial<Parameters<typeof toTimelineRows>[0]>) =>
    toTimelineRows({ ...EMPTY_INPUT, messages, linePosition: null, range: null, ...fields }).flatMap((row) => {
      if (row.kind === 'round') return [`round ${row.round_id}: ${row.count}`]
      const namesItsRound = row.kind === 'message' && row.showsRound
      return namesItsRound ? [`message ${row.message.position} of round ${row.message.round_id}`] : []
    })
  t.same(listRounds({}), ['round 1: 2', 'round 2: 2', 'message 4 of round 1'])
  t.same(listRounds({ hasOlder: true }), ['message 1 of round 1', 'round 2: 2', 'message 4 of round 1'])
  t.same(listRounds({ range: { first: 1, last: 4 } }), ['round 1: 2', 'round 2: undefined', 'message 4 of round 1'])
  t.same(listRounds({ showsRoundRows: false }), [
    'message 1 of round 1',
    'message 2 of round 2',
    'message 4 of round 1',
    'message 5 of round 2',
  ])
})

test('[ROOM105] a post that only people see is not grouped with a post that agents also see', async (t) => {
  const quote = { message_id: 'm0', message_from: 'ai_assistant', user_id: 'bob', created_at: 'x', text: 'Isolate it.' }
  const createQuotingMessage = (fields: object) =>
    createMessage(1, { message_content: { content: 'I do', quote: { ...quote, ...fields } } })
  const findLastRow = (first: Message) =>
    toTimelineRows({ ...EMPTY_INPUT, messages: [first, createMessage(2)], linePosition: null, range: null }).at(-1)
  t.match(findLastRow(createQuotingMessage({ message_category: 'engineer_chat' })), { isContinuation: false })
  t.match(findLastRow(createQuotingMessage({ message_category: 'room', people_only: true })), { isContinuation: false })
  t.match(findLastRow(createQuotingMessage({ message_category: 'room' })), { isContinuation: true })
})

test('[ROOM12] if rows outside the range are shown, as pins are, the unread line counts only rows inside it', async (t) => {
  const messages = [createMessage(3), createMessage(50), createMessage(51)]
  const unread = { linePosition: 2, hasOlder: true, oldestUnreadPage: null }
  const input = { ...EMPTY_INPUT, ...unread, messages, showsOutOfRange: true }
  const rows = toTimelineRows({ ...input, range: { first: 50, last: Number.POSITIVE_INFINITY } })
  t.same(
    rows.map((row) => (row.kind === 'message' ? row.message.position : row.kind)),
    ['day', 'unread', 3, 50, 51],
  )
  t.match(rows[1], { unread: { count: 2, mayHaveMore: true, since: null } })
})
