import { CHAT, CUT, createAnthropicCase, createEvent, DONE, JSON_TYPE, REFUSED, TEXT, UNAVAILABLE } from './build.ts'
import type { ExpectedEnd, StreamCase } from './case.ts'

const start = createEvent({
  type: 'message_start',
  message: { model: 'claude', usage: { input_tokens: 9, output_tokens: 1 } },
})
const createBlock = (content_block: object): string =>
  createEvent({ type: 'content_block_start', index: 0, content_block })
const createDelta = (fields: object): string => createEvent({ type: 'content_block_delta', index: 0, delta: fields })
const createTextDelta = (text: string): string => createDelta({ type: 'text_delta', text })
const createStop = (stop_reason: unknown): string =>
  createEvent({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 9 } }) +
  createEvent({ type: 'message_stop' })
const message = { type: 'message', model: 'claude', content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn' }

const createEndCase = (word: unknown, expected: ExpectedEnd): StreamCase =>
  createAnthropicCase(`stop_reason ${JSON.stringify(word)}`, [start, createTextDelta(TEXT), createStop(word)], expected)

export const anthropicCases: StreamCase[] = [
  ...['end_turn', 'stop_sequence'].map((word) => createEndCase(word, { ...CHAT, finish_reason: 'stop' })),
  ...['max_tokens', 'model_context_window_exceeded'].map((word) =>
    createEndCase(word, { ...CHAT, finish_reason: 'length' }),
  ),
  ...[null, '', 'null', 'pause_turn'].map((word) => createEndCase(word, CUT)),
  ...['tool_use', 'something_new', 7].map((word) => createEndCase(word, UNAVAILABLE)),
  ...['refusal', 'sensitive'].map((word) => createEndCase(word, REFUSED)),
  createAnthropicCase(
    'a tool',
    [start, createBlock({ type: 'tool_use', name: 'f' }), createStop('end_turn')],
    UNAVAILABLE,
  ),
  createAnthropicCase(
    'a block of an unknown kind',
    [start, createBlock({ type: 'hologram' }), createTextDelta(TEXT), createStop('end_turn')],
    UNAVAILABLE,
  ),
  createAnthropicCase(
    'a delta of an unknown kind',
    [start, createDelta({ type: 'hologram_delta' }), createTextDelta(TEXT), createStop('end_turn')],
    UNAVAILABLE,
  ),
  createAnthropicCase(
    'an event of an unknown kind',
    [start, createEvent({ type: 'news' }), createTextDelta(TEXT), createStop('end_turn')],
    CHAT,
  ),
  createAnthropicCase(
    'a result of the model’s search',
    [start, createBlock({ type: 'web_search_tool_result' }), createTextDelta(TEXT), createStop('end_turn')],
    CHAT,
  ),
  createAnthropicCase(
    'thinking in tags',
    [start, createTextDelta('<think>Hm.</thi'), createTextDelta(`nk>${TEXT}`), createStop('end_turn')],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  createAnthropicCase('a JSON answer', [JSON.stringify(message)], CHAT, JSON_TYPE),
  createAnthropicCase(
    'words after the end',
    [start, createTextDelta(TEXT), createStop('end_turn'), createTextDelta('AFTERDONE'), DONE],
    CHAT,
  ),
  createAnthropicCase('a stream that is cut', [start, createTextDelta(TEXT), { cut: true }], CUT),
]
