import type { Message, ServerFrame } from '@engineer-chat/protocol'
import t from 'tap'
import { checkLogs } from '../src/check/check-privacy.ts'
import { checkStored } from '../src/check/check-stored.ts'
import type { StoredRow } from '../src/check/stored-state.ts'
import { StrictRoom } from '../src/follow/strict-room.ts'
import { Ledger } from '../src/load/ledger.ts'
import { createAnswer } from '../src/testbed/llm.ts'
import { MAIN_MODEL } from '../src/testbed/models.ts'

const marker = 'zq0123456789abcdef' // It has the form of createMarker('question').
const text = `question 1 about ${marker}`
// The fixtures have short ids: q is the question, r its reply, e the event, u the user, s the session, and k the
// idempotency key.

function createMessage(id: string, position: number, seq: number, overrides: Partial<Message> = {}): Message {
  return {
    message_id: id,
    event_id: 'e',
    position,
    seq,
    user_id: 'u',
    message_from: 'u',
    message_type: 'chat',
    message_category: 'engineer_chat',
    sender_type: 'user',
    chat_session_id: 's',
    visibility: 'private',
    reply_to: null,
    round_id: null,
    event_summary_version: null,
    message_content: { content: `@AI ${text}` },
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...overrides,
  }
}

const createQuestion = () => createMessage('q', 1, 1)
const createThinkingReply = (seq: number) =>
  createMessage('r', 2, seq, { reply_to: 'q', message_type: 'thinking', message_content: { content: '' } })
const createFinalReply = (seq: number) =>
  createMessage('r', 2, seq, { reply_to: 'q', message_content: { content: createAnswer(text) } })
const createMessageFrame = (message: Message): ServerFrame => ({
  type: 'message',
  event_id: 'e',
  seq: message.seq,
  message,
})
const createDelta = (attempt: number, index: number, deltaText: string): ServerFrame => ({
  type: 'delta',
  event_id: 'e',
  message_id: 'r',
  attempt,
  index,
  text: deltaText,
})
const createSubscribed = (seq: number, messages: Message[] = [], reset = false) =>
  ({ type: 'subscribed', event_id: 'e', seq, reset, event: {}, messages, has_more: false }) as unknown as ServerFrame
const createCursor = (seq: number): ServerFrame => ({ type: 'cursor', event_id: 'e', seq })
const createEventFrame = (seq: number) => ({ type: 'event', event_id: 'e', seq, event: {} }) as unknown as ServerFrame

function checkFrames(...frames: Array<ServerFrame | 'reconnect'>): string[] {
  const violations: string[] = []
  const room = new StrictRoom('e', (violation) => void violations.push(violation))
  for (const frame of frames) {
    if (frame === 'reconnect') room.onConnect()
    else room.receive(frame)
  }
  return violations
}

t.test('[CHAOS4] the check of frames accepts what the contract allows, and names each violation', async (t) => {
  const openingFrames = [
    createSubscribed(0),
    createMessageFrame(createQuestion()),
    createMessageFrame(createThinkingReply(2)),
  ]
  const [firstText, secondText] = [createAnswer(text).slice(0, 5), createAnswer(text).slice(5, 9)]
  t.same(
    checkFrames(
      ...openingFrames,
      createDelta(1, 0, firstText),
      createDelta(1, 1, secondText),
      createDelta(2, 0, firstText),
      createMessageFrame(createFinalReply(3)),
      createCursor(9),
    ),
    [],
  )
  t.same(
    checkFrames(
      ...openingFrames,
      'reconnect',
      createSubscribed(3, [createFinalReply(3)]),
      createMessageFrame(createThinkingReply(4)),
      createDelta(5, 0, firstText),
    ),
    [],
    'a retry',
  )

  const wrongCases: Array<[RegExp, Array<ServerFrame | 'reconnect'>]> = [
    [/before the subscribed frame/, [createMessageFrame(createQuestion())]],
    [
      /row 1 came after row 2/,
      [createSubscribed(0), createMessageFrame(createThinkingReply(2)), createMessageFrame(createQuestion())],
    ],
    [/all rows up to 5/, [createSubscribed(0), createCursor(5), createMessageFrame(createFinalReply(4))]],
    [/cursor went back/, [...openingFrames, createCursor(1)]],
    [/resume went back from 2 to 1/, [...openingFrames, 'reconnect', createSubscribed(1)]],
    [/resume after 2 repeats row 2/, [...openingFrames, 'reconnect', createSubscribed(3, [createThinkingReply(2)])]],
    [
      /belongs to two rows/,
      [
        createSubscribed(0),
        createMessageFrame(createQuestion()),
        'reconnect',
        createSubscribed(1, [createMessage('x', 3, 1)]),
      ],
    ],
    [/attempt 1 came after attempt 2/, [...openingFrames, createDelta(2, 0, firstText), createDelta(1, 0, firstText)]],
    [/after the final row/, [...openingFrames, createMessageFrame(createFinalReply(3)), createDelta(1, 0, firstText)]],
    [/delta 1 of attempt 1 came although delta 0/, [...openingFrames, createDelta(1, 1, secondText)]],
    [/not a beginning/, [...openingFrames, createDelta(1, 0, secondText)]],
  ]
  for (const [expected, frames] of wrongCases)
    t.ok(
      checkFrames(...frames).some((violation) => expected.test(violation)),
      String(expected),
    )
})

t.test(
  '[CHAOS4] for a missing row, the check names the frame that raised the last sequence number past it',
  async (t) => {
    /** Receives these frames after row 1, and explains why row 2 is missing. */
    const explainMissingRow = (...frames: ServerFrame[]): string => {
      const room = new StrictRoom('e', () => {})
      room.onConnect()
      for (const frame of [createSubscribed(0), createMessageFrame(createQuestion()), ...frames]) room.receive(frame)
      return room.explainMissing(2)
    }
    const hidingFrames: Array<[ServerFrame, number]> = [
      [createCursor(2), 2],
      [createCursor(3), 3],
      [createSubscribed(2), 2],
      [createEventFrame(2), 2],
      [createMessageFrame(createFinalReply(3)), 3],
    ]
    for (const [frame, seq] of hidingFrames) {
      const expected = `a ${frame.type} frame raised the last sequence number from 1 to ${seq} at `
      t.ok(explainMissingRow(frame, createCursor(seq + 1)).startsWith(expected), `${frame.type} ${seq}`)
    }
    t.match(
      explainMissingRow(createMessageFrame(createThinkingReply(2)), createSubscribed(2, [createQuestion()], true)),
      /a subscribed frame raised the last sequence number from 0 to 2 /,
      'a reset without the row',
    )
    const lastSeq = "the follower's last sequence number is"
    t.equal(explainMissingRow(), `${lastSeq} 1`, 'no frame has raised the number past it')
    t.equal(
      explainMissingRow(createMessageFrame(createThinkingReply(2))),
      `${lastSeq} 2`,
      'a message frame that follows directly hides no row',
    )
  },
)

t.test(
  '[CHAOS5] the check of stored rows names rows that are lost, stored twice, stuck, changed or misplaced',
  async (t) => {
    const toStoredRow = (message: Message, overrides: Partial<StoredRow> = {}): StoredRow => {
      const { message_content, ...fields } = message
      const columns = { audience: 'u', client_message_id: null, attempt: 1, tries: 1, unfinished: 0 }
      return { ...fields, ...columns, content: { finish_reason: 'stop', ...message_content }, ...overrides }
    }
    const question = toStoredRow(createQuestion(), { client_message_id: 'k' })
    const reply = toStoredRow(createFinalReply(3))
    const checkRows = (rows: StoredRow[], { lastSeq = 3, rounds = 1 } = {}) => {
      const ledger = new Ledger()
      const accepted = { session_id: 's', question_id: 'q', reply_id: 'r', atMs: 0 }
      ledger.questions.push({
        text,
        marker,
        idempotencyKey: 'k',
        user_id: 'u',
        event_id: 'e',
        model: MAIN_MODEL,
        accepted,
      })
      const sessions = [{ session_id: 's', rounds, max_rounds: 10, active: 1 }]
      return checkStored({ rows, lastSeqByRoom: new Map([['e', lastSeq]]), sessions }, ledger)
    }
    t.same(checkRows([question, reply]), [])
    const failure = {
      content: 'no',
      finish_reason: 'error' as const,
      error: { code: 'llm_timeout' as const, retryable: true },
    }
    t.same(checkRows([question, { ...reply, message_type: 'error', message_from: 'system', content: failure }]), [])
    const wrongCases: Array<[RegExp, string[]]> = [
      [/not stored/, checkRows([reply], { rounds: 0 })],
      [/has 0 replies/, checkRows([question])],
      [/has 2 replies/, checkRows([question, reply, { ...reply, message_id: 'r2', position: 3, seq: 2 }])],
      [/stored 0 times/, checkRows([{ ...question, client_message_id: null }, reply])],
      [
        /stored 2 times/,
        checkRows([question, { ...question, message_id: 'q2', position: 4, seq: 2 }, reply], { lastSeq: 4, rounds: 2 }),
      ],
      [/stuck/, checkRows([question, { ...reply, message_type: 'thinking', unfinished: 1 }])],
      [
        /isn't what the model said/,
        checkRows([question, { ...reply, content: { content: 'another text', finish_reason: 'stop' } }]),
      ],
      [/error row that is not complete/, checkRows([question, { ...reply, message_type: 'error' }])],
      [/given twice/, checkRows([question, { ...reply, seq: 1 }])],
      [/does not directly follow its question/, checkRows([question, { ...reply, position: 3 }])],
      [/seq 3, last seq of the room 2/, checkRows([question, reply], { lastSeq: 2 })],
      [/2 rounds/, checkRows([question, reply], { rounds: 2 })],
    ]
    for (const [expected, violations] of wrongCases)
      t.ok(
        violations.some((violation) => expected.test(violation)),
        String(expected),
      )
  },
)

t.test('[CHAOS5] the check of the logs names each line with the marker of a question', async (t) => {
  t.equal(checkLogs([`asked ${text}`, 'all well']).length, 1)
})
