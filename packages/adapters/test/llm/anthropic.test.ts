import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { createAnthropicLlm } from '@engineer-chat/adapters/llm'
import type { LlmStreamPart } from '@engineer-chat/chat/models'
import t, { type Test } from 'tap'
import { createRequest } from './llm-request.ts'

const KEY = 'sk-ant-very-secret'

/** Opens an endpoint that plays recorded streams, byte by byte, or answers with an error. */
async function startEndpoint(
  t: Test,
  answer: { stream: string } | { status: number; type: string; retryAfter?: string },
) {
  const requests: Array<{ url: string | undefined; headers: IncomingHttpHeaders; body: Record<string, unknown> }> = []
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
    if ('status' in answer) {
      const { status, type, retryAfter } = answer
      response.writeHead(status, { ...(retryAfter && { 'retry-after': retryAfter }) })
      return response.end(JSON.stringify({ type: 'error', error: { type, message: 'UPSTREAM-TEXT' } }))
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const byte of readFileSync(new URL(`./streams/${answer.stream}.sse`, import.meta.url))) {
      response.write(Uint8Array.of(byte))
      await setImmediate()
    }
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`, requests }
}

async function readParts(base_url: string, overrides: object = {}): Promise<LlmStreamPart[]> {
  const llm = createAnthropicLlm({ base_url, api_key: KEY, model: 'claude', max_tokens: 900, ...overrides })
  const parts: LlmStreamPart[] = []
  for await (const part of llm.stream(createRequest('what now?'), new AbortController().signal)) parts.push(part)
  return parts
}

t.test(
  '[LLM5] a call asks for a stream, with a separate system prompt, the key, a limit and the extra fields',
  async (t) => {
    const { base_url, requests } = await startEndpoint(t, { stream: 'anthropic-thinking' })
    const parts = await readParts(base_url, {
      temperature: 0.2,
      extra_body: { thinking: { type: 'enabled' }, temperature: null },
    })
    t.match(requests, [
      {
        url: '/v1/messages',
        headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01', authorization: undefined },
        body: {
          model: 'claude',
          max_tokens: 900,
          stream: true,
          system: 'You help.',
          messages: [{ role: 'user', content: 'what now?' }],
          thinking: { type: 'enabled' },
        },
      },
    ])
    t.notOk('temperature' in (requests[0]?.body ?? {}))
    t.ok(parts.some(({ type }) => type === 'reasoning'))
    t.strictSame(parts.at(-1), {
      type: 'finish',
      reason: 'stop',
      usage: { prompt_tokens: 812, completion_tokens: 41 },
      model: 'claude-sonnet-4-5-20250929',
    })
  },
)

t.test('[LLM5] failures of the provider have different codes, and contain no secret', async (t) => {
  const cases = [
    [
      { status: 529, type: 'overloaded_error' },
      { code: 'llm_unavailable', transient: true },
    ],
    [
      { status: 429, type: 'rate_limit_error', retryAfter: '7' },
      { code: 'llm_rate_limited', retryAfterMs: 7_000 },
    ],
    [
      { status: 401, type: 'authentication_error' },
      { code: 'llm_unauthorized', transient: false },
    ],
    [
      { status: 400, type: 'invalid_request_error' },
      { code: 'llm_rejected', transient: false },
    ],
    [{ stream: 'anthropic-cut' }, { code: 'llm_stream_cut', transient: true }],
    [{ stream: 'anthropic-overloaded' }, { code: 'llm_unavailable', transient: true }],
    [{ stream: 'anthropic-refusal' }, { code: 'llm_rejected', transient: false }],
  ] as const
  for (const [answer, expected] of cases) {
    const { base_url } = await startEndpoint(t, answer)
    const error: unknown = await readParts(base_url).catch((failure) => failure)
    t.match(error, expected, JSON.stringify(answer))
    t.notMatch(`${error} ${JSON.stringify(error)}`, /UPSTREAM|secret|what now/)
  }
})
