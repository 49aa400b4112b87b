import {
  CHAT,
  CUT,
  createChunk,
  createEnd,
  createEvent,
  createFailure,
  createOpenAiCase,
  createTextChunk,
  DONE,
  REFUSED,
  TEXT,
  UNAVAILABLE,
} from './build.ts'
import type { ExpectedEnd, StreamCase } from './case.ts'

const createEndCase = (word: unknown, expected: ExpectedEnd): StreamCase =>
  createOpenAiCase(`finish_reason ${JSON.stringify(word)}`, [createTextChunk(TEXT), createEnd(word)], expected)

export const endCases: StreamCase[] = [
  ...['STOP', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'COMPLETE', 'completed', 'end', 'normal', ' stop '].map(
    (word) => createEndCase(word, { ...CHAT, finish_reason: 'stop' }),
  ),
  ...['length', 'MAX_TOKENS', 'model_length', 'model_context_window_exceeded', 'max-tokens'].map((word) =>
    createEndCase(word, { ...CHAT, finish_reason: 'length' }),
  ),
  ...['content_filter', 'content-filter', 'sensitive', 'refusal', 'SAFETY', 'guardrail_intervened'].map((word) =>
    createEndCase(word, REFUSED),
  ),
  ...['', '   ', 'null', 'None', 'pause_turn', 'abort', 'network_error'].map((word) => createEndCase(word, CUT)),
  ...['error', 'insufficient_system_resource', 'something_new', 0, { type: 'stop' }, 'tool_calls', 'function_call'].map(
    (word) => createEndCase(word, UNAVAILABLE),
  ),
  createEndCase('repetition', createFailure('llm_repeating', 2)),
  createOpenAiCase('the limit, then a stop', [createTextChunk(TEXT), createChunk({}, 'length'), createEnd('stop')], {
    ...CHAT,
    finish_reason: 'length',
  }),
  createOpenAiCase('an empty finish_reason, and no other one', [createChunk({ content: TEXT }, '') + DONE], CUT),
  createOpenAiCase('an end after [DONE]', [createTextChunk(TEXT) + DONE + createEnd('stop')], CUT),
  createOpenAiCase(
    'an error after [DONE]',
    [createTextChunk(TEXT) + createEnd() + createEvent({ error: { code: 500 } })],
    CHAT,
  ),
]

export const partCases: StreamCase[] = [
  createOpenAiCase(
    'parts in one list',
    [
      createTextChunk([
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: TEXT },
      ]) + createEnd(),
    ],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  createOpenAiCase(
    'a part that is not a list',
    [createTextChunk({ type: 'output_text', text: TEXT }) + createEnd()],
    CHAT,
  ),
  createOpenAiCase(
    'a reference beside the text',
    [createTextChunk([{ type: 'reference', reference_ids: [1] }, { text: TEXT }]) + createEnd()],
    CHAT,
  ),
  createOpenAiCase(
    'a picture',
    [createTextChunk([{ type: 'image_url', image_url: { url: 'x' } }]) + createEnd()],
    UNAVAILABLE,
  ),
  createOpenAiCase('a number', [createTextChunk(7) + createEnd()], UNAVAILABLE),
  createOpenAiCase('lists in lists', [createTextChunk([[[[[[[TEXT]]]]]]]) + createEnd()], UNAVAILABLE),
  createOpenAiCase(
    'reasoning as a list',
    [createChunk({ reasoning: [{ type: 'text', text: 'Hm.' }], content: null }) + createTextChunk(TEXT) + createEnd()],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  createOpenAiCase(
    'the same thinking in two fields',
    [createChunk({ reasoning: 'Hm.', reasoning_content: 'Hm.' }) + createTextChunk(TEXT) + createEnd()],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  createOpenAiCase(
    'a refusal in deltas',
    [createChunk({ refusal: 'I can' }) + createChunk({ refusal: 'not.' }) + createEnd()],
    REFUSED,
  ),
  createOpenAiCase(
    'a refusal as a part',
    [createTextChunk([{ type: 'refusal', refusal: 'No.' }]) + createEnd()],
    REFUSED,
  ),
  createOpenAiCase(
    'a function call in the older field',
    [createChunk({ function_call: { name: 'f', arguments: '' } }) + createEnd()],
    UNAVAILABLE,
  ),
  createOpenAiCase(
    'text, then a tool call',
    [createTextChunk(TEXT) + createChunk({ tool_calls: [{ function: { name: 'f' } }] }) + createEnd()],
    UNAVAILABLE,
  ),
  createOpenAiCase(
    'empty fields for tool calls',
    [createChunk({ content: TEXT, tool_calls: [], function_call: null, refusal: null }) + createEnd()],
    CHAT,
  ),
  createOpenAiCase(
    'a second choice',
    [createEvent({ choices: [{ index: 1, delta: { content: 'OTHER' } }] }) + createTextChunk(TEXT) + createEnd()],
    CHAT,
  ),
  createOpenAiCase(
    'a message as the only event',
    [createEvent({ choices: [{ message: { content: TEXT }, finish_reason: 'stop' }] })],
    CHAT,
  ),
  createOpenAiCase(
    'the whole message again at the end',
    [createTextChunk(TEXT) + createEvent({ choices: [{ message: { content: TEXT }, finish_reason: 'stop' }] }) + DONE],
    CHAT,
  ),
]

const heartbeats =
  'data:\n\n: ping\n\nevent: ping\ndata: {"a":1}\n\ndata: ping\n\ndata: [HEARTBEAT]\n\ndata: "keep-alive"\n\ndata: {}\n\n'

export const frameCases: StreamCase[] = [
  createOpenAiCase(
    'heartbeats of every kind',
    [heartbeats, createTextChunk('Isolate '), heartbeats, createTextChunk('web-3.'), heartbeats, createEnd()],
    CHAT,
  ),
  createOpenAiCase(
    'half a chunk',
    [createTextChunk('Isolate '), 'data: {"choices":[{"del\n\n', createTextChunk('web-3.'), createEnd()],
    CUT,
  ),
  createOpenAiCase(
    'a word that is not a heartbeat',
    [createTextChunk('Isolate '), createEvent('web-3.'), createEnd()],
    CUT,
  ),
  createOpenAiCase(
    'CR, CRLF and LF',
    [
      createTextChunk('Isolate ').replaceAll('\n', '\r'),
      createTextChunk('web-3.').replaceAll('\n', '\r\n'),
      createEnd(),
    ],
    CHAT,
  ),
  createOpenAiCase('no blank line at the end', [createTextChunk(TEXT), createChunk({}, 'stop').trimEnd()], CHAT),
  createOpenAiCase(
    'a list of chunks in one event',
    [`data: [${createTextChunk(TEXT).slice(6).trim()}]\n\n`, createEnd()],
    CHAT,
  ),
  createOpenAiCase('blank lines first', ['\n\n\r\n', createTextChunk(TEXT), createEnd()], CHAT),
]
