import t from 'tap'
import { estimateTokens } from '../src/models/estimate-tokens.ts'
import { commandOf } from '../src/prompting/command.ts'
import { cutMiddle } from '../src/prompting/cut-middle.ts'
import { withoutMention } from '../src/prompting/mention.ts'
import { visible } from '../src/prompting/visible-characters.ts'
import { plain } from '../src/rooms/export/escape-markdown.ts'
import { languageOf, repairText } from '../src/shared/text.ts'
import { spokenPieces } from '../src/voice/speech-parts.ts'
import { findSuperLinear, type TextRule } from '../testing/index.ts'

/** What reads the text of people, agents and models in this package, but for secrets, citations and answers, which have tests of their own. */
const RULES: Record<string, TextRule> = {
  visible,
  withoutMention,
  commandOf,
  estimateTokens,
  cutMiddle: (text) => cutMiddle({ text }, 1_000, String),
  plain,
  spokenPieces: (text) => spokenPieces(text, 600),
  languageOf,
  repairText,
}

for (const [name, rule] of Object.entries(RULES)) {
  t.test(`[LINEAR1] ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
