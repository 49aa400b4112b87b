import { createOfflineAnalyst } from '@engineer-chat/adapters/llm'
import type { FailedModel, LlmRequest, LlmStreamPart } from '@engineer-chat/chat/models'
import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { extractIndicators } from '../../src/llm/offline/indicators/extract-indicators.ts'
import { createRequest, EVENT } from './llm-request.ts'

const analyst = createOfflineAnalyst({ paceMs: 0 })

async function readAnswer(
  ...request: Parameters<typeof createRequest>
): Promise<{ text: string; parts: LlmStreamPart[] }> {
  const parts: LlmStreamPart[] = []
  for await (const part of analyst.stream(createRequest(...request), new AbortController().signal)) parts.push(part)
  return { text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''), parts }
}

const listTitles = (text: string) => [...text.matchAll(/^### (.+)$/gm)].map(([, title]) => title)

t.test('[ANSWER20] the offline analyst says that no model is configured and how to set one', async (t) => {
  t.match((await readAnswer('what now?')).text, /^> \*\*No language model is configured\.\*\*.*LLM_BASE_URL/)
  t.match((await readAnswer('现在怎么办？', {}, 'zh')).text, /^> \*\*尚未配置语言模型。\*\*.*LLM_BASE_URL/)
})

t.test('[ANSWER20] the offline analyst streams in small well-formed parts and ends with one finish', async (t) => {
  const { parts } = await readAnswer('哪些指标？', {}, 'zh')
  t.ok(parts.length > 20)
  t.ok(parts.every((part) => part.type !== 'text' || (part.text.isWellFormed() && part.text.length < 64)))
  t.strictSame(
    parts.filter(({ type }) => type === 'finish'),
    [{ type: 'finish', reason: 'stop', usage: null, model: 'offline-analyst' }],
  )
  t.equal(parts.at(-1)?.type, 'finish')
})

t.test('[PROMPT6] a quote in the question is shown as data and cited', async (t) => {
  const quote = {
    message_id: 'm1',
    author: 'agent expert',
    created_at: '2026-01-31T12:30:00.000Z',
    text: '**WS-7** up',
  }
  const { text } = await readAnswer('what of it?', { quote })
  t.match(text, /### What you asked about\n\n\*\*.*agent expert.*\*\*, 2026-01-31 12:30 UTC: \[quo1\]\n\n> .*WS-7/)
  t.notMatch(text, '> **WS-7** up')
  t.match((await readAnswer('这是什么？', { quote }, 'zh')).text, '### 您所问的内容')
})

t.test('[ANSWER21] the analyst quotes the messages and runbooks that fit the question, each with its id', async (t) => {
  const createMessage = (name: string, rank?: number) => ({
    message_id: name,
    position: 1,
    author: 'alice',
    created_at: '2026-11-22T08:30:00.000Z',
    content: `# ${name} said`,
    ...(rank !== undefined && { rank }),
  })
  const fitting = ['fifth', 'fourth', 'third', 'second'].map((name, index) => createMessage(name, 5 - index))
  const room = createRoomSources({
    pins: [createMessage('pinned', 1)],
    messages: [createMessage('beside the point'), ...fitting],
  })
  const steps = [
    'Isolate the host.',
    '**Keep** the memory.',
    ...Array.from({ length: 4 }, (_, step) => `Step ${step}.`),
  ]
  const documents = ['d1', 'd2', 'd3'].map((document_id) => ({
    document_id,
    title: `Ransomware ${document_id}`,
    headings: ['Contain'],
    anchor: 'contain',
    tlp: 'amber' as const,
    text: steps.join('\n\n'),
  }))

  const { text } = await readAnswer('what should we contain?', { room, documents })

  t.match(text, /### Runbooks that fit\n\n\*\*`Ransomware d1 › Contain`\*\* \[doc1\]\n\n> Isolate the host\./)
  t.ok(text.includes('[doc2]') && !text.includes('[doc3]'), 'the two best documents')
  t.ok(text.includes('> Step 2.\n>\n> …') && !text.includes('Step 3.'), 'and their first five lines')
  t.ok(text.includes('> `**Keep** the memory.`'), 'as it was written')
  const [, quoted = ''] = text.split('### What the room says about it')
  const order = [...quoted.matchAll(/# (\w+) said` \[(?:pin|msg)\d\]/g)].map(([, name]) => name)
  t.same(order, ['pinned', 'second', 'third', 'fourth'], 'the best message first')
  t.notMatch(text, 'beside the point')
  const chinese = listTitles((await readAnswer('先遏制什么？', { room, documents }, 'zh')).text)
  t.same(chinese.slice(1, 3), ['适用的处置手册', '房间里与此有关的内容'])
  t.notMatch((await readAnswer('what should we contain?')).text, /Runbooks that fit|What the room says/)
})

t.test('[ANSWER20] the analyst stops when its signal is aborted', async (t) => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const received: string[] = []
  await t.rejects(async () => {
    for await (const part of createOfflineAnalyst({ paceMs: 60_000 }).stream(
      createRequest('what now?'),
      controller.signal,
    )) {
      received.push(part.type)
      setImmediate(() => controller.abort(reason))
    }
  }, reason)
  t.equal(received.length, 1)
})

t.test('[ANSWER21] an address at the beginning of a line is not a number of a list', async (t) => {
  const event_summary =
    '203.0.113.150 opened the web shell at 02:17 UTC.\n1.下载了 agent64，时间为 02:41。\n1.5 GB left at 03:10 UTC.'
  const summary = { version: 'v', round_id: 1, event_summary, event_suggestion: '', updated_at: EVENT.updated_at }
  const { text } = await readAnswer('give me a timeline', { summary })
  t.match(text, /^- 203\.0\.113\.150 opened/m)
  t.match(text, /^- 下载了/m)
  t.match(text, /^- 1\.5 GB left/m)
})

t.test('[ANSWER21] the requested part comes first, and the facts that support it follow', async (t) => {
  const first: Array<[string, 'zh' | 'en', string]> = [
    ['@AI what should we contain first?', 'en', 'What to contain first'],
    ['how bad is the impact?', 'en', 'What is affected, as far as recorded'],
    ['give me a timeline', 'en', 'Timeline, as far as recorded'],
    ['list all IOCs', 'en', 'Indicators in the record'],
    ['how did they get in? what was the initial access', 'en', 'How it may have begun, as far as recorded'],
    ['what next?', 'en', 'What to do next'],
    ['which mail carried it?', 'en', 'What the record says about your question'],
    ['应该先隔离什么', 'zh', '首先遏制什么'],
    ['影响范围有多大', 'zh', '影响范围（按现有记录）'],
    ['下一步怎么办', 'zh', '下一步做什么'],
  ]
  for (const [question, language, title] of first) {
    const titles = listTitles((await readAnswer(question, {}, language)).text)
    t.equal(titles[0], title, question)
    t.ok(titles.includes(language === 'en' ? 'The event' : '事件概况'))
    t.equal(new Set(titles).size, titles.length, 'no title occurs twice')
  }
})

t.test(
  '[ANSWER21] the analyst quotes the event, the latest summary and the suggestion, and says what is missing',
  async (t) => {
    const { text } = await readAnswer('what should we contain first?', { summary_updated: true })
    for (const part of [
      EVENT.event_name,
      '**high**',
      'status Processing',
      'phishing mail',
      '1. Isolate FIN-WS-042',
      '`203.0.113.77`',
    ]) {
      t.ok(text.includes(part), part)
    }
    t.match(text, 'The summary has changed since your previous question')

    const bare = { ...EVENT, message: 'Something is odd here.', context: '', event_name: 'Odd' }
    const { text: answer } = await readAnswer('what now?', { summary: null, event: bare })
    t.match(answer, 'No summary yet')
    t.match(answer, 'No affected host')
    t.match(answer, 'General practice')
  },
)

t.test('[ANSWER21] advice on a value leaves out no other value that only begins like it', async (t) => {
  const message =
    'Logins of account svc-backup and account svc-backup2 on FIN-WS-04 and FIN-WS-042. Traffic to 203.0.113.1, 203.0.113.12 and 198.51.100.2.'
  const createSummary = (event_suggestion: string) => ({
    version: 'v',
    round_id: 1,
    event_summary: '',
    event_suggestion,
    updated_at: EVENT.updated_at,
  })
  const advice = 'Isolate FIN-WS-042, disable svc-backup2 and block 203.0.113.12.'
  const askForAdvice = async (event_suggestion: string) => {
    const summary = createSummary(event_suggestion)
    const { text } = await readAnswer('what to contain?', { event: { ...EVENT, message, event_name: 'E' }, summary })
    return /Also named in the record[\s\S]*?(?=\n### )/.exec(text)?.[0] ?? ''
  }
  const alsoNamed = await askForAdvice(advice)
  for (const value of ['FIN-WS-04', 'svc-backup', '203.0.113.1', '198.51.100.2'])
    t.ok(alsoNamed.includes(`\`${value}\``), value)
  for (const value of ['FIN-WS-042', 'svc-backup2', '203.0.113.12']) t.notOk(alsoNamed.includes(`\`${value}\``), value)

  const cutAdvice = `${'Block every address '.repeat(19)}and also ` // A sentence is cut after 400 characters.
  t.match(await askForAdvice(`${cutAdvice}203.0.113.12`), /`203\.0\.113\.1`/, 'a cut value names no other')
})

t.test(
  '[ANSWER21] texts of other people stay plain text: no image, no hidden link, no HTML, no heading, nothing invisible',
  async (t) => {
    const message =
      '# Owned\n![x](https://evil.example/p.png) [click](https://evil.example) <script>alert(1)</script> a\u202eb\u200bc'
    const { text } = await readAnswer('summarize', {
      event: { ...EVENT, message, event_name: '![n](x)' },
      summary: null,
    })
    t.notMatch(text, /[\u202e\u200b]/)
    t.notMatch(text.replaceAll(/`[^`\n]*`/g, ''), /!\[|\]\(http|<script|Owned/, 'all of it is code')
    t.ok(text.includes('> `# Owned`\n> `![x](https://evil.example/p.png) [click](https://evil.example) <script>'))
    t.ok(text.includes('a⟨U+202E⟩b⟨U+200B⟩c'))
  },
)

t.test('[ANSWER22] Chinese punctuation ends an address', async (t) => {
  const text =
    '下载了 http://files.update-mirror.example/agent64（198.51.100.88），见《http://a.example/b》、“http://c.example/d”：http://e.example/f！'
  const { url, ipv4 } = extractIndicators(text)
  t.same(url, [
    'http://files.update-mirror.example/agent64',
    'http://a.example/b',
    'http://c.example/d',
    'http://e.example/f',
  ])
  t.same(ipv4, ['198.51.100.88'])
})

t.test('[ANSWER22] the host of a URL is a domain, even if its name looks like a file or a package', async (t) => {
  const { domain } = extractIndicators('http://invoice.zip/a http://main.py http://io.evil.app/b http://localhost/c')
  t.same(domain, ['invoice.zip', 'main.py', 'io.evil.app', 'localhost'])
})

t.test('[ANSWER22] indicators are found in every notation, also defanged, each once', async (t) => {
  const found = extractIndicators(`
    Beacon hxxps[:]//evil[.]example[/]a.php?x=1, also http://evil.example/b. and 203[.]0[.]113[.]7:8443; again 203.0.113.7.
    IPv6 2001:db8::1 and fe80::1; at 12:30:45 nothing. MD5 d41d8cd98f00b204e9800998ecf8427e SHA256
    9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08 cve-2024-3094 bob[@]corp[.]com, eve (at) mail (dot) org
    C:\\Program Files\\Bad App\\x.exe, /tmp/.hidden/run.sh and HKLM\\Software\\Run\\upd. Account CORP\\m.chen on FIN-WS-042 and web-01.
    powershell.exe, report.docx, update.sh, node.js, 1.2.3, e.g. the end.The rest, version 10.0.19041.1, SHA-256, UTF-8, CVE-2024-3094.
    c2.evil-domain.cc 恶意域名bad.top，和evil.example。`)
  t.strictSame(found, {
    url: ['https://evil.example/a.php?x=1', 'http://evil.example/b'],
    email: ['bob@corp.com', 'eve@mail.org'],
    hash: ['d41d8cd98f00b204e9800998ecf8427e', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    cve: ['CVE-2024-3094'],
    attack: [],
    ipv6: ['2001:db8::1', 'fe80::1'],
    ipv4: ['203.0.113.7'],
    path: ['C:\\Program Files\\Bad App\\x.exe', 'HKLM\\Software\\Run\\upd', '/tmp/.hidden/run.sh'],
    domain: ['c2.evil-domain.cc', 'bad.top', 'evil.example'],
    account: ['CORP\\m.chen'],
    host: ['FIN-WS-042', 'web-01'],
  })
})

t.test(
  '[ANSWER22] globs stay complete, and Markdown marks and full stops around a path are not part of it',
  async (t) => {
    const paths = {
      'del C:\\Users\\_svc\\*.dll now': 'C:\\Users\\_svc\\*.dll',
      'C:\\Users\\*\\AppData\\Local\\v?.exe.': 'C:\\Users\\*\\AppData\\Local\\v?.exe',
      'C:\\temp\\*, then more': 'C:\\temp\\*',
      'C:\\temp\\**': 'C:\\temp\\**',
      'C:\\temp\\svc*': 'C:\\temp\\svc*',
      'rm /var/log/*.gz': '/var/log/*.gz',
      'ls /tmp/x*': '/tmp/x*',
      '**C:\\x.exe**': 'C:\\x.exe',
      '*/tmp/x*': '/tmp/x',
      'was it C:\\x.exe? or not': 'C:\\x.exe',
      'see **the file /tmp/x**': '/tmp/x',
    }
    for (const [text, path] of Object.entries(paths)) t.same(extractIndicators(text).path, [path], text)
  },
)

t.test('[ANSWER22] ATT&CK ids are in the table of indicators, in both languages', async (t) => {
  const event = { ...EVENT, message: 'Seen: T1059.001 on FIN-WS-042.' }
  t.match((await readAnswer('list all IOCs', { event })).text, '| ATT&CK id | `T1059.001` |')
  t.match((await readAnswer('哪些指标？', { event }, 'zh')).text, '| ATT&CK 编号 | `T1059.001` |')
})

t.test('[INDICATOR2] text beside a hidden character is not a path, account or host', async (t) => {
  const found = extractIndicators(
    'FIN-WS-042\u00adx C:\\a\\in\u202egpj.exe \u200bCORP\\m.chen \u200bweb-01 pay\u200bpal.com',
  )
  t.same(Object.values(found).flat(), [])
})

t.test('[ANSWER22] long and hostile text is read within 2 s', async (t) => {
  const nasty = [
    'a.'.repeat(40_000),
    'x@'.repeat(40_000),
    '1.'.repeat(40_000),
    ':'.repeat(60_000),
    '\\\\a\\'.repeat(20_000),
    'a-'.repeat(40_000),
    '[.]'.repeat(20_000),
    '<![]('.repeat(9_000),
    `http://evil.example/${'.'.repeat(60_000)}x`,
  ]
  for (const message of nasty) {
    const startedAtMs = performance.now()
    await readAnswer('what are the indicators and the impact?', { event: { ...EVENT, message } })
    t.ok(
      performance.now() - startedAtMs < 2_000,
      `${message.slice(0, 4)}… in ${Math.round(performance.now() - startedAtMs)} ms`,
    )
  }
})

t.test(
  '[LLM9] after other models failed, the analyst names them and the causes; if it was chosen, it says that it is not a model',
  async (t) => {
    const failedModels: FailedModel[] = [
      { model_id: 'deepseek', code: 'llm_timeout' },
      { model_id: 'gpt`5', code: 'llm_unauthorized' },
    ]
    const readText = async (language: 'zh' | 'en', overrides: Pick<LlmRequest, 'failedModels'>, llm = analyst) => {
      let text = ''
      for await (const part of llm.stream(
        { ...createRequest('what now?', {}, language), ...overrides },
        new AbortController().signal,
      ))
        if (part.type === 'text') text += part.text
      return text
    }
    const english = await readText('en', { failedModels })
    t.match(
      english,
      /^> \*\*No language model could answer just now\*\* \(`deepseek`: took too long; ``gpt`5``: doesn’t accept/,
    )
    t.match(english, 'FIN-WS-042', 'and the facts of the event')
    t.match(await readText('zh', { failedModels }), /^> \*\*目前没有语言模型能够回答\*\*（`deepseek`: 响应超时/)
    const chosen = createOfflineAnalyst({ paceMs: 0, areModelsConfigured: true })
    t.match(await readText('en', {}, chosen), /^> \*\*This is the built-in offline analyst\*\*/)
    t.notMatch(await readText('en', {}, chosen), /No language model is configured/)
  },
)
