import { test } from 'tap'
import { type Inline, listTextBlocks, NESTING_LIMITS, parseMarkdown, toVisibleText } from '../src/index.ts'

const listInlines = (source: string): Inline[] =>
  listTextBlocks(parseMarkdown(source)).flatMap(({ inlines }) => inlines)
const flattenInlines = (inlines: Inline[]): Inline[] =>
  inlines.flatMap((inline) => ['children' in inline ? flattenInlines(inline.children) : [], inline].flat())
const listTypes = (source: string): string[] => flattenInlines(listInlines(source)).map(({ type }) => type)

test('[MARKDOWN1] emphasis works beside Chinese punctuation', async (t) => {
  t.equal(
    toVisibleText('**结论：**先隔离 web-3。\n\n**“高危”**告警，**建议（优先）**处理。'),
    '结论：先隔离 web-3。\n“高危”告警，建议（优先）处理。',
  )
  t.equal(toVisibleText('使用EDR**隔离**主机，IP**地址**是'), '使用EDR隔离主机，IP地址是')
  t.same(
    listTypes('**a**, (*b*): ***c***! ~~d~~ _e f_')
      .filter((type) => type !== 'text')
      .sort(),
    [...['emphasis', 'emphasis', 'emphasis', 'strike', 'strong', 'strong']],
  )
})

test('[MARKDOWN1] underscores emphasise several words, also in code, but no single word', async (t) => {
  for (const [text, expected] of [
    ['_a b_ __c d__', 'a b c d'],
    ['_`a b`_ __`c d`__', 'a b c d'],
    ['_`隔离`_ and _隔离_', '隔离 and 隔离'],
    ['_`a`_ __`b`__ _` c `_', '_a_ __b__ _c_'],
    ['`a b` _`c`_ `d e` _f_', 'a b _c_ d e _f_'],
  ] as const) {
    t.equal(toVisibleText(text), expected)
  }
})

test('[MARKDOWN1] a backslash stays visible, and the punctuation mark after it begins no markup', async (t) => {
  for (const text of [
    '\\**a** \\[b](http://x.example) \\_c d_',
    '\\`a` \\<https://x.example>',
    '\\# a',
    '\\> b',
    '\\- c',
  ]) {
    t.equal(toVisibleText(text), text)
  }
  t.equal(
    toVisibleText('\\&lt; \\a `b` \\\\`c`'),
    '\\< \\a b \\\\c',
    'a reference, a letter and a second backslash are no such marks',
  )
  t.equal(toVisibleText('| a | b |\n|---|---|\n| c\\|d | e |'), 'a\tb\nc|d\te', 'only a cell loses one')
})

test('[MARKDOWN1] words, numbers, paths and globs are text, and so is a single tilde', async (t) => {
  for (const text of [
    'Delete C:\\Users\\_svc\\run_me\\_x.ps1 and check \\\\FS-01\\#drop$.',
    'C:\\Windows\\Temp_stage_*.7z and *.dll, *.exe',
    '影响 10~20 台主机，恢复约需 30~40 分钟',
    '2*3*4 a*b*c snake_case_name __init__.py __main__ _start_',
    'src/**/*.js and lib/**/*.ts, /var/* and /opt/*',
    'user_*_old user_*_new fin-*-prod web-*-prod arn:aws:iam::*:role/* arn:*:x',
    'Score $a_1 * b_2 * c$ is $\\alpha_{i}$ > 0.5',
    '[P1]: Do not reboot DC1 and [CRITICAL]: lsass.exe',
    'handlers[name](event), [a-f0-9](?:x), arr[0](first), v[0](std::move(x))',
    'List<String> and <process>, <a@b.example>',
    'C:\\[x]\\`a',
  ]) {
    t.equal(toVisibleText(text), text)
  }
})

test('[MARKDOWN1] lists, quotes, tables, headings and code are parsed, and may be nested', async (t) => {
  t.same(
    parseMarkdown(
      '# T\n\n- [x] a\n  ```sh\n  ls <x>\n  ```\n- b\n\n> 1. q\n\n| a | b |\n|---|:-:|\n| `x\\|y` | z\n\n---\n\n    code',
    ).map(({ type }) => type),
    ['heading', 'list', 'quote', 'table', 'rule', 'code_block'],
  )
  t.equal(toVisibleText('- a\n  ```sh\n  ls <x>\n  ```'), 'a\nsh\nls <x>')
  t.equal(toVisibleText('```10.0.0.1 is the C2\nok\n```\n~~~ a b\n~~~'), '10.0.0.1 is the C2\nok\na b\n')
  t.equal(toVisibleText('| a | b |\n|---|---|\n| `x\\|y` | z |'), 'a\tb\nx|y\tz')
  t.same(
    listTypes('[a](https://x.example "t") ![b](/c) <https://d.example>').filter((type) => type !== 'text'),
    [...['link', 'image', 'autolink']],
  )
  t.equal(toVisibleText('&lt;b&gt; &amp;lt; &#42;x&#42; &nosuch;'), '<b> &lt; *x* &nosuch;')
})

test('[MARKDOWN1] of several stars only the first begins an item, because a line of a crontab begins with several', async (t) => {
  t.equal(toVisibleText('* * * * * /bin/x'), '* * * * /bin/x')
  t.equal(toVisibleText('> * * 3 * * /bin/x'), '* 3 * * /bin/x')
  t.equal(toVisibleText('* a\n  * b\n- - c\n* - d'), 'a\nb\nc\nd')
  t.same(listTypes('* * *'), [])
})

test('[MARKDOWN2] the span of each node is its place in the source', async (t) => {
  const source =
    '> - **a** [w *x*](http://e.example) `c`\n>   d_e\n\n1. f\n   > g\n\n| h | i\\|j |\n|---|---|\n| k | \u{1F600}l &amp; m |'
  const texts = flattenInlines(listInlines(source)).flatMap((inline) => (inline.type === 'text' ? [inline] : []))
  for (const { start, end, value, sourcePositions } of texts) {
    if (sourcePositions) {
      t.equal(sourcePositions.length, value.length, 'each UTF-16 unit has a position')
      // A decoded reference and an escaped pipe map to the start of their notation, all else to the same character.
      for (const [index, position] of sourcePositions.entries())
        t.ok('&|\\'.includes(source[position] ?? '') || source[position] === value[index])
    } else t.equal(source.slice(start, end), value)
  }
  const visible = texts.map(({ value }) => value).join('')
  for (const letter of 'adfghk') t.match(visible, letter)
  const link = flattenInlines(listInlines(source)).find(({ type }) => type === 'link')
  t.equal(link && source.slice(link.start, link.end), '[w *x*](http://e.example)')
})

test('[MARKDOWN3] markup that is nested deeper than its limit is text', async (t) => {
  const createQuotes = (depth: number) => toVisibleText(`${'> '.repeat(depth)}x`)
  t.equal(createQuotes(NESTING_LIMITS.containers), 'x')
  t.equal(createQuotes(NESTING_LIMITS.containers + 1), '> x')
  const createLinks = (depth: number) => toVisibleText(`${'![a '.repeat(depth)}x${'](/b)'.repeat(depth)}`)
  t.notMatch(createLinks(NESTING_LIMITS.inlines), '![')
  t.match(createLinks(NESTING_LIMITS.inlines + 1), '![')
  const createAddress = (depth: number) => toVisibleText(`[x](/a${'('.repeat(depth)}${')'.repeat(depth)})`)
  t.equal(createAddress(NESTING_LIMITS.parentheses), 'x')
  t.not(createAddress(NESTING_LIMITS.parentheses + 1), 'x')
})
