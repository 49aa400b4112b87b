import { createServer, type ServerResponse } from 'node:http'
import { readMachineClockMs } from '../socket-clients/requests.ts'
import { listen } from './listen.ts'
import { requireVariable } from './variables.ts'

/**
 * This program is an OpenAI-compatible endpoint. It writes an answer in PIECES pieces, one every PIECE_INTERVAL_MS.
 * Each piece holds the time when it was written. If the interval is 0, it writes all pieces at once, without times. For
 * a question with `marker-N`, it prints `asked N` and the time of the call.
 */
const pieces = Number(requireVariable('PIECES'))
const pieceIntervalMs = Number(requireVariable('PIECE_INTERVAL_MS'))

const createChunk = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`

/** The parts of a chunk before and after its piece are encoded only once. U+0000 marks the place of the piece. */
const [head, tail] = createChunk({ delta: { content: '\u0000' }, finish_reason: null }).split('\\u0000')
const END_OF_STREAM = `${createChunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`

/**
 * All streams share a few timers, which run at least 2 ms apart. A timer for each stream would need more processor time
 * than the pieces.
 */
const TIMER_COUNT = Math.max(1, Math.min(10, Math.floor(pieceIntervalMs / 2)))
/** Holds, for each timer, its streams with the number of their remaining pieces. */
const streamsByTimer = Array.from({ length: TIMER_COUNT }, () => new Map<ServerResponse, number>())
let nextTimer = 0

function writePieces(streams: Map<ServerResponse, number>): void {
  for (const [response, remaining] of streams) {
    if (remaining > 0) {
      response.write(`${head}~${readMachineClockMs().toFixed(3)}~ word ${tail}`)
      streams.set(response, remaining - 1)
    } else {
      streams.delete(response)
      response.end(END_OF_STREAM)
    }
  }
}

for (const [index, streams] of streamsByTimer.entries()) {
  if (pieceIntervalMs > 0)
    setTimeout(() => setInterval(() => writePieces(streams), pieceIntervalMs), (pieceIntervalMs * index) / TIMER_COUNT)
}

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (text) => {
    body += text
  })
  request.on('end', () => {
    // The question is in the last message of the prompt. Messages before it may have the markers of earlier questions.
    const lastMessage = body.slice(body.lastIndexOf('"role"'))
    const [, marker] = /marker-(\d+)/.exec(lastMessage) ?? []
    if (marker !== undefined) console.log(`asked ${marker} ${readMachineClockMs()}`)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    nextTimer = (nextTimer + 1) % TIMER_COUNT
    if (pieceIntervalMs > 0) streamsByTimer[nextTimer]?.set(response, pieces)
    else response.end(`${`${head}word ${tail}`.repeat(pieces)}${END_OF_STREAM}`)
  })
})
listen(server, '/v1')
