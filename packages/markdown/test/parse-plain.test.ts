import { test } from 'tap'
import { parsePlain, toVisiblePlain } from '../src/index.ts'

const listTypes = (text: string): string[] => parsePlain(text).map(({ type }) => type)

test('[MARKDOWN4] in data only code is markup, and every other character is text', async (t) => {
  for (const text of [
    '# whoami\n> dir\n- x\n\n[OK]: a\n    at <init>\n---\n===\n| a |\n|---|',
    '**a** _b_ ~~c~~ [d](https://e.example) &lt; \\* \t x  ',
    '~~~\nunderlined\n~~~',
    '',
  ]) {
    t.equal(toVisiblePlain(text), text)
  }
  t.same(listTypes('see `ls *` and ``a`b``'), ['text', 'code', 'text', 'code'])
  t.equal(toVisiblePlain('运行`ls *`即可'), '运行ls *即可')
  t.same(
    parsePlain('a\n```sh\nls `x`\n```\nb').map(({ type, start, end }) => [type, start, end]),
    [
      ['text', 0, 2],
      ['code_block', 2, 19],
      ['text', 19, 20],
    ],
  )
})

test('[MARKDOWN4] backticks within words, unpaired backticks in a line and unclosed fences are text', async (t) => {
  for (const text of [
    '"a`nb`n"',
    'C:\\[x]\\`a`',
    'a ` b',
    'a `b\nc` d',
    '```sh\nls',
    '````\n```\n````x',
    '```a b\nok\n```',
  ]) {
    t.equal(toVisiblePlain(text), text)
  }
})

test('[MARKDOWN4] toVisiblePlain keeps every character except the backticks of code, also in the line that opens a fence', async (t) => {
  t.equal(toVisiblePlain('```sh\nls\n```\nb'), 'sh\nls\nb')
  t.equal(toVisiblePlain('```10.0.0.1\nok\n```'), '10.0.0.1\nok\n')
  const text = '```10.0.0.1 is the C2, block it\nok\n```'
  t.equal(toVisiblePlain(text), text)
  const pieces = [
    '`',
    '``',
    '```',
    '````',
    '\n',
    '\n',
    '\r\n',
    ' ',
    '\t',
    'a',
    'c++',
    '10.0.0.1 is',
    '中',
    '"x',
    '\\',
    '~~~',
  ]
  const removeTicksAndSpace = (text: string) => text.replace(/[`\s]/g, '')
  let state = 7
  for (let round = 0; round < 20_000; round += 1) {
    let data = ''
    for (let count = 0; count < 12; count += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      data += pieces[state >>> 28] ?? '' // The four highest bits choose one of the 16 pieces.
    }
    if (removeTicksAndSpace(toVisiblePlain(data)) === removeTicksAndSpace(data)) continue
    t.fail(`${JSON.stringify(data)} is shown as ${JSON.stringify(toVisiblePlain(data))}`)
    return
  }
})
