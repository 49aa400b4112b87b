import type { Message } from '@engineer-chat/protocol'
import { test } from 'tap'
import type { Unsent } from '../src/state/asking/outbox.ts'
import { listUnconfirmed, toTimelineRows } from '../src/state/rooms/timeline-rows.ts'

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
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  ...more,
})

const unsent = (id: string, text: string, more: Partial<Unsent> = {}): Unsent => ({
  client_message_id: id,
  event_id: 'e',
  to: 'room',
  text,
  visibility: 'room',
  since_seq: 0,
  written_at: '2026-03-01T10:00:00.000Z',
  state: 'sending',
  errorKind: null,
  ...more,
})

const none = { unsent: [], confirmed: new Set<string>(), user_id: 'alice', clock: 'utc' as const }

test('[ROOM2] an optimistic row goes when its row comes, whichever way that comes first, and never another’s', async (t) => {
  const mine = message(5, { user_id: 'alice', message_content: { content: 'ok' } })
  const two = [unsent('a', 'ok'), unsent('b', 'ok')]
  const left = (messages: Message[], confirmed: string[] = [], items = two) =>
    listUnconfirmed({ messages, unsent: items, confirmed: new Set(confirmed), user_id: 'alice' }).map(
      (item) => item.client_message_id,
    )
  t.same(left([]), ['a', 'b'])
  t.same(left([mine]), ['b'], 'one row takes one place')
  t.same(left([mine], ['m5'], [unsent('b', 'ok')]), ['b'], 'one that another answer has named is not ours')
  t.same(left([{ ...mine, user_id: 'bob' }]), ['a', 'b'])
  t.same(left([mine], [], [unsent('a', 'ok', { since_seq: 5 })]), ['a'], 'an older one is not ours')
  t.same(left([mine], [], [unsent('a', 'ok', { state: 'failed' })]), ['a'], 'what failed stays to be seen')
})

test('[ROOM12] days are separated, the unread line is above what others wrote since, and one’s own is never unread', async (t) => {
  const messages = [
    message(1),
    message(2, { created_at: '2026-03-02T00:10:00.000Z' }),
    message(3, { user_id: 'alice', created_at: '2026-03-02T00:11:00.000Z' }),
    message(4, { created_at: '2026-03-02T00:30:00.000Z' }),
    message(5, { created_at: '2026-03-02T00:31:00.000Z' }),
  ]
  const kinds = (read_position: number | null) =>
    toTimelineRows({ ...none, messages, read_position, range: null }).map((row) =>
      row.kind === 'message' ? row.message.position : row.kind,
    )
  t.same(kinds(null), ['day', 1, 'day', 2, 3, 4, 5])
  t.same(kinds(2), ['day', 1, 'day', 2, 3, 'unread', 4, 5])
  t.same(kinds(5), ['day', 1, 'day', 2, 3, 4, 5])
  const rows = toTimelineRows({
    ...none,
    messages,
    read_position: null,
    range: { first: 4, last: Number.POSITIVE_INFINITY },
  })
  t.same(rows.length, 3, 'what came alone, with unknown rows in between, waits for them')
  t.match(rows.at(-1), { isContinued: true })
  const past = toTimelineRows({
    ...none,
    messages,
    unsent: [unsent('a', 'x')],
    read_position: null,
    range: { first: 2, last: 3 },
  })
  t.same(
    past.map(({ key }) => key),
    ['day-2', 'm2', 'm3', 'newer'],
    'the past ends where the rest has to be read; what is on its way stands at the end of now',
  )
})

test('[ROOM61] a line divides the reader’s sessions of one visibility, not those of others', async (t) => {
  const asked = (position: number, chat_session_id: string, more: Partial<Message> = {}) =>
    message(position, { user_id: 'alice', message_category: 'engineer_chat', chat_session_id, ...more })
  const own = { visibility: 'private' as const }
  const messages = [
    asked(1, 'own-1', own),
    asked(2, 'shared-1'),
    asked(3, 'own-1', own),
    asked(4, 'bobs', { user_id: 'bob' }),
    asked(5, 'own-2', own),
    asked(6, 'shared-1'),
    asked(7, 'own-2', own),
    asked(8, 'shared-2'),
  ]
  const rows = toTimelineRows({ ...none, messages, read_position: null, range: null })
  const keys = rows.map((row) => row.key)
  t.same(
    rows.filter((row) => row.kind === 'session'),
    [
      { kind: 'session', key: 'session-own-2', visibility: 'private' },
      { kind: 'session', key: 'session-shared-2', visibility: 'room' },
    ],
  )
  t.equal(keys[keys.indexOf('session-own-2') + 1], 'm5')
})

const posted = (position: number, more: Partial<Message> = {}) =>
  message(position, { message_category: 'agent', message_from: '_executor', sender_type: null, round_id: 1, ...more })

test('[ROOM100] a group ends with its role, its round, its day, at the unread line and after five minutes', async (t) => {
  const messages = [
    posted(1),
    posted(2),
    posted(3, { message_from: '_expert' }),
    posted(4, { message_from: '_expert', round_id: 2 }),
    posted(5, { message_from: '_expert', round_id: 2, created_at: '2026-03-01T10:06:00.000Z' }),
    posted(6, { message_from: '_expert', round_id: 2, created_at: '2026-03-01T10:07:00.000Z' }),
    posted(7, { message_from: '_expert', round_id: 2, created_at: '2026-03-02T10:07:00.000Z' }),
  ]
  const continued = (read_position: number | null) =>
    toTimelineRows({ ...none, messages, read_position, range: null }).flatMap((row) =>
      row.kind === 'message' && row.isContinued ? [row.message.position] : [],
    )
  t.same(continued(null), [2, 6])
  t.same(continued(1), [6], 'the unread line is above the second')
})

test('[ROOM101] a round is counted when all of it is loaded, and has no line where it may have begun before', async (t) => {
  const messages = [posted(1), posted(2, { round_id: 2 }), message(3), posted(4), posted(5, { round_id: 2 })]
  const list = (more: Partial<Parameters<typeof toTimelineRows>[0]>) =>
    toTimelineRows({ ...none, messages, read_position: null, range: null, ...more }).flatMap((row) =>
      row.kind === 'round'
        ? [`round ${row.round_id}: ${row.count}`]
        : row.kind === 'message' && row.showsRound
          ? [`${row.message.position} of ${row.message.round_id}`]
          : [],
    )
  t.same(list({}), ['round 1: 2', 'round 2: 2', '4 of 1'])
  t.same(list({ hasOlder: true }), ['1 of 1', 'round 2: 2', '4 of 1'])
  t.same(list({ range: { first: 1, last: 4 } }), ['round 1: 2', 'round 2: undefined', '4 of 1'])
  t.same(list({ hasRounds: false }), ['1 of 1', '2 of 2', '4 of 1', '5 of 2'])
})

test('[ROOM105] a post that agents see does not stand below the name of one for people alone', async (t) => {
  const quote = { message_id: 'm0', message_from: 'ai_assistant', user_id: 'bob', created_at: 'x', text: 'Isolate it.' }
  const quoting = (more: object) => message(1, { message_content: { content: 'I do', quote: { ...quote, ...more } } })
  const isContinued = (first: Message) =>
    toTimelineRows({ ...none, messages: [first, message(2)], read_position: null, range: null }).at(-1)
  t.match(isContinued(quoting({ message_category: 'engineer_chat' })), { isContinued: false })
  t.match(isContinued(quoting({ message_category: 'room', people_only: true })), { isContinued: false })
  t.match(isContinued(quoting({ message_category: 'room' })), { isContinued: true })
})

test('[ROOM12] among the pins, the unread line counts what is loaded and says that there may be more', async (t) => {
  const messages = [message(3), message(50), message(51)]
  const input = { ...none, messages, read_position: 2, hasOlder: true, oldestPage: null, showsOutOfRange: true }
  const rows = toTimelineRows({ ...input, range: { first: 50, last: Number.POSITIVE_INFINITY } })
  t.same(
    rows.map((row) => (row.kind === 'message' ? row.message.position : row.kind)),
    ['day', 'unread', 3, 50, 51],
  )
  t.match(rows[1], { unread: { count: 2, isAtLeast: true, since: null } })
})
