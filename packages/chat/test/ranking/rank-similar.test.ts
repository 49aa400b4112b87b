import t from 'tap'
import { rankSimilar, type SimilarEventRecord } from '../../src/ranking/index.ts'

const MAX_EXCERPT_CODE_UNITS = 240

const createEvent = (message: string): SimilarEventRecord => ({
  event_id: 'e1',
  event_name: 'Loader',
  severity: 'high',
  tlp: 'amber',
  message,
  created_at: '2026-01-31T00:00:00.000Z',
  event_summary: null,
})

const readExcerpt = (message: string): string | undefined =>
  rankSimilar(
    { sharedIndicators: [], similarTexts: [{ event_id: 'e1', relevance: 1 }], events: [createEvent(message)] },
    1,
  )[0]?.excerpt

t.test('[SIMILAR1] an excerpt joins the lines of a text and marks what it leaves out', async (t) => {
  t.equal(readExcerpt('one\n\n  two'), 'one two')
  t.equal(readExcerpt(`one${' '.repeat(2 * MAX_EXCERPT_CODE_UNITS)}two`), 'one two')
  t.equal(readExcerpt('a'.repeat(MAX_EXCERPT_CODE_UNITS)), 'a'.repeat(MAX_EXCERPT_CODE_UNITS))
  t.equal(readExcerpt('a'.repeat(MAX_EXCERPT_CODE_UNITS + 1)), `${'a'.repeat(MAX_EXCERPT_CODE_UNITS)}…`)
  t.equal(readExcerpt(`${'a'.repeat(MAX_EXCERPT_CODE_UNITS - 1)}🦙`)?.isWellFormed(), true)
})
