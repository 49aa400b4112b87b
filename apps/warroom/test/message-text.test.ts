import { readFileSync } from 'node:fs'
import { toAgentContent } from '@engineer-chat/chat/rooms'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import { parsePlain, toVisiblePlain, toVisibleText } from '@engineer-chat/markdown'
import { type MessageWithContent, readMessageBody } from '@engineer-chat/protocol'
import { test } from 'tap'
import { cutExcerpt, toPlainLine } from '../src/text/excerpt.ts'
import { MAX_FIELD_ROWS, toFieldRows } from '../src/text/files/field-rows.ts'
import type { DisplayCase } from '../testing/display-case.ts'

const CASES: DisplayCase[] = JSON.parse(readFileSync(new URL('./fixtures/display.json', import.meta.url), 'utf8'))

function toMessage({ written_by, text }: DisplayCase): MessageWithContent {
  if (written_by === 'ai' || written_by === 'person') {
    const sender_type = written_by === 'ai' ? 'ai' : 'user'
    return { message_category: 'engineer_chat', sender_type, message_content: { content: `${text}` } }
  }
  return { message_category: 'agent', sender_type: null, message_content: toAgentContent(text) }
}

function renderVisibleText(message: MessageWithContent): string {
  const { text = '', isMarkdown, fields } = readMessageBody(message)
  const rows = toFieldRows(fields).rows.map(({ name, value = '' }) => `${name} ${value}`)
  return [isMarkdown ? toVisibleText(text) : toVisiblePlain(text), ...rows].join('\n')
}

for (const displayCase of CASES) {
  test(`[ROOM41] the written text is visible: ${displayCase.name}`, async (t) => {
    const message = toMessage(displayCase)
    const excerpt = toPlainLine(message)
    for (const words of displayCase.must_be_seen) {
      t.ok(renderVisibleText(message).includes(words), words)
      t.ok(excerpt.includes(words), `${words} in ${excerpt}`)
    }
    for (const words of displayCase.must_not_be_seen ?? [])
      t.notOk(`${renderVisibleText(message)}${excerpt}`.includes(words), words)
  })
}

test('[ROOM41] only the case that marks code is parsed as text with code', async (t) => {
  const hasCode = (text: string) => parsePlain(text).some(({ type }) => type !== 'text')
  const casesWithCode = CASES.filter(({ text }) => typeof text === 'string' && hasCode(text))
  t.same(
    casesWithCode.map(({ name }) => name),
    ['link-definition-by-person'],
  )
})

test('[ROOM41] the number of shown field rows has a limit', async (t) => {
  // The list's name takes one row, and each number another one.
  const toListRows = (itemCount: number, item: unknown) =>
    toFieldRows([{ name: 'list', value: Array.from({ length: itemCount }, () => item) }])
  t.equal(toListRows(MAX_FIELD_ROWS - 1, 1).isCut, false)
  t.equal(toListRows(MAX_FIELD_ROWS, 1).isCut, true)
  t.equal(toListRows(50_000, { index: 1 }).rows.length, MAX_FIELD_ROWS)
  t.same(toFieldRows([{ name: 'a', value: { b: [1, {}], c: null } }]).rows, [
    { name: 'a', depth: 0, value: undefined, path: '/a' },
    { name: 'b', depth: 1, value: undefined, path: '/a/b' },
    { name: '[0]', depth: 2, value: '1', path: '/a/b/0' },
    { name: '[1]', depth: 2, value: '{}', path: '/a/b/1' },
    { name: 'c', depth: 1, value: 'null', path: '/a/c' },
  ])
})

test('[MARKDOWN1] character references are decoded only in texts of the AI', async (t) => {
  const message_content = { content: '**a** &lt;b&gt; &amp;lt;', format: 'markdown' }
  t.equal(toPlainLine({ message_category: 'agent', sender_type: null, message_content }), 'a &lt;b&gt; &amp;lt;')
  t.equal(toPlainLine({ message_category: 'engineer_chat', sender_type: 'ai', message_content }), 'a <b> &lt;')
})

test('[MARKDOWN1] text without markup is shown unchanged', async (t) => {
  const random = createSeededRandom(31)
  const characters = [...'aZ09 .,;:!?/=+-~@$%\'"(){}中文。，：“”（）']
  for (let round = 0; round < 500; round += 1) {
    const text = `x${Array.from({ length: 60 }, () => random.pick(characters)).join('')}x`
    if (/~~/.test(text)) continue // Two tildes strike the text out.
    t.equal(toVisibleText(text), text)
  }
})

/** Lists all texts of up to `maxLength` of these characters, without those of the text that is searched for. */
const listTexts = (maxLength: number, characters: string[]): string[] =>
  maxLength === 0
    ? ['']
    : ['', ...listTexts(maxLength - 1, characters).flatMap((text) => characters.map((first) => first + text))]

test('[ROOM33] a search result marks exactly the text that was found, whatever letters are before it', async (t) => {
  // The lower case of `İ` has two units. The other letters change in other ways, or are two units in both cases.
  const texts = listTexts(3, ['İ', 'ẞ', 'Σ', '\u212A', '𐐀', '😀', '.', ' '])
  for (const [written, typed] of [
    ['Needle', 'nEEDLE'],
    ['İn(x', 'İN(X'],
    ['\\d+', '\\D+'],
    ['𐐗b', '𐐿B'],
  ] as const) {
    const failures = texts.filter((text) => {
      const { before, match, after } = cutExcerpt(`${text}${written}${text}`, typed)
      return before !== text || match !== written || after !== text
    })
    t.same(failures.slice(0, 3), [], `${typed} finds ${written}`)
  }
})
