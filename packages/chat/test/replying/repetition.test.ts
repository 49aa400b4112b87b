import { test } from 'tap'
import { answerReply } from '../../src/replying/answer-reply.ts'
import {
  createRepetitionWatch,
  endsInLoop,
  MAX_LOOP_PIECE_CHARACTERS,
  MIN_DATA_LOOP_CHARACTERS,
  MIN_LOOP_CHARACTERS,
  MIN_LOOP_REPEATS,
} from '../../src/replying/repetition.ts'
import { createFinish, createScriptedLlm, createSeededRandom, findSuperLinear } from '../../testing/index.ts'
import { startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createNumberedLines = (count: number, createLine: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => createLine(index)).join('\n')
/** Creates a piece that repeats nothing within itself. */
const createPiece = (length: number) => createSeededRandom(length).text(length, 'abcdefghijklmnopqrstuvwxyz ,.\n')

/** Returns true if a text that arrives in chunks of this length is taken for a loop. */
function isStopped(text: string, chunkLength = 7): boolean {
  const watch = createRepetitionWatch()
  for (let start = 0; start < text.length; start += chunkLength) {
    if (watch.push(text.slice(start, start + chunkLength))) return true
  }
  return false
}

test('[ANSWER23] a character, a phrase, a line and a paragraph that repeat are noticed, wherever the stream splits them', async (t) => {
  const begin = 'Isolate the host first.\n'
  for (const piece of [
    ' ',
    '\n',
    'ha ',
    '我们应该先隔离主机。',
    'I am sorry, but I can not do that.\n',
    createPiece(400),
    createPiece(999),
  ]) {
    const looped = begin + piece.repeat(Math.ceil(Math.max(4_000, piece.length * 25) / piece.length))
    for (const chunkLength of [1, 7, 64, 5_000])
      t.ok(isStopped(looped, chunkLength), `${piece.length} characters in chunks of ${chunkLength}`)
  }
})

/**
 * Lists pieces of data. A run of one piece is a loop only if it has more than MIN_DATA_LOOP_CHARACTERS, because then it
 * fills all that the watch keeps.
 */
const DATA = ['A', '=', '-', '!', '\\x90', '%41', '00 ', 'ff, ', '0x00, ', 'AAAB', '─', '。', '😀']

test('[ANSWER23] repeated data counts as a loop only from a greater length on', async (t) => {
  const createRun = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length))
  for (const piece of DATA) {
    const data = `Decoded:\n${createRun(piece, MIN_DATA_LOOP_CHARACTERS).slice(0, MIN_DATA_LOOP_CHARACTERS - 2)}`
    t.notOk(isStopped(`${data}\nThat is all.`, 50), piece)
    t.notOk(endsInLoop(data), `${piece}, read at its end`)
    for (const chunkLength of [7, 5_000, 100_000]) {
      t.ok(
        isStopped(createRun(piece, MIN_DATA_LOOP_CHARACTERS + 6_000), chunkLength),
        `${piece}, for ever, in chunks of ${chunkLength}`,
      )
    }
  }
})

test('[ANSWER23] retracted text does not count towards a loop of the answer', async (t) => {
  const watch = createRepetitionWatch()
  const line = 'Connection refused by the host.\n'
  watch.push(line.repeat(90))
  watch.reset()
  t.notOk(watch.push(line.repeat(30)))
  const ninetyLines = Array.from({ length: 90 }, () => line)
  const worker = await startWorker([[...ninetyLines, { type: 'retract' }, ...ninetyLines.slice(0, 40), createFinish()]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { finish_reason: 'stop' })
})

test('[ANSWER23] each threshold holds on both sides', async (t) => {
  const piece = createPiece(MIN_LOOP_CHARACTERS / MIN_LOOP_REPEATS)
  t.ok(endsInLoop(piece.repeat(MIN_LOOP_REPEATS)))
  t.notOk(endsInLoop(piece.repeat(MIN_LOOP_REPEATS).slice(1)), 'a character short of the length')
  const long = createPiece(600)
  t.ok(endsInLoop(long.repeat(MIN_LOOP_REPEATS)))
  t.notOk(endsInLoop(long.repeat(MIN_LOOP_REPEATS - 1)), 'a repetition short')
  t.ok(endsInLoop(createPiece(MAX_LOOP_PIECE_CHARACTERS).repeat(MIN_LOOP_REPEATS)))
  t.notOk(endsInLoop(createPiece(MAX_LOOP_PIECE_CHARACTERS + 1).repeat(MIN_LOOP_REPEATS + 2)), 'a longer piece')
})

test('[ANSWER23] tables, dumps, logs, separators and code are not a loop', async (t) => {
  const texts = {
    table: `| host | state | owner |\n|---|---|---|\n${createNumberedLines(500, (index) => `| web-${index} | isolated | alice |`)}`,
    'hex dump of zeros': createNumberedLines(
      400,
      (index) => `${(index * 16).toString(16).padStart(8, '0')}  ${'00 '.repeat(16)} |................|`,
    ),
    log: createNumberedLines(
      400,
      (index) => `Nov 29 00:${String(index % 60).padStart(2, '0')}:01 web-1 sshd[${index}]: Failed password for root`,
    ),
    separators: createNumberedLines(60, (index) => `${'='.repeat(120)}\nPart ${index}\n${'-'.repeat(120)}`),
    'the same line for one screen': 'Connection refused.\n'.repeat(100),
    checklist: createNumberedLines(300, (index) => `- [ ] Rotate the password of user${index}`),
    'a NOP sled': `payload = "${'\\x90'.repeat(512)}"`,
  }
  for (const [name, text] of Object.entries(texts)) t.notOk(isStopped(`${text}\nThat is all.`, 20), name)
})

test('[ANSWER23] the watch takes linear time', async (t) => {
  t.same(
    findSuperLinear((text) => {
      const watch = createRepetitionWatch()
      for (let start = 0; start < text.length; start += 100) watch.push(text.slice(start, start + 100))
    }),
    [],
  )
})

test('[ANSWER23] a model that repeats itself is stopped, tried again, and then its fallback answers', async (t) => {
  const looping = Array.from({ length: 100_000 }, () => 'I am sorry. ')
  const first = createScriptedLlm([['Isolate it. ', ...looping, createFinish('length')]], 'first')
  const worker = await startWorkerWithModels([
    first,
    createScriptedLlm([['Isolate it.', createFinish('stop', 'second')]], 'second'),
  ])
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await worker.passRetryPause()
  await done
  t.equal(first.requests.length, 2)
  t.match(worker.getContent(), { content: 'Isolate it.', fallback: { from: 'first', code: 'llm_repeating' } })

  const thinking = createScriptedLlm([
    [...looping.map((text) => ({ type: 'reasoning' as const, text })), 'Yes.', createFinish()],
  ])
  const alone = await startWorkerWithModels([thinking])
  const ended = answerReply(alone.ctx, alone.ref, notAborted)
  await alone.passRetryPause()
  await ended
  t.match(alone.getContent(), { finish_reason: 'error', error: { code: 'llm_repeating', retryable: true } })
})
