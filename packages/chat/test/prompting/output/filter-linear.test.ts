import { defang, escapeMarkdownLines, refang, toVisibleText } from '@engineer-chat/markdown'
import t from 'tap'
import { transformOutsideCode } from '../../../src/prompting/output/code.ts'
import { filterAnswer } from '../../../src/prompting/output/filter-answer.ts'
import { toSearchedText } from '../../../src/prompting/output/hosts.ts'
import { isMisleading, LinkDisplay } from '../../../src/prompting/output/links.ts'
import { listAddressRuns, listPlainAddresses } from '../../../src/prompting/output/prose.ts'
import { createStreamFilter } from '../../../src/prompting/output/stream-filter.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { createSeededRandom, type TextRule } from '../../../testing/index.ts'

t.setTimeout(300_000)

const SHORT_LENGTH = 12_500
const TIMES_LONGER = 4
const LONG_LENGTH = SHORT_LENGTH * TIMES_LONGER
const HUGE_LENGTH = 200_000
const PAIR_COUNT = 120
/** The text is four times as long: linear work gives 4 and quadratic work gives 16. */
const MAX_RATIO = 11
/** A time below this is noise of the clock. */
const FLOOR_MS = 60
const ATTEMPTS = 4

const context = { sourcesText: 'evil.example', secrets: ['hunter2-hunter2'], fenceMarker: 'DATA-00' }

t.test('[MARKDOWN3] any text is read in linear time', async (t) => {
  t.same(listSlowUnits(toVisibleText), [])
  for (const unit of ['[', '*_', '`a', '> ', '[a](', '![', ' ', '\\', '**中']) {
    toVisibleText(unit.repeat(HUGE_LENGTH / unit.length))
  }
})

function filterStream(pieces: string[]): string {
  const filter = createStreamFilter()
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end()
}

const RULES: Record<string, TextRule> = {
  filter: (text) => filterAnswer(text, context),
  'addresses in reasoning': listPlainAddresses,
  'code and prose': (text) => transformOutsideCode(text, (prose) => prose),
  'misleading links': (text) => isMisleading(text, 'https://a.example/'),
  'while it is written': (text) => filterStream([text]),
  'while it is written, in small pieces': (text) => filterStream(text.match(/[\s\S]{1,5}/g) ?? []),
  'hosts in the sources': toSearchedText,
  'runs of addresses': listAddressRuns,
  'links with secrets': (text) => new LinkDisplay(context).toDisplayed(text),
  'addresses followed by secrets': (text) => new LinkDisplay(context).listDisplayedAddresses(text),
  defang,
  refang,
  'escaped lines': escapeMarkdownLines,
}
for (const [name, rule] of Object.entries(RULES)) {
  t.test(`[FILTER7] hostile text is read in linear time: ${name}`, async (t) => t.same(listSlowUnits(rule), []))
}

t.test('[FILTER7] many addresses with only Chinese text between them are read in linear time', async (t) => {
  t.equal(isSlow(listPlainAddresses, 'www.1中', LONG_LENGTH), false)
})

t.test(
  '[FILTER7] the times for many addresses, long event texts and many secrets add up, and do not multiply',
  async (t) => {
    const measureMs = (count: number): number => {
      const hosts = Array.from({ length: count }, (_, index) => `h${index}.evil.example`)
      const text = hosts.map((host) => `http://${host}/?x=1`).join(' ')
      const sourcesText = hosts.map((host) => `${'x'.repeat(200)} ${host} `).join('\n')
      const secrets = hosts.map((_, index) => `Tr0ub4dor-${index}!`)
      const before = process.threadCpuUsage()
      const { findings } = filterAnswer(text, { sourcesText, secrets, fenceMarker: '' })
      const { user, system } = process.threadCpuUsage(before)
      t.match(findings, [{ kind: 'indicator_link', count }])
      return (user + system) / 1_000
    }
    const attempts = Array.from(
      { length: ATTEMPTS },
      () => [measureMs(1_000), measureMs(1_000 * TIMES_LONGER)] as const,
    )
    const fewMs = Math.min(...attempts.map(([few]) => few))
    const manyMs = Math.min(...attempts.map(([, many]) => many))
    t.ok(manyMs / fewMs < MAX_RATIO, `${fewMs} ms for 1,000 addresses, ${manyMs} ms for ${TIMES_LONGER},000`)
  },
)

t.test('[FILTER7] the search for slow rules finds a rule that is slow on purpose', async (t) => {
  const slowRule: TextRule = (text) => text.slice(0, text.length / 3).replace(/[ \n]+x/g, '')
  t.ok(listSlowUnits(slowRule).length > 0)
})

/**
 * Finds a unit, alone or in a seeded pair, that takes more than linear time at both lengths. A rule that stops at a
 * limit may look slow at one length.
 */
function listSlowUnits(rule: TextRule): string[] {
  const random = createSeededRandom(21)
  const pairs = Array.from({ length: PAIR_COUNT }, () => random.pick(hostileUnits) + random.pick(hostileUnits))
  const slow = [...hostileUnits, ...pairs].find(
    (unit) => isSlow(rule, unit, SHORT_LENGTH) && isSlow(rule, unit, LONG_LENGTH),
  )
  return slow === undefined ? [] : [slow]
}

function isSlow(rule: TextRule, unit: string, length: number): boolean {
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // The minimum leaves out the attempt in which garbage was collected.
    longMs = Math.min(longMs, measureCpuMs(rule, unit, length * TIMES_LONGER))
    if (longMs < FLOOR_MS) return false
    shortMs = Math.min(shortMs, measureCpuMs(rule, unit, length))
    if (attempt > 0 && longMs / shortMs < MAX_RATIO) return false
  }
  return true
}

function measureCpuMs(rule: TextRule, unit: string, length: number): number {
  const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
  const before = process.threadCpuUsage()
  rule(text)
  const { user, system } = process.threadCpuUsage(before)
  return Math.max(0.5, (user + system) / 1_000)
}
