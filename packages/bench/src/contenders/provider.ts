import { createServer, type ServerResponse } from 'node:http'
import { machineNow } from '../crowd/protocol.ts'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/**
 * Is an OpenAI-compatible endpoint that writes PIECES pieces, one every EVERY_MS, each with the time of its writing.
 */
const pieces = Number(requireVariable('PIECES'))
const every_ms = Number(requireVariable('EVERY_MS'))

const chunk = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`

const [head, tail] = chunk({ delta: { content: '\u0000' }, finish_reason: null }).split('\\u0000')
const LAST = `${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`

/** All streams share a clock of a few slots, because a timer for each would cost more than the pieces. */
const SLOTS = Math.max(1, Math.min(10, Math.floor(every_ms / 2)))
const slots = Array.from({ length: SLOTS }, () => new Map<ServerResponse, number>())
let next = 0

function write(slot: Map<ServerResponse, number>): void {
  for (const [response, left] of slot) {
    if (left > 0) {
      response.write(`${head}~${machineNow().toFixed(3)}~ word ${tail}`)
      slot.set(response, left - 1)
    } else {
      slot.delete(response)
      response.end(LAST)
    }
  }
}

for (const [index, slot] of slots.entries()) {
  if (every_ms > 0) setTimeout(() => setInterval(() => write(slot), every_ms), (every_ms * index) / SLOTS)
}

const server = createServer((request, response) => {
  let question = ''
  request.on('data', (text) => {
    question += text
  })
  request.on('end', () => {
    const [, marker] = /pick-up-(\d+)/.exec(question.slice(question.lastIndexOf('"role"'))) ?? []
    if (marker !== undefined) console.log(`asked ${marker} ${machineNow()}`)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    next = (next + 1) % SLOTS
    if (every_ms > 0) slots[next]?.set(response, pieces)
    else response.end(`${`${head}word ${tail}`.repeat(pieces)}${LAST}`)
  })
})
listen(server, '/v1')
