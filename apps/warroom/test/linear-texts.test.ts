import { findSuperLinear, type TextRule } from '@engineer-chat/chat/testing'
import { parsePlain, toSafeHref } from '@engineer-chat/markdown'
import t from 'tap'
import { parseAddressee } from '../src/text/addressee.ts'
import { cutExcerpt } from '../src/text/excerpt.ts'
import { toFieldRows } from '../src/text/files/field-rows.ts'
import { detectLanguage } from '../src/text/speech-text.ts'

const MAX_SEARCH_CHARACTERS = 200

/** Lists the page's functions that read texts of others. The Markdown lexer is tested in its own package. */
const RULES: Record<string, TextRule> = {
  parseAddressee,
  toSafeHref,
  detectLanguage,
  parsePlain,
  cutExcerpt: (text) => cutExcerpt(text, text.slice(0, MAX_SEARCH_CHARACTERS)),
  toFieldRows: (text) => toFieldRows([{ name: text, value: [...text] }]),
}

for (const [name, rule] of Object.entries(RULES)) {
  t.test(`[LINEAR1] ${name} takes linear time`, async (t) => t.same(findSuperLinear(rule), []))
}
