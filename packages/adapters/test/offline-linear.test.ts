import { findSuperLinear, type TextRule } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import { extractIndicators } from '../src/llm/offline/indicators.ts'
import { cutText, quoteText, toPlainText } from '../src/llm/offline/markdown.ts'
import { splitSentences } from '../src/llm/offline/sentences.ts'

/** Measures how long the offline analyst reads a record and a question. */
const RULES: Record<string, TextRule> = {
  extractIndicators,
  sentencesOf: (text) => splitSentences('report', text),
  plain: toPlainText,
  quote: quoteText,
  cut: (text) => cutText(text, 900),
}

for (const [name, rule] of Object.entries(RULES)) {
  test(`[LINEAR1] the offline analyst: ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
