import { CHAT, CUT, chunk, DONE, ended, event, failure, openai, REFUSED, said, TEXT, UNAVAILABLE } from './build.ts'
import type { Right, StreamCase } from './case.ts'

const ends = (word: unknown, right: Right): StreamCase =>
  openai(`finish_reason ${JSON.stringify(word)}`, [said(TEXT), ended(word)], right)

export const endCases: StreamCase[] = [
  ...['STOP', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'COMPLETE', 'completed', 'end', 'normal', ' stop '].map(
    (word) => ends(word, { ...CHAT, finish_reason: 'stop' }),
  ),
  ...['length', 'MAX_TOKENS', 'model_length', 'model_context_window_exceeded', 'max-tokens'].map((word) =>
    ends(word, { ...CHAT, finish_reason: 'length' }),
  ),
  ...['content_filter', 'content-filter', 'sensitive', 'refusal', 'SAFETY', 'guardrail_intervened'].map((word) =>
    ends(word, REFUSED),
  ),
  ...['', '   ', 'null', 'None', 'pause_turn', 'abort', 'network_error'].map((word) => ends(word, CUT)),
  ...['error', 'insufficient_system_resource', 'something_new', 0, { type: 'stop' }, 'tool_calls', 'function_call'].map(
    (word) => ends(word, UNAVAILABLE),
  ),
  ends('repetition', failure('llm_repeating', 2)),
  openai('the limit, then a stop', [said(TEXT), chunk({}, 'length'), ended('stop')], {
    ...CHAT,
    finish_reason: 'length',
  }),
  openai('blank ends in each chunk, then none', [chunk({ content: TEXT }, '') + DONE], CUT),
  openai('an end after [DONE]', [said(TEXT) + DONE + ended('stop')], CUT),
  openai('an error after [DONE]', [said(TEXT) + ended() + event({ error: { code: 500 } })], CHAT),
]

export const partCases: StreamCase[] = [
  openai(
    'parts in one list',
    [
      said([
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: TEXT },
      ]) + ended(),
    ],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  openai('a part that is no list', [said({ type: 'output_text', text: TEXT }) + ended()], CHAT),
  openai(
    'a reference beside the text',
    [said([{ type: 'reference', reference_ids: [1] }, { text: TEXT }]) + ended()],
    CHAT,
  ),
  openai('a picture', [said([{ type: 'image_url', image_url: { url: 'x' } }]) + ended()], UNAVAILABLE),
  openai('a number', [said(7) + ended()], UNAVAILABLE),
  openai('lists in lists', [said([[[[[[[TEXT]]]]]]]) + ended()], UNAVAILABLE),
  openai(
    'reasoning as a list',
    [chunk({ reasoning: [{ type: 'text', text: 'Hm.' }], content: null }) + said(TEXT) + ended()],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  openai(
    'the same thinking in two fields',
    [chunk({ reasoning: 'Hm.', reasoning_content: 'Hm.' }) + said(TEXT) + ended()],
    {
      ...CHAT,
      reasoning: 'Hm.',
    },
  ),
  openai('a refusal in deltas', [chunk({ refusal: 'I can' }) + chunk({ refusal: 'not.' }) + ended()], REFUSED),
  openai('a refusal as a part', [said([{ type: 'refusal', refusal: 'No.' }]) + ended()], REFUSED),
  openai('an old function call', [chunk({ function_call: { name: 'f', arguments: '' } }) + ended()], UNAVAILABLE),
  openai(
    'text, then a tool call',
    [said(TEXT) + chunk({ tool_calls: [{ function: { name: 'f' } }] }) + ended()],
    UNAVAILABLE,
  ),
  openai(
    'no tool calls, in each chunk',
    [chunk({ content: TEXT, tool_calls: [], function_call: null, refusal: null }) + ended()],
    CHAT,
  ),
  openai(
    'a second choice',
    [event({ choices: [{ index: 1, delta: { content: 'OTHER' } }] }) + said(TEXT) + ended()],
    CHAT,
  ),
  openai(
    'a message as the only event',
    [event({ choices: [{ message: { content: TEXT }, finish_reason: 'stop' }] })],
    CHAT,
  ),
  openai(
    'the whole message again at the end',
    [said(TEXT) + event({ choices: [{ message: { content: TEXT }, finish_reason: 'stop' }] }) + DONE],
    CHAT,
  ),
]

const between =
  'data:\n\n: ping\n\nevent: ping\ndata: {"a":1}\n\ndata: ping\n\ndata: [HEARTBEAT]\n\ndata: "keep-alive"\n\ndata: {}\n\n'

export const frameCases: StreamCase[] = [
  openai('heartbeats of every kind', [between, said('Isolate '), between, said('web-3.'), between, ended()], CHAT),
  openai('half a chunk', [said('Isolate '), 'data: {"choices":[{"del\n\n', said('web-3.'), ended()], CUT),
  openai('a word that is no heartbeat', [said('Isolate '), event('web-3.'), ended()], CUT),
  openai(
    'CR, CRLF and LF',
    [said('Isolate ').replaceAll('\n', '\r'), said('web-3.').replaceAll('\n', '\r\n'), ended()],
    CHAT,
  ),
  openai('no blank line at the end', [said(TEXT), chunk({}, 'stop').trimEnd()], CHAT),
  openai('a list of chunks in one event', [`data: [${said(TEXT).slice(6).trim()}]\n\n`, ended()], CHAT),
  openai('blank lines first', ['\n\n\r\n', said(TEXT), ended()], CHAT),
]
