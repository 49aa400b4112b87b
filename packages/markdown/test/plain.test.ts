import { test } from 'tap'
import { lexPlain, visiblePlain } from '../src/index.ts'

const typesOf = (text: string): string[] => lexPlain(text).map(({ type }) => type)

test('[MARKDOWN4] of data only code is markup: every other character is text', async (t) => {
  for (const text of [
    '# whoami\n> dir\n- x\n\n[OK]: a\n    at <init>\n---\n===\n| a |\n|---|',
    '**a** _b_ ~~c~~ [d](https://e.example) &lt; \\* \t x  ',
    '~~~\nunderlined\n~~~',
    '',
  ]) {
    t.equal(visiblePlain(text), text)
  }
  t.same(typesOf('see `ls *` and ``a`b``'), ['text', 'code', 'text', 'code'])
  t.equal(visiblePlain('运行`ls *`即可'), '运行ls *即可')
  t.same(
    lexPlain('a\n```sh\nls `x`\n```\nb').map(({ type, start, end }) => [type, start, end]),
    [
      ['text', 0, 2],
      ['code_block', 2, 19],
      ['text', 19, 20],
    ],
  )
})

test('[MARKDOWN4] a backtick within words, one without a partner in its line and a fence that stays open are text', async (t) => {
  for (const text of ['"a`nb`n"', 'C:\\[x]\\`a`', 'a ` b', 'a `b\nc` d', '```sh\nls', '````\n```\n````x']) {
    t.equal(visiblePlain(text), text)
  }
})
