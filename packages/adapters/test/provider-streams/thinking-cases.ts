import { CHAT, ended, failure, openai, said, TEXT } from './build.ts'
import type { Right, StreamCase } from './case.ts'

const thinks = (content: string, right: Partial<Right> & { content: string }, name = content): StreamCase =>
  openai(`thinking ${name}`, [...content].map(said).concat(ended()), { ...CHAT, ...right })
const thought = { content: TEXT, reasoning: 'Hm.' }

export const thinkingCases: StreamCase[] = [
  ...['think', 'thinking', 'thought', 'reasoning', 'seed:think', 'THINK'].map((tag) =>
    thinks(`<${tag}>Hm.</${tag}>\n${TEXT}`, thought),
  ),
  thinks(`<|begin_of_thought|>Hm.<|end_of_thought|>${TEXT}`, thought, 'tokens'),
  thinks(`[THINK]Hm.[/THINK]${TEXT}`, thought, 'brackets'),
  thinks(`◁think▷Hm.◁/think▷${TEXT}`, thought, 'triangles'),
  thinks(`Hm.</thinking>${TEXT}`, thought, 'a lone end'),
  thinks(`</think>\n\n${TEXT}`, { content: TEXT }, 'an end of nothing'),
  thinks(`One </think> two </think> ${TEXT}`, { content: TEXT, reasoning: 'One two ' }, 'two ends'),
  thinks('\n    curl x\n    wget y', { content: '    curl x\n    wget y' }, 'none, and code in the first line'),
  thinks('<think>Hm.</think>\n\n    curl x', { content: '    curl x', reasoning: 'Hm.' }, 'before code'),
  thinks('Write `</think>` here.', { content: 'Write `</think>` here.' }, 'an end in a span'),
  thinks('```\n</think>\n```', { content: '```\n</think>\n```' }, 'an end in a fence'),
  thinks('Use `<think>` and `</think>`.', { content: 'Use `<think>` and `</think>`.' }, 'a pair in spans'),
  thinks(`It’s \`odd. </think>\n\n${TEXT}`, { content: TEXT }, 'a backtick that opens nothing'),
  openai('thinking only, with a lone end', [said('Hm.</think>') + ended()], failure('llm_empty_answer', 2)),
  openai('thinking that the limit ends', [said('<think>Hm.') + ended('length')], failure('llm_empty_answer', 2)),
]
