import { readFileSync } from 'node:fs'
import t from 'tap'
import { FINISH_REASONS, STOP_REASONS } from '../../src/llm/ends.ts'

const document = readFileSync(new URL('../../../../docs/models.md', import.meta.url), 'utf8')
const listWords = (cell = ''): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, word]) => word ?? '')
const MEANINGS = ['not_ended', 'stop', 'length', 'refusal', 'tool_calls', 'cut', 'repeating', 'failure'] as const

t.test('[LLM6] docs/models.md lists each word by which an answer may end, and no other', async (t) => {
  const table = document.slice(document.indexOf('**How an answer may end.**'), document.indexOf('**Thinking** belongs'))
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split(' | '))
  t.equal(rows.length, MEANINGS.length)
  for (const [index, meaning] of MEANINGS.entries()) {
    t.same(
      listWords(rows[index]?.[1]),
      FINISH_REASONS[meaning].filter((word) => word !== ''),
      `finish_reason: ${meaning}`,
    )
    t.same(
      listWords(rows[index]?.[2]),
      STOP_REASONS[meaning].filter((word) => word !== ''),
      `stop_reason: ${meaning}`,
    )
  }
})
