import { readFileSync } from 'node:fs'
import { listCodeRanges, listTextBlocks, parseMarkdown, toVisibleText } from '@engineer-chat/markdown'
import { Marked } from 'marked'
import { test } from 'tap'
import { transformOutsideCode } from '../../../src/prompting/output/code.ts'
import { filterAnswer } from '../../../src/prompting/output/filter-answer.ts'
import { LinkDisplay } from '../../../src/prompting/output/links.ts'
import { createStreamFilter } from '../../../src/prompting/output/stream-filter.ts'
import { createVisibleOptions } from '../../../src/prompting/output/text-block-edits.ts'
import { createSeededRandom } from '../../../testing/index.ts'
import { createHostileAnswer, createSampleAnswer } from './markdown-samples.ts'

const context = { sourcesText: 'beacon to evil.example and 203.0.113.7', secrets: [], fenceMarker: '' }
const filterText = (text: string): string => filterAnswer(text, context).text
/** Returns the text that a reader should see: addresses are written out, the rest is unchanged. */
const toExpectedText = (text: string): string => toVisibleText(text, createVisibleOptions(new LinkDisplay(context)))

const trimLines = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/gm, '')

const random = createSeededRandom(1311)
const SAMPLES = Array.from({ length: 1_500 }, () => createSampleAnswer(random))

/** Lists texts in which a later line decides what is code. */
const STREAMED = [
  'a `b\n<img src=u>` c',
  'a `b\n\n<img src=u>` c',
  '- a\n\n      <img src=u>\n  ```\n  ![x](u)\n',
  '> ```\n> <img>\n<img>\n',
  '| `<img> | b` |\n|---|---|\n| `![x](u)` | ![y](u) |\n',
  '~~~\r\n<img>\r\n~~~\r<img>\r```\r![\r\n',
  '# `<img>` <img>\n    <script>\n\n    <script>\n',
]

const filterStream = (pieces: string[]): string => {
  const filter = createStreamFilter()
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end()
}

interface AnswerCase {
  name: string
  model_writes: string
  stored_must_hold: string[]
  compare?: 'visible text'
}
const CASES: AnswerCase[] = JSON.parse(readFileSync(new URL('./answers.json', import.meta.url), 'utf8'))

test('[FILTER4] a stored answer shows what the model wrote', async (t) => {
  for (const text of [...SAMPLES, ...CASES.map(({ model_writes }) => model_writes)]) {
    const stored = filterText(text)
    const [visible, expected] = [trimLines(toVisibleText(stored)), trimLines(toExpectedText(text))]
    if (visible !== expected) t.equal(visible, expected, JSON.stringify(text))
    if (filterText(stored) !== stored) t.equal(filterText(stored), stored, `again: ${JSON.stringify(text)}`)
  }
  t.equal(SAMPLES.length, 1_500)
})

test('[FILTER4] a text of broken markup shows what it said, and holds no link', async (t) => {
  const hostileRandom = createSeededRandom(1107)
  /** Undoes defanging: two addresses that a link's marks separated may become one, which is defanged as a whole. */
  const refangText = (text: string): string => trimLines(text).replace(/hxxp/g, 'http').replaceAll('[.]', '.')
  const knownTexts = [
    'a&#10;b [w](http://evil.example)',
    '\\\\&#32;_[ &#13;\\[w](http://evil.example))',
    '|[&#9;\\[w](javascript:x)www.',
  ]
  for (const text of [...knownTexts, ...Array.from({ length: 10_000 }, () => createHostileAnswer(hostileRandom))]) {
    const stored = filterText(text)
    const [visible, expected] = [refangText(toVisibleText(stored)), refangText(toExpectedText(text))]
    if (visible !== expected) t.equal(visible, expected, JSON.stringify(text))
    if (filterText(stored) !== stored) t.equal(filterText(stored), stored, `again: ${JSON.stringify(text)}`)
    const hasLink = /"type":"(?:link|image|autolink)"/.test(JSON.stringify(listTextBlocks(parseMarkdown(stored))))
    if (hasLink) t.fail(`${JSON.stringify(text)} keeps a link: ${stored}`)
  }
  t.equal(toVisibleText(filterText('a&#10;b [w](http://evil.example)')), 'a\nb w (hxxp://evil[.]example)')
})

test('[FILTER4] code stays byte for byte, in lists and quotes too', async (t) => {
  let codeCount = 0
  for (const text of SAMPLES) {
    const stored = filterText(text)
    let searchFrom = 0
    for (const { start, end } of listCodeRanges(parseMarkdown(text))) {
      const code = text.slice(start, end)
      const position = stored.indexOf(code, searchFrom)
      if (position < 0) t.fail(`${JSON.stringify(code)} in ${JSON.stringify(text)}`)
      searchFrom = position + code.length
      codeCount += 1
    }
  }
  t.ok(codeCount > 500, `${codeCount} parts of code`)
})

test('[FILTER4] each known answer is stored with every text that it must hold', async (t) => {
  for (const { name, model_writes, stored_must_hold, compare } of CASES) {
    const stored = compare ? toVisibleText(filterText(model_writes)) : filterText(model_writes)
    for (const expected of stored_must_hold) t.ok(stored.includes(expected), `${name}: ${expected} in ${stored}`)
  }
  t.ok(CASES.length >= 12)
})

test('[FILTER7] while an answer is written, its code stays byte for byte, at every split, and no backslash is shown', async (t) => {
  const LOADING_TAG = /<(?=\/?(?:img|image|iframe|object|embed|link|script|style|svg|input|form|meta|base)(?![a-z]))/gi
  let [brokenUpCount, inCodeCount] = [0, 0]
  for (const text of [...SAMPLES, ...CASES.map(({ model_writes }) => model_writes), ...STREAMED]) {
    const expected = transformOutsideCode(text, (prose) =>
      prose.replace(LOADING_TAG, '&lt;').replaceAll('![', '!&#91;'),
    )
    for (const size of [1, 2, 3, 7, 40, text.length]) {
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${Math.max(1, size)}}`, 'g')) ?? []
      const shown = filterStream(pieces)
      if (shown !== expected) t.equal(shown, expected, `${size}: ${JSON.stringify(text)}`)
    }
    if (expected !== text) brokenUpCount += 1
    if (/!\[/.test(expected) || expected.replace(LOADING_TAG, '') !== expected) inCodeCount += 1
  }
  t.ok(
    brokenUpCount > 100 && inCodeCount > 20,
    `${brokenUpCount} texts had something to break up, ${inCodeCount} had it in code`,
  )
})

test('[FILTER7] text is shown immediately, unless a later line decides whether it is code', async (t) => {
  const shown = (text: string) => {
    const filter = createStreamFilter()
    return [...text].map((piece) => filter.push(piece)).join('')
  }
  t.equal(shown('```html\n<img src=a>\n<script>x</script>\n'), '```html\n<img src=a>\n<script>x</script>\n')
  t.equal(shown('Look ![x](u) and <img src=u> '), 'Look !&#91;x](u) and &lt;img src=u> ')
  t.equal(shown('Run `a <img> '), 'Run `a ', 'nobody knows yet whether it is code')
  t.equal(shown('Run `a <img> b` '), 'Run `a ', 'nobody knows it before the paragraph ends')
  t.equal(shown('Run `a <img> b`\n\n'), 'Run `a <img> b`\n\n')
  t.equal(shown('Run `a <img> b\n\n'), 'Run `a &lt;img> b\n\n')
})

test('[FILTER1] no image, tag or link to the incident is left, neither for this lexer nor for another renderer', async (t) => {
  const otherRenderer = new Marked({ gfm: true })
  const OPENS_OR_LOADS =
    /<(?:img|process|string|script)\b|(?:href|src)="(?:[a-z][a-z\d+.-]*:|\/)(?!\/\/docs\.example\.org)/i
  for (const text of SAMPLES) {
    const stored = filterText(text)
    const blocks = parseMarkdown(stored)
    const links = listTextBlocks(blocks).flatMap(({ inlines }) => inlines.filter((inline) => 'address' in inline))
    if (links.length > 0) t.same(links, [], JSON.stringify(text))
    const html = otherRenderer.parse(stored, { async: false })
    if (OPENS_OR_LOADS.test(html)) t.fail(`${JSON.stringify(text)} became ${html}`)
  }
  t.ok(
    OPENS_OR_LOADS.test(otherRenderer.parse('[x](http://evil.example)', { async: false })),
    'the pattern finds a link',
  )
})

test('[FILTER4] definitions have no effect and keep their text, wherever they are', async (t) => {
  for (const definition of [
    '[docs][a]\n\n[a]: http://evil.example/x',
    '[docs][a]\n\n> [a]: http://evil.example/x',
    '[docs][a]\n\n- [a]: <http://evil.example/x> "title"',
    '[docs][a]\n\n[a]:\n  http://evil.example/x',
    '[docs][a\\]]\n\n[a\\]]: http://evil.example/x',
    `[docs][${'a'.repeat(900)}]\n\n[${'a'.repeat(900)}]: http://evil.example/x`,
  ]) {
    const stored = filterText(definition)
    t.match(toVisibleText(stored), /\[docs\].*\]:\s+.*hxxp:\/\/evil\[\.\]example\/x/s, definition)
    t.notMatch(new Marked().parse(stored, { async: false }), /href/, definition)
  }
  t.equal(filterText('[P1]: Do not reboot DC1.'), '[P1]: Do not reboot DC1.')
})
