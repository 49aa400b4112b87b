import { visibleText } from '@engineer-chat/markdown'
import { test } from 'tap'
import { outsideCode } from '../src/review/code.ts'
import { filterAnswer } from '../src/review/filter.ts'
import { isMisleading } from '../src/review/links.ts'
import { liveFilter } from '../src/review/live-filter.ts'
import { findSuperLinear, type TextRule } from '../testing/index.ts'

const context = { record: 'evil.example', secrets: ['hunter2-hunter2'], mark: 'DATA-00' }

test('[MARKDOWN3] any text is read in linear time', async (t) => {
  t.same(findSuperLinear(visibleText), [])
})

const RULES: Record<string, TextRule> = {
  filter: (text) => filterAnswer(text, context),
  'code and prose': (text) => outsideCode(text, (prose) => prose),
  'misleading links': (text) => isMisleading(text, 'https://a.example/'),
  'while it is written': (text) => liveFilter().push(text),
}
for (const [name, rule] of Object.entries(RULES)) {
  test(`[FILTER7] hostile text does not hold it up: ${name}`, async (t) => t.same(findSuperLinear(rule), []))
}
