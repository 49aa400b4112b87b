import { anthropic, CHAT, CUT, DONE, event, JSON_TYPE, REFUSED, TEXT, UNAVAILABLE } from './build.ts'
import type { Right, StreamCase } from './case.ts'

const start = event({
  type: 'message_start',
  message: { model: 'claude', usage: { input_tokens: 9, output_tokens: 1 } },
})
const block = (content_block: object): string => event({ type: 'content_block_start', index: 0, content_block })
const delta = (fields: object): string => event({ type: 'content_block_delta', index: 0, delta: fields })
const words = (text: string): string => delta({ type: 'text_delta', text })
const stop = (stop_reason: unknown): string =>
  event({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 9 } }) +
  event({ type: 'message_stop' })
const message = { type: 'message', model: 'claude', content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn' }

const anthropicEnds = (word: unknown, right: Right): StreamCase =>
  anthropic(`stop_reason ${JSON.stringify(word)}`, [start, words(TEXT), stop(word)], right)

export const anthropicCases: StreamCase[] = [
  ...['end_turn', 'stop_sequence'].map((word) => anthropicEnds(word, { ...CHAT, finish_reason: 'stop' })),
  ...['max_tokens', 'model_context_window_exceeded'].map((word) =>
    anthropicEnds(word, { ...CHAT, finish_reason: 'length' }),
  ),
  ...[null, '', 'null', 'pause_turn'].map((word) => anthropicEnds(word, CUT)),
  ...['tool_use', 'something_new', 7].map((word) => anthropicEnds(word, UNAVAILABLE)),
  ...['refusal', 'sensitive'].map((word) => anthropicEnds(word, REFUSED)),
  anthropic('a tool', [start, block({ type: 'tool_use', name: 'f' }), stop('end_turn')], UNAVAILABLE),
  anthropic(
    'a block of an unknown kind',
    [start, block({ type: 'hologram' }), words(TEXT), stop('end_turn')],
    UNAVAILABLE,
  ),
  anthropic(
    'a delta of an unknown kind',
    [start, delta({ type: 'hologram_delta' }), words(TEXT), stop('end_turn')],
    UNAVAILABLE,
  ),
  anthropic('an event of an unknown kind', [start, event({ type: 'news' }), words(TEXT), stop('end_turn')], CHAT),
  anthropic(
    'a result of its own search',
    [start, block({ type: 'web_search_tool_result' }), words(TEXT), stop('end_turn')],
    CHAT,
  ),
  anthropic('thinking in tags', [start, words('<think>Hm.</thi'), words(`nk>${TEXT}`), stop('end_turn')], {
    ...CHAT,
    reasoning: 'Hm.',
  }),
  anthropic('a JSON answer', [JSON.stringify(message)], CHAT, JSON_TYPE),
  anthropic('words after the end', [start, words(TEXT), stop('end_turn'), words('AFTERDONE'), DONE], CHAT),
  anthropic('a stream that is cut', [start, words(TEXT), { cut: true }], CUT),
]
