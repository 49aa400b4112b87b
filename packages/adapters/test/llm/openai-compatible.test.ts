import { once } from 'node:events'
import { createServer } from 'node:net'
import { createOpenAiLlm } from '@engineer-chat/adapters/llm'
import { isFromBusyModel, LlmError, type LlmRequest, type LlmStreamPart } from '@engineer-chat/chat/models'
import t from 'tap'
import { toStatusError } from '../../src/llm/llm-errors.ts'
import { createCompletionStream } from '../../src/llm/openai/completion-stream.ts'
import { createFrames, startFakeLlm } from './fake-llm.ts'
import { ANSWER, chooseBehaviour } from './fake-llm-behaviours.ts'
import { createRequest } from './llm-request.ts'

const KEY = 'sk-very-secret'
const TEXT = ANSWER.join('')

const fake = await startFakeLlm()
t.teardown(() => fake.close())
const llm = createOpenAiLlm({
  base_url: `${fake.url}/`,
  api_key: KEY,
  model: 'fake-model',
  extra_body: { enable_thinking: false },
})

async function readAnswer(request: LlmRequest, signal: AbortSignal = new AbortController().signal) {
  const parts: LlmStreamPart[] = []
  for await (const part of llm.stream(request, signal)) parts.push(part)
  return summarizeParts(parts)
}

function summarizeParts(parts: LlmStreamPart[]) {
  const joinTexts = (type: 'text' | 'reasoning') => parts.map((part) => (part.type === type ? part.text : '')).join('')
  return {
    text: joinTexts('text'),
    reasoning: joinTexts('reasoning'),
    finish: parts.at(-1),
    finishes: parts.filter(({ type }) => type === 'finish').length,
  }
}

async function catchFailure(question: string): Promise<LlmError> {
  const error = await readAnswer(createRequest(question)).catch((error: unknown) => error)
  if (error instanceof LlmError) return error
  throw new Error(`no LlmError for ${question}: ${error}`)
}

t.test('[ANSWER11] a call asks for a stream with usage, with the key, the turns and the extra fields', async (t) => {
  const { text, finish, finishes } = await readAnswer(createRequest('what now?'))
  t.equal(text, TEXT)
  t.equal(finishes, 1)
  t.strictSame(finish, {
    type: 'finish',
    reason: 'stop',
    usage: { prompt_tokens: 120, completion_tokens: ANSWER.length },
    model: 'fake-model-0613',
  })
  t.match(fake.requests.at(-1), {
    authorization: `Bearer ${KEY}`,
    body: {
      model: 'fake-model',
      stream: true,
      stream_options: { include_usage: true },
      enable_thinking: false,
      messages: [{ role: 'system' }, { role: 'user', content: 'what now?' }],
    },
  })
  t.notOk('temperature' in (fake.requests.at(-1)?.body ?? {}))
})

t.test(
  '[ANSWER11] every provider gives the same text: keep-alives, split bytes, CRLF, CR, usage null or missing, no [DONE]',
  async (t) => {
    for (const name of ['keepalive', 'bytes', 'crlf', 'cr', 'no-usage', 'null-usage', 'no-done']) {
      const { text, finish } = await readAnswer(createRequest(`fake:${name}`))
      t.equal(text, TEXT, name)
      const usage = ['no-usage', 'null-usage'].includes(name) ? null : { completion_tokens: ANSWER.length }
      t.match(finish, { type: 'finish', reason: 'stop', usage }, name)
    }
    t.match((await readAnswer(createRequest('fake:length'))).finish, { reason: 'length' })
  },
)

t.test('[ANSWER13] thinking is separated from the answer, in each of its three forms', async (t) => {
  for (const name of ['reasoning', 'reasoning-vllm', 'think']) {
    t.match(await readAnswer(createRequest(`fake:${name}`)), { text: TEXT, reasoning: 'First I think.' }, name)
  }
})

t.test('[ANSWER13] think tags before an answer may be split anywhere, and think tags in code are text', async (t) => {
  const cases: Array<[string, string, string]> = [
    ['<think>why</think>\n\nBecause.', 'why', 'Because.'],
    ['  \n<think>a < b </thin k> c</think>ok', 'a < b </thin k> c', 'ok'],
    ['<think>one</think>\n<think>two</think>three', 'onetwo', 'three'],
    ['Use `<think>` tags', '', 'Use `<think>` tags'],
    ['<thing> is no tag', '', '<thing> is no tag'],
    ['<th', '', '<th'],
    ['<think>never closed', 'never closed', ''],
  ]
  for (const [content, reasoning, text] of cases) {
    for (let first = 0; first <= content.length; first++) {
      for (let second = first; second <= content.length; second++) {
        const stream = createCompletionStream('m')
        const pieces = [content.slice(0, first), content.slice(first, second), content.slice(second)]
        const read = createFrames({}, pieces).flatMap((frame) => [...stream.push(Buffer.from(frame))])
        const { text: foundText, reasoning: foundReasoning } = summarizeParts([...read, ...stream.end()])
        if (foundText !== text || foundReasoning !== reasoning)
          t.fail(JSON.stringify({ pieces, foundText, foundReasoning }))
      }
    }
    t.pass(content)
  }
})

t.test(
  '[ANSWER12] a stream of the fake provider gives the same answer when it is cut in two at every byte',
  async (t) => {
    for (const name of ['ok', 'reasoning', 'think', 'null-usage', 'crlf', 'no-done']) {
      const behaviour = chooseBehaviour(`fake:${name}`, 1)
      const streamBytes = Buffer.from(createFrames(behaviour).join(''))
      const texts = new Set<string>()
      for (let index = 0; index <= streamBytes.length; index++) {
        const stream = createCompletionStream('m')
        const read = [
          ...stream.push(streamBytes.subarray(0, index)),
          ...stream.push(streamBytes.subarray(index)),
          ...stream.end(),
        ]
        texts.add(JSON.stringify([summarizeParts(read).text, summarizeParts(read).reasoning, stream.finish()]))
      }
      t.equal(texts.size, 1, name)
      t.match([...texts][0], JSON.stringify(TEXT))
    }
  },
)

t.test('[ANSWER14] a stream that is cut, or ends without a `finish_reason`, is not an answer', async (t) => {
  for (const name of ['cut', 'unfinished', 'unfinished-done']) {
    t.match(await catchFailure(`fake:${name}`), { code: 'llm_stream_cut', transient: true }, name)
  }
})

t.test('[ANSWER15] failures state whether and when the call may be repeated', async (t) => {
  const expected: Array<[string, string, boolean]> = [
    ['400', 'llm_rejected', false],
    ['401', 'llm_unauthorized', false],
    ['403', 'llm_unauthorized', false],
    ['404', 'llm_rejected', false],
    ['408', 'llm_timeout', true],
    ['409', 'llm_unavailable', true],
    ['422', 'llm_rejected', false],
    ['429', 'llm_rate_limited', true],
    ['500', 'llm_unavailable', true],
    ['503', 'llm_unavailable', true],
    ['stream-error', 'llm_unavailable', true],
    ['filtered', 'llm_rejected', false],
  ]
  for (const [name, code, transient] of expected) {
    t.match(await catchFailure(`fake:${name}`), { code, transient, retryAfterMs: null }, name)
  }
  t.equal((await catchFailure('fake:429-wait')).retryAfterMs, 1_000)
  fake.script({ status: 503, retryAfter: new Date(Date.now() + 20_000).toUTCString() })
  const { retryAfterMs } = await catchFailure('a date')
  t.ok(retryAfterMs !== null && retryAfterMs > 15_000 && retryAfterMs <= 20_000, `${retryAfterMs} ms`)
  fake.script({ status: 503, retryAfter: 'soon' }) // This is neither a number nor a date.
  t.equal((await catchFailure('neither')).retryAfterMs, null)
})

t.test('[BUSY1] an account without credit is not busy, whichever status its provider sends', async (t) => {
  const cases: Array<[status: number, error: object]> = [
    [402, { message: 'Insufficient Balance', code: 'invalid_request_error' }],
    [429, { code: 'billing_hard_limit_reached' }],
    [403, { code: 'insufficient_quota', type: 'insufficient_quota' }],
    [429, { type: 'exceeded_current_quota_error' }],
    [429, { code: '1113' }],
    [429, { code: 1113 }],
    [429, { code: 'EXCEEDED_CURRENT_QUOTA_ERROR' }],
    [429, { code: 429, type: 'exceeded_current_quota_error' }],
    [400, { code: 'invalid_request_error', type: 'Arrearage' }],
    [403, { code: 'AccountOverdueError', type: 'Forbidden' }],
    [400, { code: 'Arrearage' }],
  ]
  for (const [status, error] of cases) {
    for (const body of [{ error }, error]) {
      fake.script({ status, retryAfter: '2', errorBody: body })
      const failure = await catchFailure('anyone?')
      t.match(failure, { code: 'llm_unauthorized', transient: false }, JSON.stringify(body))
      t.equal(isFromBusyModel(failure), false, JSON.stringify(body))
    }
  }
  // OpenAI means credit, and Alibaba Cloud the tokens of a minute. So the call is repeated once, and no reply waits.
  const ambiguous = toStatusError(429, 'insufficient_quota', '2')
  t.match(ambiguous, { code: 'llm_rate_limited', transient: true })
  t.equal(isFromBusyModel(ambiguous), false)
  t.equal(isFromBusyModel(toStatusError(429, 'rate_limit_exceeded')), true)
  t.equal(isFromBusyModel(toStatusError(503, undefined, '2')), true)
  t.equal(isFromBusyModel(toStatusError(503)), false)
})

t.test('[ANSWER15] an endpoint that cannot be reached is a transient failure', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  const port = typeof address === 'object' ? address?.port : 0
  const unreachable = createOpenAiLlm({ base_url: `http://127.0.0.1:${port}/v1`, model: 'm' })
  await t.rejects(
    async () => {
      for await (const _ of unreachable.stream(createRequest('anyone?'), new AbortController().signal));
    },
    { code: 'llm_unreachable', transient: true },
  )
})

t.test('[ANSWER16] no failure contains the key, the question or the endpoint’s text', async (t) => {
  for (const name of ['401', '400', '500', 'cut', 'unfinished', 'stream-error']) {
    const error = await catchFailure(`the secret question fake:${name}`)
    t.notMatch(`${error.message} ${error.stack} ${JSON.stringify(error)}`, /secret|UPSTREAM/, name)
  }
  t.match((await catchFailure('fake:401')).message, /401 \(invalid_api_key\)/)
})

t.test('[ANSWER17] an aborted call ends immediately with the reason, and the connection is closed', async (t) => {
  for (const behaviour of [{ hang: 'silent' }, { hang: 'midway' }] as const) {
    const abandoned = fake.waitForAbort()
    fake.script(behaviour)
    const controller = new AbortController()
    const reason = new Error('enough')
    const arrived = fake.waitForRequests(fake.requests.length + 1)
    const reading = readAnswer(createRequest('are you there?'), controller.signal)
    await arrived
    controller.abort(reason)
    t.equal(await reading.catch((error: unknown) => error), reason)
    await abandoned
  }
  const aborted = AbortSignal.abort(new Error('before'))
  await t.rejects(readAnswer(createRequest('never sent'), aborted), /before/)
})
