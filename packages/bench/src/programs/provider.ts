import { createServer, type ServerResponse } from 'node:http'
import { readMachineClockMs } from '../socket-clients/commands.ts'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/**
 * This program is an OpenAI-compatible endpoint. It writes PIECES pieces, one every PIECE_INTERVAL_MS, each with a stamp of
 * its time.
 */
const pieces = Number(requireVariable('PIECES'))
const pieceIntervalMs = Number(requireVariable('PIECE_INTERVAL_MS'))

const createChunk = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`

const [head, tail] = createChunk({ delta: { content: '\u0000' }, finish_reason: null }).split('\\u0000')
const LAST = `${createChunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`

/** All streams share a few timers, because a timer for each stream would cost more than the pieces. */
const SLOTS = Math.max(1, Math.min(10, Math.floor(pieceIntervalMs / 2)))
const slots = Array.from({ length: SLOTS }, () => new Map<ServerResponse, number>())
let nextSlot = 0

function writePieces(slot: Map<ServerResponse, number>): void {
  for (const [response, remaining] of slot) {
    if (remaining > 0) {
      response.write(`${head}~${readMachineClockMs().toFixed(3)}~ word ${tail}`)
      slot.set(response, remaining - 1)
    } else {
      slot.delete(response)
      response.end(LAST)
    }
  }
}

for (const [index, slot] of slots.entries()) {
  if (pieceIntervalMs > 0)
    setTimeout(() => setInterval(() => writePieces(slot), pieceIntervalMs), (pieceIntervalMs * index) / SLOTS)
}

const server = createServer((request, response) => {
  let question = ''
  request.on('data', (text) => {
    question += text
  })
  request.on('end', () => {
    const [, marker] = /pick-up-(\d+)/.exec(question.slice(question.lastIndexOf('"role"'))) ?? []
    if (marker !== undefined) console.log(`asked ${marker} ${readMachineClockMs()}`)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    nextSlot = (nextSlot + 1) % SLOTS
    if (pieceIntervalMs > 0) slots[nextSlot]?.set(response, pieces)
    else response.end(`${`${head}word ${tail}`.repeat(pieces)}${LAST}`)
  })
})
listen(server, '/v1')
