import { CHAT, createEnd, createFailure, createOpenAiCase, createTextChunk, TEXT } from './build.ts'
import type { ExpectedEnd, StreamCase } from './case.ts'

const createThinkingCase = (
  content: string,
  expected: Partial<ExpectedEnd> & { content: string },
  name = content,
): StreamCase =>
  createOpenAiCase(`thinking ${name}`, [...content].map(createTextChunk).concat(createEnd()), { ...CHAT, ...expected })
const thought = { content: TEXT, reasoning: 'Hm.' }

export const thinkingCases: StreamCase[] = [
  ...['think', 'thinking', 'thought', 'reasoning', 'seed:think', 'THINK'].map((tag) =>
    createThinkingCase(`<${tag}>Hm.</${tag}>\n${TEXT}`, thought),
  ),
  createThinkingCase(`<|begin_of_thought|>Hm.<|end_of_thought|>${TEXT}`, thought, 'tokens'),
  createThinkingCase(`[THINK]Hm.[/THINK]${TEXT}`, thought, 'brackets'),
  createThinkingCase(`◁think▷Hm.◁/think▷${TEXT}`, thought, 'triangles'),
  createThinkingCase(`Hm.</thinking>${TEXT}`, thought, 'only an end'),
  createThinkingCase(`</think>\n\n${TEXT}`, { content: TEXT }, 'an end without a beginning'),
  createThinkingCase(`One </think> two </think> ${TEXT}`, { content: TEXT, reasoning: 'One two ' }, 'two ends'),
  createThinkingCase(
    '\n    curl x\n    wget y',
    { content: '    curl x\n    wget y' },
    'no thinking, and code in the first line',
  ),
  createThinkingCase('<think>Hm.</think>\n\n    curl x', { content: '    curl x', reasoning: 'Hm.' }, 'before code'),
  createThinkingCase('Write `</think>` here.', { content: 'Write `</think>` here.' }, 'an end in a span'),
  createThinkingCase('```\n</think>\n```', { content: '```\n</think>\n```' }, 'an end in a fence'),
  createThinkingCase('Use `<think>` and `</think>`.', { content: 'Use `<think>` and `</think>`.' }, 'a pair in spans'),
  createThinkingCase(`It’s \`odd. </think>\n\n${TEXT}`, { content: TEXT }, 'a backtick that opens nothing'),
  createOpenAiCase(
    'thinking only, with only an end',
    [createTextChunk('Hm.</think>') + createEnd()],
    createFailure('llm_empty_answer', 2),
  ),
  createOpenAiCase(
    'thinking that the limit ends',
    [createTextChunk('<think>Hm.') + createEnd('length')],
    createFailure('llm_empty_answer', 2),
  ),
]
