import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { createRestorer } from '../../../src/prompting/redaction/restorer.ts'
import { SECRET_RULES } from '../../../src/prompting/redaction/rules/index.ts'
import { createSecretSample } from '../../../testing/sample-template.ts'

function redact(text: string): string {
  const redactor = createRedactor([text], { isMailRedacted: true })
  const redacted = redactor.redact(text)
  const restorer = createRestorer(redactor)
  t.equal(restorer.push(redacted) + restorer.end(), text, 'it is restored')
  return redacted
}

t.test('[SECRET7] full-width quotes are read as quotes', async (t) => {
  t.equal(redact('{＂password＂：＂Zomer2026!＂}'), '{＂password＂：＂[[PASSWORD-1]]＂}')
  t.equal(redact('密码：＂Zomer2026!＂ 请更改'), '密码：＂[[PASSWORD-1]]＂ 请更改')
})

t.test('[SECRET2] full-width quotes in Chinese text hide no words', async (t) => {
  for (const text of [
    '用户看到＂密码错误＂的提示，然后重置了密码。',
    '日志中有＂password＂一词，但没有密码的值。',
    '他说：＂令牌已过期＂，请联系＂安全团队＂。',
    '攻击者使用＂密码喷洒＂（password spraying）访问了＂财务＂部门。',
    '＂口令策略＂要求十四个字符；＂密钥＂由保险库保管。',
    '提示 ＂请输入密码＂ 和 ＂登录失败＂ 出现了三次。',
  ])
    t.equal(redact(text), text)
})

t.test('[SECRET11] lines that end with a backslash are joined as a shell does', async (t) => {
  t.equal(redact('password=Zomer\\\n2026!x\nid'), 'password=[[PASSWORD-1]]\nid')
  t.equal(redact('password=Zomer\\\r\n2026!x\r\nid'), 'password=[[PASSWORD-1]]\r\nid')
  const json = JSON.stringify({ run: 'export DB_PASSWORD=Zomer\\\n2026!x' })
  t.equal(redact(json), json.replace('Zomer\\\\\\n2026!x', '[[PASSWORD-1]]'))
})

t.test('[SECRET11] an option on a continued line is found, with and without a blank before it', async (t) => {
  for (const lineBreak of [' \\\n  ', ' \\\n', '\\\n  ', '\\\n', ' \\\r\n\t'])
    t.equal(redact(`curl${lineBreak}-u anna:Zomer2026!x https://x`), `curl${lineBreak}-u anna:[[PASSWORD-1]] https://x`)
})

const VAULT_TOKEN = 'hvs.f4qxcbMFC95IYYb5Sy6JYrgd'
const GITHUB_TOKEN = 'ghp_0123456789abcdefghijklmnopqrstuvwxyzAB'
const AWS_KEY = 'AKIAABCDEFGHIJKLMNOP'
/** In Markdown, a backslash at the end of a line breaks the line. Each text has its result beside it. */
const HARD_BREAKS: Array<[text: string, redacted: string]> = [
  [
    `found ${VAULT_TOKEN}\\\nweb-01 had it\nlater ${VAULT_TOKEN}`,
    'found [[TOKEN-1]]\\\nweb-01 had it\nlater [[TOKEN-1]]',
  ],
  [
    `${GITHUB_TOKEN} was seen\\\nand again: ${GITHUB_TOKEN}\\\nHost: web-1`,
    '[[TOKEN-1]] was seen\\\nand again: [[TOKEN-1]]\\\nHost: web-1',
  ],
  [`API key: ${AWS_KEY}\\\nHost: web-1\nagain ${AWS_KEY}`, 'API key: [[KEY-1]]\\\nHost: web-1\nagain [[KEY-1]]'],
  [`${VAULT_TOKEN}\\\n${VAULT_TOKEN}\\\nweb-01`, '[[TOKEN-1]]\\\n[[TOKEN-1]]\\\nweb-01'],
  ['Password: Zomer2026!\\\nUser: anna', 'Password: [[PASSWORD-1]]\\\nUser: anna'],
  ['Password: Zomer2026!\\\n**Owner:** anna', 'Password: [[PASSWORD-1]]\\\n**Owner:** anna'],
  ['Password: Zomer2026!\\\nthen CORP\\anna left', 'Password: [[PASSWORD-1]]\\\nthen CORP\\anna left'],
  ['Password: Zomer2026!\\\nFIN-WS-042 was next', 'Password: [[PASSWORD-1]]\\\nFIN-WS-042 was next'],
  ['Password: Zomer2026!\\\n10.0.0.5 was next', 'Password: [[PASSWORD-1]]\\\n10.0.0.5 was next'],
  ['Password: Zomer2026!\\\nCORP\\anna left', 'Password: [[PASSWORD-1]]\\\nCORP\\anna left'],
  ['Password: Zomer2026!\\\nhttps://x.example/a', 'Password: [[PASSWORD-1]]\\\nhttps://x.example/a'],
  ['"password=Zomer2026!"\\\nweb-01 was next', '"password=[[PASSWORD-1]]"\\\nweb-01 was next'],
  ['密码：Zomer2026!\\\n负责人安娜已经离开', '密码：[[PASSWORD-1]]\\\n负责人安娜已经离开'],
  ['密码：已重置\\\n负责人：安娜', '密码：已重置\\\n负责人：安娜'],
  ['password: changed\\\nTicket 4711', 'password: changed\\\nTicket 4711'],
  [
    'Status: done\\\npassword: none\\\ntoken: expired\\\nnext: call',
    'Status: done\\\npassword: none\\\ntoken: expired\\\nnext: call',
  ],
  ['she changed the password\\\nweb-01 was next', 'she changed the password\\\nweb-01 was next'],
  ['she changed the password\\\nHost: web-01', 'she changed the password\\\nHost: web-01'],
  ['call +49 15112345678\\\n22 calls', 'call [[PHONE-1]]\\\n22 calls'],
  ['sent by web-1\\\nanna@corp.example', 'sent by web-1\\\n[[MAIL-1]]@corp.example'],
  ['passphrase: correct horse battery staple\\\nthe host is next', 'passphrase: [[PASSWORD-1]]\\\nthe host is next'],
]

t.test('[SECRET2] a line after a backslash at the end of a line stays, also in JSON', async (t) => {
  for (const [text, redacted] of HARD_BREAKS) {
    t.equal(redact(text), redacted)
    t.equal(redact(JSON.stringify({ text })), JSON.stringify({ text: redacted }))
    t.equal(redact(text.replaceAll('\n', '\r\n')), redacted.replaceAll('\n', '\r\n'))
  }
  const json = JSON.stringify({ text: 'password: Zomer2026!\nUser: anna' })
  t.equal(redact(json), json.replace('Zomer2026!', '[[PASSWORD-1]]'))
})

t.test(
  '[SECRET2] a backslash at the end of a line hides nothing in the next line, after 97 of 100 samples',
  async (t) => {
    const samples = SECRET_RULES.flatMap(({ hiddenSamples }) => hiddenSamples)
      .map((template) => createSecretSample(template).text)
      .filter((text) => !text.includes('\n'))
    const nextLines = ['web-01 had it', 'Host: web-1', 'and then they left', '负责人：安娜', '10.0.0.5 was next']
    const pairs = samples.flatMap((sample) => nextLines.map((nextLine) => [sample, nextLine] as const))
    const altered = pairs.filter(
      ([sample, nextLine]) => redact(`${sample}\\\n${nextLine}`) !== `${redact(sample)}\\\n${nextLine}`,
    )
    t.ok(altered.length <= pairs.length * 0.03, altered.map((pair) => pair.join('\\\n')).join('\n'))
  },
)

t.test('[SECRET11] a secret on two continued lines is hidden as a whole', async (t) => {
  for (const [first, second] of [
    ['Zomer', '2026!x'],
    ['Zo', 'merdag'],
    ['Zomer', 'dag2026!'],
    ['Zomer2026', '26!'],
  ])
    t.equal(redact(`password=${first}\\\n${second}\nid`), 'password=[[PASSWORD-1]]\nid')
  t.equal(redact('password="Zomer2026\\\nwinter"\nid'), 'password="[[PASSWORD-1]]"\nid')
  t.equal(redact('passphrase: correct \\\nhorse battery staple'), 'passphrase: [[PASSWORD-1]]')
  t.equal(redact(`use ${VAULT_TOKEN}\\\nB4xK9qZ2 now`), 'use [[TOKEN-1]] now')
  t.equal(redact(`use ${GITHUB_TOKEN.slice(0, 20)}\\\n${GITHUB_TOKEN.slice(20)} now`), 'use [[TOKEN-1]] now')
  t.equal(redact('call +44 20 794\\\n6 0958 now'), 'call [[PHONE-1]] now')
  t.equal(redact('passwo\\\nrd: abcd now'), 'passwo\\\nrd: [[PASSWORD-1]] now')
  t.equal(redact('export PASSWORD=\\\nletmein'), 'export PASSWORD=\\\n[[PASSWORD-1]]')
})

t.test('[SECRET5] invisible characters and a backslash at the end of a line are not a part of a secret', async (t) => {
  for (const after of ['\u200b', '\u200b\ufeff', '\\\n  --x', '\\'])
    t.equal(redact(`${AWS_KEY}${after} and ${AWS_KEY}`), `[[KEY-1]]${after} and [[KEY-1]]`, JSON.stringify(after))
  const json = JSON.stringify({ text: `${AWS_KEY}\\\n  --x ${AWS_KEY}` })
  t.equal(redact(json), json.replaceAll(AWS_KEY, '[[KEY-1]]'))
  t.equal(redact(`"${AWS_KEY}\\u200b ${AWS_KEY}"`), '"[[KEY-1]]\\u200b [[KEY-1]]"')
})
