import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

const toEvents = (frames: object[]): string => frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')

const COMPLETION = `${toEvents([
  { choices: [{ index: 0, delta: { content: 'Isolate it.' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
])}data: [DONE]\n\n`

const MESSAGE = toEvents([
  { type: 'message_start', message: { model: 'claude', usage: { input_tokens: 1, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Isolate it.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
])

const STREAM = 'text/event-stream'

/** Holds what an endpoint of each protocol answers, by path. */
const ANSWERS: Record<string, { type: string; body: string }> = {
  '/v1/chat/completions': { type: STREAM, body: COMPLETION },
  '/v1/messages': { type: STREAM, body: MESSAGE },
  '/v1/audio/transcriptions': { type: 'application/json', body: '{"text":"Isolate it."}' },
  '/v1/audio/speech': { type: 'audio/mpeg', body: 'ID3' },
}

/** Starts a provider that speaks every protocol. It records all requests, including their paths and headers. */
export async function startRecordingEndpoint(t: Test) {
  const received: Array<{ path: string; text: string }> = []
  const failing = new Set<string>()
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const path = request.url ?? ''
    received.push({ path, text: path + JSON.stringify(request.headers) + Buffer.concat(chunks).toString() })
    const answer = failing.has(path) ? undefined : ANSWERS[path]
    if (!answer) return response.writeHead(400).end('{}')
    response.writeHead(200, { 'content-type': answer.type }).end(answer.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { url, received, failing }
}
