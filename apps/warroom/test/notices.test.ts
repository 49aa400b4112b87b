import type { Message, ServerFrame } from '@engineer-chat/protocol'
import { test } from 'tap'
import type { ListItem } from '../src/state/events/urgency.ts'
import { AnswerWatch, EventWatch } from '../src/state/notifications/notices.ts'
import { isQuietAt } from '../src/state/notifications/quiet-hours.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const reader = { user_id: 'me', now: NOW }
const item = (more: Partial<ListItem> = {}): ListItem => ({
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
  ...more,
})

/** Compares the second list with the first, and returns what is notified of. */
function kindsAfter(first: ListItem[], second: ListItem[]): string[] {
  const watch = new EventWatch()
  watch.compare(first, reader)
  return watch.compare(second, reader).map(({ kind, event_name }) => `${kind}: ${event_name}`)
}

test('[ROOM74] a new mention notifies; what waited at the beginning, and a read one, does not', async (t) => {
  t.same(new EventWatch().compare([item({ mentions: 3 })], reader), [])
  t.same(kindsAfter([item()], [item({ mentions: 1 })]), ['mention: Stolen laptop'])
  t.same(kindsAfter([item({ mentions: 2 })], [item({ mentions: 2, unread: 9 })]), [])
  t.same(kindsAfter([item({ mentions: 2 })], [item({ mentions: 0 })]), [])
})

test('[ROOM74] a new critical event notifies, and one that becomes critical; one’s own does not', async (t) => {
  const critical = item({ severity: 'critical' })
  t.same(kindsAfter([], [critical]), ['critical: Stolen laptop'])
  t.same(kindsAfter([item()], [critical]), ['critical: Stolen laptop'])
  t.same(kindsAfter([critical], [critical]), [])
  t.same(kindsAfter([], [{ ...critical, created_by: 'me' }]), [])
  t.same(kindsAfter([], [{ ...critical, last_activity_at: '2026-03-01T11:00:00.000Z' }]), [], 'an old one was found')
})

test('[ROOM74] a muted and a closed event notify of nothing', async (t) => {
  const loud = { severity: 'critical', mentions: 1 } as const
  t.same(kindsAfter([item({ muted: true })], [item({ ...loud, muted: true })]), [])
  t.same(kindsAfter([item()], [item({ ...loud, event_status: 'closed' })]), [])
})

test('[ROOM74] each new mention has a tag of its own, the same in every tab', async (t) => {
  const tagsOf = (mentions: number) => {
    const watch = new EventWatch()
    watch.compare([item()], reader)
    return watch.compare([item({ mentions })], reader).map(({ tag }) => tag)
  }
  t.same(tagsOf(1), tagsOf(1))
  t.not(`${tagsOf(1)}`, `${tagsOf(2)}`)
})

test('[ROOM74] what comes after the reader has read has another tag, because a tray may still have the first notice', async (t) => {
  const watch = new EventWatch()
  const at = (minute: number) => ({ last_activity_at: `2026-03-01T11:5${minute}:30.000Z` })
  const loud = { mentions: 1, severity: 'critical' } as const
  const tags = [item(), item({ ...loud, ...at(8) }), item(at(8)), item({ ...loud, ...at(9) })].flatMap((one) =>
    watch.compare([one], reader).map(({ tag }) => tag),
  )
  t.equal(tags.length, 4)
  t.equal(new Set(tags).size, 4)
})

test('[ROOM74] quiet hours last over midnight, and end on the minute', async (t) => {
  const at = (hours: number, minutes = 0) => new Date(2026, 2, 1, hours, minutes)
  const night = { from: '22:00', until: '07:00' }
  t.same(
    [at(21, 59), at(22), at(3), at(6, 59), at(7)].map((time) => isQuietAt(time, night)),
    [false, true, true, true, false],
  )
  const noon = { from: '12:00', until: '13:00' }
  t.same(
    [at(11, 59), at(12), at(13)].map((time) => isQuietAt(time, noon)),
    [false, true, false],
  )
  for (const none of [
    { from: '08:00', until: '08:00' },
    { from: '', until: '07:00' },
    { from: '24:00', until: '07:00' },
  ])
    t.equal(isQuietAt(at(3), none), false)
})

test('[ROOM74] an own answer notifies once when it has ended; another’s, and an old one, does not', async (t) => {
  const answer = (message_type: string, user_id = 'me'): Message => ({
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
  const watch = new AnswerWatch()
  const take = (message: Message) => watch.readFrame(toFrame(message), 'me')?.message_id
  t.equal(take(answer('chat')), undefined, 'it ended before this page')
  t.equal(take(answer('thinking')), undefined)
  t.equal(take(answer('chat')), 'a-me')
  t.equal(take(answer('chat')), undefined)
  take(answer('thinking', 'you'))
  t.equal(take(answer('chat', 'you')), undefined)
})
