import type { AuditEntry } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import { AUDIT_ACTIONS, type FlaggedReply } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type Harness, PASSWORD, type TestCaller } from '../harness.ts'

interface AuditFixture {
  harness: Harness
  admin: TestCaller
  alice: TestCaller
  bob: TestCaller
}

/** Holds the fields of an entry without address and request id: action, actor, object, event and detail. */
type EntrySummary = [string, string | null, string, string | null, string | null, string | null]

/** Collects the actions of the entries that all tests of this file cause. */
const coveredActions = new Set<string>()

/** Runs the actions, and returns the audit entries and log lines that they caused, in order. */
async function recordEffects(t: Test, runActions: (fixture: AuditFixture) => Promise<void>) {
  const stores = createMemoryStores()
  const harness = await createHarness({
    env: { ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: 'true' },
    stores,
    deps: { voice: VOICE },
  })
  t.teardown(() => harness.close())
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const entries: AuditEntry[] = []
  const { write } = stores.audit
  stores.audit.write = (written) => {
    entries.push(...written)
    return write(written)
  }
  harness.log.splice(0)
  await runActions({ harness, admin, alice, bob })
  for (const { action, address, request_id } of entries) {
    coveredActions.add(action)
    t.equal(address, '127.0.0.1')
    t.type(request_id, 'string')
  }
  const log = harness.log.map(({ event, fields: { request_id, ...fields } }) => {
    t.type(request_id, 'string')
    return [event.replace('EngineerChat.', ''), fields]
  })
  return { summaries: entries.map(summarizeEntry), log }
}

const summarizeEntry = (entry: AuditEntry): EntrySummary => [
  entry.action,
  entry.actor,
  entry.object_type,
  entry.object_id,
  entry.event_id,
  entry.detail,
]

const VOICE = {
  transcription: { model: { name: 'whisper-1', price: null }, transcribe: async () => ({ text: 'hello', seconds: 1 }) },
  speech: {
    model: { name: 'tts-1', price: null },
    speak: async () => ({ type: 'audio/mpeg', audio: (async function* () {})() }),
  },
}

const EVENT = { event_id: 'e1', event_name: 'Phish', message: 'A mail', severity: 'high', source: 'gateway' }

t.test(
  '[AUDIT2] an entry about events and members contains codes and names of changed fields, and no text',
  async (t) => {
    const { summaries, log } = await recordEffects(t, async ({ admin, alice, bob }) => {
      // The server ignores fields that these requests may not set: `legal_hold`, `event_id` and `role`.
      await alice.call('POST', '/api/events', { ...EVENT, access: 'restricted', legal_hold: 'secret' })
      await alice.call('POST', '/api/events', EVENT) // The event exists, so nothing is changed and no entry is written.
      await alice.call('PUT', `/api/events/e1/members/${bob.user_id}`, { role: 'observer' })
      await bob.call('PATCH', '/api/events/e1', { severity: 'low' }) // An observer may not change an event.
      await alice.call('PATCH', '/api/events/e1', { message: 'secret', legal_hold: 'secret', severity: 'low' })
      await alice.call('PATCH', '/api/events/e1', {
        event_id: 'e2',
        role: 'typed',
        access: 'open',
        event_status: 'closed',
      })
      await alice.call('DELETE', `/api/events/e1/members/${bob.user_id}`)
      // A summary is logged but not audited.
      await admin.call('POST', '/api/events/e1/summaries', { round_id: 1, event_summary: 'secret' })
    })
    const event = ['event', 'e1', 'e1'] as const
    t.same(summaries, [
      ['event_created', 'u-alice', ...event, 'severity=high access=restricted'],
      ['member_put', 'u-alice', 'user', 'u-bob', 'e1', 'role=observer'],
      ['event_updated', 'u-alice', ...event, 'message severity=low'],
      ['event_updated', 'u-alice', ...event, 'access=open event_status=closed'],
      ['member_removed', 'u-alice', 'user', 'u-bob', 'e1', null],
    ])
    t.equal(log.length, 6)
    // Each of the two updates takes two sequence numbers: one for the event, and one for the row that shows the change.
    t.match(log, [
      ['event_created', { user_id: 'u-alice', event_id: 'e1' }],
      ['member_put', { event_id: 'e1', user_id: 'u-bob', role: 'observer' }],
      ['event_updated', { user_id: 'u-alice', event_id: 'e1', seq: 2 }],
      ['event_updated', { user_id: 'u-alice', event_id: 'e1', seq: 4 }],
      ['member_removed', { event_id: 'e1', user_id: 'u-bob' }],
      ['summary_added', { event_id: 'e1', version: String }],
    ])
  },
)

t.test('[AUDIT2] actions on users and sign-ins cause these entries and log lines', async (t) => {
  let carol = ''
  const { summaries, log } = await recordEffects(t, async ({ harness, admin, alice, bob }) => {
    const login = (username: string, password: string) =>
      harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password } })
    const newcomer = { username: 'carol', password: 'long enough', role: 'agent' }
    carol = (await admin.call('POST', '/api/users', newcomer)).json().user_id
    await admin.call('PATCH', `/api/users/${carol}`, {
      user_id: 'x', // The server ignores this field.
      password: 'secret words',
      your_password: PASSWORD,
      active: false,
    })
    await admin.call('GET', '/api/users')
    await alice.call('GET', '/api/users') // Only admins may list the users, so no entry is added.
    await login('carol', 'secret words') // Carol is inactive.
    await login('secret', 'whatever') // There is no such user.
    await login('alice', PASSWORD)
    await alice.call('POST', '/api/auth/logout')
    await bob.call('POST', '/api/auth/logout-everywhere')
  })
  const toUserObject = (user_id: string | null) => ['user', user_id, null] as const
  t.same(summaries, [
    ['user_created', 'u-root', ...toUserObject(carol), 'role=agent'],
    ['user_updated', 'u-root', ...toUserObject(carol), 'password active=false'],
    ['admin_view', 'u-root', ...toUserObject(null), 'GET /api/users'],
    ['login_failed', null, ...toUserObject(carol), null],
    ['login_failed', null, ...toUserObject(null), null],
    ['login', 'u-alice', ...toUserObject('u-alice'), null],
    ['logout', 'u-alice', ...toUserObject('u-alice'), null],
    ['logout', 'u-bob', ...toUserObject('u-bob'), 'everywhere'],
  ])
  t.same(log, [
    ['user_created', { user_id: carol, role: 'agent' }],
    ['user_updated', { user_id: carol, role: 'agent' }],
    ['sign_in_refused', { address: '127.0.0.1' }],
    ['sign_in_refused', { address: '127.0.0.1' }],
    ['signed_in', { address: '127.0.0.1', user_id: 'u-alice' }],
    ['signed_out', { user_id: 'u-alice' }],
    ['signed_out_everywhere', { user_id: 'u-bob' }],
  ])
})

t.test(
  '[AUDIT2] actions on questions, replies, sessions, posts and pins cause these entries and log lines',
  async (t) => {
    const ids = { session_id: '', question: '', reply: '', post: '', newSession: '' }
    const { summaries, log } = await recordEffects(t, async ({ alice }) => {
      await alice.call('POST', '/api/events', EVENT)
      const chat = '/api/engineer-chat'
      const sent = (await alice.call('POST', `${chat}/send`, { event_id: 'e1', message: 'secret' })).json()
      Object.assign(ids, { session_id: sent.session_id, question: sent.user_message.message_id })
      ids.reply = sent.ai_message.message_id
      const replyUrl = `${chat}/messages/${ids.reply}`
      await alice.call('POST', `${replyUrl}/cancel`)
      await alice.call('PUT', `${replyUrl}/feedback`, { rating: 'down', comment: 'secret' })
      await alice.call('POST', `${replyUrl}/retry`)
      await alice.call('POST', `${chat}/sessions/${ids.session_id}/share`)
      ids.newSession = (await alice.call('POST', `${chat}/new-session`, { event_id: 'e1' })).json().session_id
      ids.post = (await alice.call('POST', '/api/events/e1/messages', { message: 'secret' })).json().message_id
      await alice.call('PUT', `/api/events/e1/pins/${ids.post}`)
      await alice.call('DELETE', `/api/events/e1/pins/${ids.post}`)
      await alice.call('DELETE', '/api/events/e1/pins/none') // There is no such message.
    })
    const toMessageObject = (id: string) => ['u-alice', 'message', id, 'e1', null] as const
    // The first entry and the first log line are those of the new event. For `send` see the last test.
    t.same(summaries.slice(1), [
      ['cancel', ...toMessageObject(ids.reply)],
      ['retry', ...toMessageObject(ids.reply)],
      ['share', 'u-alice', 'session', ids.session_id, 'e1', null],
      ['pin', ...toMessageObject(ids.post)],
      ['unpin', ...toMessageObject(ids.post)],
    ])
    const fields = { user_id: 'u-alice', event_id: 'e1' }
    t.equal(log.length, 10)
    t.match(log.slice(1), [
      ['message_sent', { ...fields, session_id: ids.session_id, question_id: ids.question, reply_id: ids.reply }],
      ['reply_cancel_requested', { ...fields, message_id: ids.reply }],
      ['feedback_given', { user_id: 'u-alice', message_id: ids.reply, reason: 'down' }],
      ['reply_retry_requested', { ...fields, message_id: ids.reply }],
      ['session_shared', { ...fields, session_id: ids.session_id }],
      ['session_created', { ...fields, session_id: ids.newSession, visibility: 'private' }],
      ['message_posted', { ...fields, message_id: ids.post, category: 'room' }],
      ['message_pinned', { ...fields, message_id: ids.post, seq: Number }],
      ['message_unpinned', { ...fields, message_id: ids.post, seq: Number }],
    ])
  },
)

t.test('[AUDIT2] calls of the voice routes are logged, but not audited', async (t) => {
  const { summaries, log } = await recordEffects(t, async ({ harness, alice }) => {
    const authorization = `Bearer ${alice.token}`
    const headers = { authorization, 'content-type': 'audio/ogg;codecs=opus' }
    await harness.app.inject({ method: 'POST', url: '/api/engineer-chat/transcriptions', headers, payload: OGG })
    await alice.call('POST', '/api/engineer-chat/speech', { text: ' secret ' })
    await alice.call('POST', '/api/engineer-chat/speech', { text: 'secret', part: 1 }) // The text has only one part.
  })
  t.same(summaries, [])
  t.same(log, [
    ['recording_transcribed', { user_id: 'u-alice', bytes: OGG.length }],
    ['text_spoken', { user_id: 'u-alice', size: 6 }],
  ])
})

const OGG = Buffer.from('OggS, and the rest')

t.test('[AUDIT2] exports and legal holds cause these entries and log lines', async (t) => {
  let hash = ''
  const { summaries, log } = await recordEffects(t, async ({ admin, alice }) => {
    await alice.call('POST', '/api/events', EVENT)
    const { body } = await alice.call('GET', '/api/events/e1/export?format=json&private=include')
    hash = body.match(/[0-9a-f]{64}/g)?.at(-1) ?? '' // It is the last hash in the file.
    await alice.call('GET', '/api/events/none/export?format=json') // There is no such event.
    await admin.call('PUT', '/api/admin/legal-holds/e1', { legal_hold: 'secret' })
    await admin.call('GET', '/api/admin/legal-holds')
    await admin.call('DELETE', '/api/admin/legal-holds/e1')
    await admin.call('PUT', '/api/admin/legal-holds/none') // There is no such event.
    await alice.call('DELETE', '/api/admin/legal-holds/e1') // Only admins may do this.
  })
  const event = ['event', 'e1', 'e1'] as const
  // The first entry and the first log line are those of the new event.
  t.same(summaries.slice(1), [
    ['export', 'u-alice', ...event, 'json private'],
    ['export', 'u-alice', ...event, `json sha256=${hash}`],
    ['event_updated', 'u-root', ...event, 'legal_hold=true'],
    ['event_updated', 'u-root', ...event, 'legal_hold=false'],
  ])
  t.same(log.slice(1), [['room_exported', { user_id: 'u-alice', event_id: 'e1' }]])
})

t.test('[AUDIT3] the audit records what an admin views, and which verdict an admin gives', async (t) => {
  const { summaries, log } = await recordEffects(t, async ({ harness, admin, alice }) => {
    await alice.call('POST', '/api/events', { ...EVENT, access: 'restricted' })
    await admin.call('GET', '/api/events/e1?none=1')
    await admin.call('GET', '/api/engineer-chat/status?event_id=e1')
    await alice.call('GET', '/api/events/e1') // Alice is a member, so no entry is added.
    await admin.call('GET', '/api/admin/audit')
    await admin.call('GET', '/api/admin/audit/export?format=csv')
    await admin.call('GET', '/api/admin/audit/export')
    await admin.call('POST', '/admin/queues/session')
    await alice.call('POST', '/admin/queues/session') // Only admins may open the queue board.
    const audience = 'u-alice'
    // m1 is the only one of these replies that is private and belongs to another user.
    harness.stores.reviews.list = async () => ({
      items: [
        createFlaggedReply('m1', {}),
        createFlaggedReply('m2', { visibility: 'room' }),
        createFlaggedReply('m3', { user_id: 'u-root' }),
      ].map((reply) => ({ reply, audience, text: 'secret' })),
      next_cursor: null,
    })
    harness.stores.reviews.judge = async () => ({
      reply: createFlaggedReply('m1', { verdict: 'harmless' }),
      audience,
      text: 'secret',
    })
    await admin.call('GET', '/api/admin/flagged-replies')
    await admin.call('PUT', '/api/admin/flagged-replies/m1/verdict', { verdict: 'harmless', note: 'secret' })
  })
  const root = 'u-root'
  // The first entry and the only log line are those of the new event.
  t.same(summaries.slice(1), [
    ['admin_view', root, 'event', 'e1', 'e1', 'GET /api/events/:event_id'],
    ['admin_view', root, 'event', 'e1', 'e1', 'GET /api/engineer-chat/status'],
    ['admin_view', root, 'audit', null, null, null],
    ['export', root, 'audit', null, null, 'csv'],
    ['export', root, 'audit', null, null, 'ndjson'],
    ['admin_view', root, 'queue', null, null, '/admin/queues'],
    ['admin_view', root, 'message', 'm1', 'e1', 'private_text'],
    ['admin_view', root, 'event', 'e1', 'e1', 'GET /api/admin/flagged-replies'],
    ['reply_judged', root, 'message', 'm1', 'e1', 'harmless'],
    ['admin_view', root, 'message', 'm1', 'e1', 'private_text'],
    ['admin_view', root, 'event', 'e1', 'e1', 'PUT /api/admin/flagged-replies/:message_id/verdict'],
  ])
  t.same(log.slice(1), [])
})

const createFlaggedReply = (message_id: string, overrides: Partial<FlaggedReply>): FlaggedReply => ({
  message_id,
  event_id: 'e1',
  user_id: 'u-alice',
  visibility: 'private',
  model: null,
  prompt_version: null,
  created_at: '2026-01-01T00:00:00.000Z',
  hits: [],
  text: null,
  verdict: null,
  note: null,
  reviewed_by: null,
  reviewed_at: null,
  ...overrides,
})

t.test('[AUDIT2] an entry about documents contains the kind, the label and the version, and no text', async (t) => {
  let document_id = ''
  const { summaries, log } = await recordEffects(t, async ({ alice }) => {
    const texts = { title: 'secret', content: '# secret', language: 'en' }
    const created = await alice.call('POST', '/api/documents', { ...texts, kind: 'runbook', access: 'everybody' })
    document_id = created.json().document_id
    await alice.call('PUT', `/api/documents/${document_id}`, { ...texts, version: 1, content: 'more secret' })
    // This version is no longer the newest one, so nothing is changed.
    await alice.call('PUT', `/api/documents/${document_id}`, { ...texts, version: 1 })
    await alice.call('DELETE', `/api/documents/${document_id}`)
  })
  t.same(summaries, [
    ['document_created', 'u-alice', 'document', document_id, null, 'kind=runbook tlp=amber'],
    ['document_updated', 'u-alice', 'document', document_id, null, 'version=2'],
    ['document_deleted', 'u-alice', 'document', document_id, null, null],
  ])
  t.notMatch(JSON.stringify([summaries, log]), 'secret')
})

t.test(
  '[AUDIT2] this file covers every action except `send`, whose entry is stored together with the question',
  async (t) => {
    t.same(
      AUDIT_ACTIONS.filter((action) => !coveredActions.has(action)),
      ['send'],
    )
  },
)
