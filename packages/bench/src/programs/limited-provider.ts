import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/**
 * This program is an OpenAI-compatible endpoint. It takes MAX_CALLS calls at the same time, answers each of them after
 * ANSWER_MS, and refuses others with 429. It prints a line for each refusal.
 */
const maxCalls = Number(requireVariable('MAX_CALLS'))
const answerMs = Number(requireVariable('ANSWER_MS'))
let currentCalls = 0

const createChunk = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`

const ANSWER = `${createChunk({ delta: { content: 'Isolate it.' }, finish_reason: null })}${createChunk({
  delta: {},
  finish_reason: 'stop',
})}data: [DONE]\n\n`

const server = createServer(async (request, response) => {
  request.resume()
  if (currentCalls >= maxCalls) {
    console.log('refused')
    response.writeHead(429).end('{}')
    return
  }
  currentCalls += 1
  await sleep(answerMs)
  currentCalls -= 1
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(ANSWER)
})
listen(server, '/v1')
