import { findSuperLinear, type TextRule } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import { extractIndicators } from '../src/llm/offline/indicators/extract-indicators.ts'
import { cutText, quoteText, toPlainText, toShortLine } from '../src/llm/offline/markdown.ts'
import { splitSentences } from '../src/llm/offline/sentences.ts'
import { composeAnswer, EVENT } from './llm/llm-request.ts'

/** Lists the functions by which the offline analyst reads a record and a question. */
const RULES: Record<string, TextRule> = {
  extractIndicators,
  splitSentences: (text) => splitSentences('report', text),
  toPlainText,
  quoteText,
  cutText: (text) => cutText(text, 900),
  toShortLine,
  composeAnswer: (text) => composeAnswer('which IPs, and when?', { event: { ...EVENT, message: text } }),
  composePostmortem: (text) => composeAnswer('/postmortem', { event: { ...EVENT, message: text } }),
}

for (const [name, rule] of Object.entries(RULES)) {
  test(`[LINEAR1] the offline analyst: ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
