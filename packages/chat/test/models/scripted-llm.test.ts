import { LlmError, type LlmRequest, type LlmStreamPart } from '@engineer-chat/chat/models'
import { createFinish, createGate, createScriptedLlm, type ScriptedLlm } from '@engineer-chat/chat/testing'
import { test } from 'tap'

const request: LlmRequest = {
  turns: [{ role: 'user', content: 'And now?' }],
  context: {
    event: {
      event_id: 'e',
      event_name: 'Strange logins',
      message: 'Forty failed logins.',
      context: '',
      severity: 'high',
      source: 'siem',
      event_status: 'pending',
      access: 'open',
      tlp: 'amber',
      seq: 0,
      summary_version: null,
      created_by: null,
      created_at: '2026-01-31T12:00:00.000Z',
      updated_at: '2026-01-31T12:00:00.000Z',
    },
    summary: null,
    summary_updated: false,
    history: [],
    question: 'And now?',
  },
  language: 'en',
}

async function readParts(llm: ScriptedLlm, signal = new AbortController().signal): Promise<LlmStreamPart[]> {
  const parts: LlmStreamPart[] = []
  for await (const part of llm.stream(request, signal)) parts.push(part)
  return parts
}

test('a scripted model gives its scripted answers, call by call', async (t) => {
  const failure = new LlmError('llm_rate_limited', 'slow down', { transient: true, retryAfterMs: 100 })
  const llm = createScriptedLlm([
    ['Iso', failure],
    ['Isolate it.', createFinish()],
  ])
  await t.rejects(readParts(llm), failure)
  const answer = [{ type: 'text', text: 'Isolate it.' }, createFinish()]
  t.same(await readParts(llm), answer)
  t.same(await readParts(llm), answer, 'further calls repeat the last scripted answer')
  t.equal(llm.requests.length, 3)
  t.equal(await llm.waitForCall(2), request)
})

test('a scripted model waits at its gates, and hangs until it is aborted', async (t) => {
  const gate = createGate()
  const llm = createScriptedLlm([[gate, 'Yes.', createFinish()], [createGate()]])
  const reading = readParts(llm)
  await llm.waitForCall(1)
  gate.open()
  t.match(await reading, [{ text: 'Yes.' }, { type: 'finish' }])
  const abort = new AbortController()
  const hanging = readParts(llm, abort.signal)
  await llm.waitForCall(2)
  abort.abort(new Error('shutdown'))
  await t.rejects(hanging, { message: 'shutdown' })
})
