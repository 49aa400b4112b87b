import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import { findQuote } from '../../src/rooms/index.ts'
import type { StoredMessage } from '../../src/shared/index.ts'

const READER = { user_id: 'u-ada', role: 'engineer' } as const

const ROW: Message = {
  message_id: 'm1',
  event_id: 'e1',
  position: 1,
  seq: 1,
  user_id: 'u-bob',
  message_from: 'u-bob',
  message_type: 'chat',
  message_category: 'room',
  sender_type: 'user',
  chat_session_id: null,
  visibility: 'room',
  reply_to: null,
  round_id: null,
  event_summary_version: null,
  message_content: { content: '' },
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
}

const ANSWER = { message_from: 'ai_assistant', message_category: 'engineer_chat', sender_type: 'ai' } as const
const AGENT = { message_from: '_expert', message_category: 'agent', sender_type: null } as const

/** Quotes a text of a message with this content. */
async function quote(message_content: Message['message_content'], text: string, fields: Partial<Message> = {}) {
  const row: StoredMessage = { message: { ...ROW, ...fields, message_content }, audience: 'all', attempt: 0 }
  const timeline = { findMessage: async () => row }
  return (await findQuote({ timeline }, READER, 'e1', { message_id: 'm1', text })).content.text
}

const REFUSED = { code: 'quote_mismatch' }
const MARKDOWN =
  'Isolate **WS-7** first [ev1].\n\n- look at `DC-1`\n- reset\n\n| host | state |\n|---|---|\n| WS-7 | *up* |'
const CITED = { content: MARKDOWN, citations: [{ id: 'ev1', label: 'event', supported: true }] }

t.test('[QUOTE1] an answer is quoted as its readers see it: text, lists, tables', async (t) => {
  t.equal(await quote(CITED, 'Isolate WS-7 first', ANSWER), 'Isolate WS-7 first')
  t.equal(await quote(CITED, 'look at DC-1\nreset', ANSWER), 'look at DC-1\nreset')
  t.equal(await quote(CITED, 'host state WS-7 up', ANSWER), 'host\tstate\nWS-7\tup')
  await t.rejects(quote(CITED, 'Isolate WS-8 first', ANSWER), REFUSED)
})

t.test('[QUOTE1] an answer may also be quoted as it was written', async (t) => {
  t.equal(await quote(CITED, 'Isolate **WS-7**', ANSWER), 'Isolate **WS-7**')
})

t.test('[QUOTE6] citations are left out of a quote, with their brackets or without', async (t) => {
  t.equal(await quote(CITED, 'WS-7 first [ev1].', ANSWER), 'WS-7 first.')
  t.equal(await quote(CITED, 'first.', ANSWER), 'first.')
  await t.rejects(quote(CITED, '[ev1]', ANSWER), REFUSED)
})

t.test('[QUOTE1] a post is data: what looks like Markdown is text', async (t) => {
  t.equal(await quote({ content: '**bold** &lt;' }, '**bold** &lt;'), '**bold** &lt;')
  await t.rejects(quote({ content: '**bold**' }, 'bold\u200b'), REFUSED)
  t.equal(await quote({ content: 'run\n```sh\nls -l\n```' }, 'ls -l'), 'ls -l')
})

t.test('[QUOTE1] agents’ fields are quoted as the page shows them', async (t) => {
  const fields = { host: 'WS-7', process: { pid: 48151, lines: ['a\nb', 'c'] } }
  const content = 'host: WS-7\nprocess:\n  pid: 48151\n  lines:\n    - a\n      b\n    - c'
  t.equal(await quote({ content, ...fields }, 'a\nb', AGENT), 'a\n      b')
  t.equal(await quote({ content, ...fields }, 'host\nWS-7', AGENT), 'host\nWS-7')
  t.equal(await quote({ content: 'Done.', ...fields }, 'pid 48151', AGENT), 'pid\n48151')
  await t.rejects(quote({ content: 'Done.', ...fields }, 'pid 48152', AGENT), REFUSED)
})

t.test(
  '[QUOTE1] an agent’s row is quoted as the page shows it: its command and status first, without names',
  async (t) => {
    const content = { content: 'No such port.', host: 'WS-7', status: 'failed', command: 'netstat -ano' }
    t.equal(await quote(content, 'netstat -ano failed', AGENT), 'netstat -ano\nfailed')
    const row = 'netstat -ano\nfailed\nNo such port.\nhost\nWS-7'
    t.equal(await quote(content, row.replaceAll('\n', ' '), AGENT), row)
    const composed = { ...content, content: 'host: WS-7\nstatus: failed\ncommand: netstat -ano' }
    t.equal(await quote(composed, 'failed host WS-7', AGENT), 'failed\nhost\nWS-7')
    t.equal(await quote(composed, 'status: failed', AGENT), 'status: failed')
  },
)

t.test('[QUOTE1] a link is quoted with the destination that the page shows beside it, or without', async (t) => {
  const content = { content: 'Read [our guide](https://evil.example/x) and [this](javascript:a) now.' }
  t.equal(await quote(content, 'our guide (evil.example) and', ANSWER), 'our guide (evil.example) and')
  t.equal(await quote(content, 'our guide and this', ANSWER), 'our guide and this')
  t.equal(await quote(content, 'and [this](javascript:a) now', ANSWER), 'and [this](javascript:a) now')
  await t.rejects(quote(content, 'our guide (good.example)', ANSWER), REFUSED)
})

t.test('[QUOTE1] reasoning, the partial of an answer and an unfinished reply are not quoted', async (t) => {
  const content = { content: 'Yes.', reasoning: 'Perhaps not.', partial: 'Half of it' }
  await t.rejects(quote(content, 'Perhaps not.', ANSWER), REFUSED)
  await t.rejects(quote(content, 'Half of it', ANSWER), REFUSED)
  await t.rejects(quote({ content: '' }, 'x', { ...ANSWER, message_type: 'thinking' }), REFUSED)
})

t.test('[QUOTE2] a quote has at most 1,000 characters', async (t) => {
  const long = '长'.repeat(1_001)
  t.equal(await quote({ content: long }, long.slice(1)), long.slice(1))
  await t.rejects(quote({ content: long }, long), {
    code: 'validation_failed',
    extras: { errors: [{ path: '/quote/text' }] },
  })
  t.equal((await quote({ content: '🙂'.repeat(1_000) }, '🙂'.repeat(1_000))).length, 2_000, 'characters are counted')
  for (const empty of ['', ' ']) await t.rejects(quote({ content: 'x' }, empty), { code: 'validation_failed' })
})

t.test('[QUOTE2] white space of the message does not make a quote longer than the limit', async (t) => {
  const spaced = `a${' '.repeat(2_000)}b\n\n\n${'\n'.repeat(2_000)}c`
  t.equal(await quote({ content: spaced }, 'a b c'), 'a b\nc')
  const letters = Array.from({ length: 600 }, () => 'x')
  await t.rejects(quote({ content: letters.join('  ') }, letters.join('')), { code: 'validation_failed' })
})
