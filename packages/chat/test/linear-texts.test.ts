import t from 'tap'
import { commandOf } from '../src/context/command.ts'
import { cutMiddle } from '../src/context/cut.ts'
import { withoutMention } from '../src/context/mention.ts'
import { estimateTokens } from '../src/context/tokens.ts'
import { visible } from '../src/context/visible.ts'
import { plain } from '../src/export/inert.ts'
import { spokenPieces } from '../src/spoken-pieces.ts'
import { languageOf, repairText } from '../src/text.ts'
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
