import { findSelectedText } from '@engineer-chat/markdown'
import t from 'tap'
import { summarizeHistory } from '../src/asking/carry-over-summary.ts'
import { estimateTokens } from '../src/models/estimate-tokens.ts'
import { parseCommand } from '../src/prompting/command.ts'
import { cutMiddle } from '../src/prompting/cut-middle.ts'
import { createFenceMarker } from '../src/prompting/fence.ts'
import { fitPrompt } from '../src/prompting/fit-prompt.ts'
import { removeAiMention } from '../src/prompting/question-text.ts'
import { removeInvisible } from '../src/prompting/visible-characters.ts'
import { escapeToOneLine, quoteMarkdown } from '../src/rooms/export/escape-markdown.ts'
import { detectLanguage, repairText } from '../src/shared/text.ts'
import { splitSpeech } from '../src/voice/speech-parts.ts'
import { findSuperLinear, type TextRule } from '../testing/index.ts'

/**
 * Lists the functions of this package that read texts of people, agents and models. Secrets, citations and answers have
 * their own tests.
 */
const RULES: Record<string, TextRule> = {
  removeInvisible,
  removeAiMention,
  parseCommand,
  estimateTokens,
  cutMiddle: (text) => cutMiddle({ text }, 1_000, String),
  createFenceMarker: (text) => createFenceMarker([text]),
  fitPrompt: (text) =>
    fitPrompt(
      {
        sources: [{ id: 'ev1', kind: 'event', label: 'event', text }],
        history: [{ question: text, answer: text }],
        question: text,
      },
      { maxTokens: 4_000, maxPrioritizedTokens: 8_192 },
      {
        writeSystem: (sources) => sources.map((source) => source.text).join('\n'),
        writeQuote: ({ text: quoted }) => quoted,
        writeCutNote: String,
      },
    ),
  summarizeHistory: (text) =>
    summarizeHistory({ event: { tlp: 'amber' }, history: [{ question: text, answer: text }] }),
  escapeToOneLine,
  quoteMarkdown,
  splitSpeech: (text) => splitSpeech(text, 600),
  detectLanguage,
  findSelectedText: (text) => findSelectedText([text], `${text.slice(0, 1_000)}!`),
  repairText,
}

for (const [name, rule] of Object.entries(RULES)) {
  t.test(`[LINEAR1] ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
