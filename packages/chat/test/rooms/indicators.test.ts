import { MAX_INDICATORS_BYTES, type Message } from '@engineer-chat/protocol'
import t from 'tap'
import { addIndicators, listIndicators } from '../../src/rooms/indicators/add-indicators.ts'
import { findIndicators } from '../../src/rooms/indicators/find-indicators.ts'
import { createSeededRandom, findGrowth, findSuperLinear } from '../../testing/index.ts'

/** Lists each indicator as `type value`. */
const list = (text: string): string[] => [...findIndicators(text)].map(({ type, value }) => `${type} ${value}`)

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e'
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const IPV6_ENDS = ['ipv6 2001:db8::1', 'ipv6 fe80::', 'ipv6 ::ffff:a00:1', 'ipv6 2001:db8::2']

const CASES: Array<[text: string, indicators: string[]]> = [
  ['see https://evil.example/a?b=1.', ['url https://evil.example/a?b=1']],
  [
    'hxxps[:]//evil[.]example[/]a.php and hxxp[://]a[.]example',
    ['url https://evil.example/a.php', 'url http://a.example'],
  ],
  ['(https://a.com/x_(1)),(https://b.com)', ['url https://a.com/x_(1)', 'url https://b.com']],
  ['[the page](https://c.com/d).', ['url https://c.com/d']],
  ['访问https://d.com/路径，然后', ['url https://d.com/']],
  ['evil.co.uk, EVIL[.]Com', ['domain evil.co.uk', 'domain evil.com']],
  ['例子evil.top，以及bad.example。', ['domain evil.top', 'domain bad.example']],
  ['db-01.corp.internal xn--e1afmkfd.com', ['domain db-01.corp.internal', 'domain xn--e1afmkfd.com']],
  ['update.github.io but not github, co.uk or com', ['domain update.github.io']],
  ['main.py readme.md evil.zip run.sh svchost.exe kernel32.dll', []],
  ['evil[.]zip', ['domain evil.zip']],
  ['invoice.pdf.zip install.v2.sh libpam.1.so id_rsa.pub log4j.properties com.evil.app requests.post', []],
  ['login.microsoft.zip', ['domain login.microsoft.zip']],
  ['8.8.8.8.evil.com 1.2.3.4.in-addr.arpa', ['domain 8.8.8.8.evil.com', 'domain 1.2.3.4.in-addr.arpa']],
  [`https://a.example/${'x'.repeat(2_000)}`, []],
  ['array.map(x) System.Net done.The e.g. 1.5', []],
  ['bob@corp.com, eve (at) mail (dot) org', ['email bob@corp.com', 'email eve@mail.org']],
  ['10.0.0.1:8080 192[.]168[.]0[.]1 10.0.0.0/8', ['ipv4 10.0.0.1', 'ipv4 192.168.0.1', 'ipv4 10.0.0.0']],
  ['10.0.0.1-10.0.0.9', ['ipv4 10.0.0.1', 'ipv4 10.0.0.9']],
  ['1.2.3.4.5 v1.2.3.4 999.1.1.1 lib-1.2.3.4', []],
  ['\\\\10.0.0.5\\share', ['ipv4 10.0.0.5']],
  ['2001:DB8:0::1. [2001:db8::9]:443 ::1', ['ipv6 2001:db8::1', 'ipv6 2001:db8::9', 'ipv6 ::1']],
  ['ssh -L 8080:10.0.0.5:3389 -R *:80:10.0.0.6:80', ['ipv4 10.0.0.5', 'ipv4 10.0.0.6']],
  ['::ffff:10.0.0.1 64:ff9b::10.0.0.1', ['ipv6 ::ffff:a00:1', 'ipv6 64:ff9b::a00:1']],
  ['at 12:34:56, std::string, 00:11:22:33:44:55', []],
  ['at 10:22:31:203.0.113.77 443:8443:10.0.0.5:80', ['ipv4 203.0.113.77', 'ipv4 10.0.0.5']],
  ['ab:cd:ef:12:10.0.0.5 up, 10:22:31.250:10.0.0.6.', ['ipv4 10.0.0.5', 'ipv4 10.0.0.6']],
  ['10:22:31:bad.example 10:22:31:abe@corp.com', ['domain bad.example', 'email abe@corp.com']],
  [`10:22:31:${MD5} 12:34:56:10.0.0.256`, [`hash ${MD5}`]],
  ['2001:db8::1... fe80::. ::ffff:10.0.0.1... 2001:db8::2.:', IPV6_ENDS],
  [`${MD5} ${SHA256.toUpperCase()}`, [`hash ${MD5}`, `hash ${SHA256}`]],
  [`x${MD5} ${'1'.repeat(32)} ${MD5}0`, []],
  ['cve-2024-3094 CVE-2024-31', ['cve CVE-2024-3094']],
  ['T1059.001, TA0001 and T1059', ['attack T1059.001', 'attack TA0001', 'attack T1059']],
  ['t1059 XT1059 T10590', []],
  ['C:\\foo.com\\x /etc/foo.com', []],
  ['⚠\ufe0fevil.com ❗10.0.0.1', ['domain evil.com', 'ipv4 10.0.0.1']],
]

for (const [text, indicators] of CASES) {
  t.test(`[INDICATOR1] ${text}`, async (t) => t.same(list(text), indicators))
}

/** The first label of these hosts is also the first one of many packages. */
const HOSTS_LIKE_PACKAGES = `
  de.wikipedia.org de.m.wikipedia.org de.wiktionary.org de.wikibooks.org cn.vuejs.org io.mongodb.org
  cn.bing.com cn.nytimes.com cn.reuters.com cn.wsj.com cn.investing.com cn.linkedin.com de.linkedin.com de.statista.com
  de.indeed.com de.mathworks.com net.anydesk.com io.adafruit.com io.example.com com.secure-login.attacker.com
  cn.battle.net de.slideshare.net com.evil-cdn.net
  net.pku.edu.cn io.hfut.edu.cn net.nthu.edu.tw org.coloradomesa.edu de.example.co.uk com.paypal.verify.com.br
  io.ozone.ru com.account-verify.top com.apple.id-check.xyz de.contoso.local cn.fabrikam.corp
  DE.CONTOSO.LOCAL CN.BING.COM
`
  .trim()
  .split(/\s+/)
t.test('[INDICATOR1] a host whose name begins like a package is a domain', async (t) => {
  for (const name of HOSTS_LIKE_PACKAGES) t.same(list(`to ${name}, see`), [`domain ${name.toLowerCase()}`])
})

/** Most of these packages and bundle ids end with a top-level domain. */
const PACKAGES = `
  com.apple.Safari com.apple.quarantine com.apple.mail org.apache.logging.log4j de.bund.foo.Bar com.evil.app
  com.google.chrome.app com.sun.rowset.JdbcRowSetImpl com.sun.jna.platform.win32.COM
  com.google.common.io com.google.common.net org.apache.commons.io org.apache.commons.net org.apache.hadoop.io
  org.springframework.core.io org.springframework.cloud org.springframework.security org.springframework.ai
  cn.hutool.core.io cn.hutool.core.net io.netty.channel io.micronaut.data org.dom4j.io org.apache.spark.ml
  com.tencent.mm com.sina.weibo com.taobao.taobao com.spotify.music com.google.android.youtube com.android.server.pm
  com.sun.xml.ws com.ibm.icu cn.com.sina.news cn.jpush.android de.zalando.mobile com.starbucks.cn
  org.apache.lucene.analysis.de com.docker.network org.gnome.shell com.amazon.mshop.android io.kubernetes.pod
  com.fasterxml.jackson.jakarta.rs org.h2.server.pg com.google.inject.name com.example.test org.eclipse.internal
`
  .trim()
  .split(/\s+/)
t.test('[INDICATOR1] a package or bundle id is no domain, unless it is written defanged', async (t) => {
  for (const name of PACKAGES) t.same(list(`import ${name}; then`), [], name)
  t.same(list('com[.]evil[.]app'), ['domain com.evil.app'])
})

const DECEPTIVE: Array<[name: string, text: string]> = [
  ['a soft hyphen', 'pa\u00adypal.com'],
  ['a zero-width space', 'evil.co\u200bm'],
  ['a joiner', '\u200devil.com'],
  ['a change of direction', '\u202eevil.com'],
  ['a Cyrillic letter', 'рaypal.com'],
  ['a Greek letter at its end', 'evil.comο'],
  ['an invisible sign before an address', '1\u20610.0.0.1'],
  ['a selector without an emoji', 'pay\ufe0fpal.com'],
  ['a braille blank', 'pay\u2800pal.com'],
  ['a control character', 'pay\u0008pal.com'],
  ['the mark of what is hidden', 'pa⟨U+00AD⟩ypal.com'],
  ['the mark of a letter', 'http://pа⟨U+0430⟩ypal.com/x'],
  ['a mark at its end', 'evil.co⟨U+200B⟩m'],
  ['a hidden character in a URL', 'https://evil.com\u200b.example/x'],
]
for (const [name, text] of DECEPTIVE) {
  t.test(`[INDICATOR2] no part of a name is offered beside ${name}`, async (t) => t.same(list(text), []))
}

t.test('[INDICATOR1] offsets are those of the text as it was written', async (t) => {
  const text = '先查 hxxp://evil[.]example/x，再查 10.0.0.1'
  const spans = [...findIndicators(text)].map(({ start, end }) => text.slice(start, end))
  t.same(spans, ['hxxp://evil[.]example/x', '10.0.0.1'])
})

t.test('[INDICATOR1] the indicators of any text are in order, do not overlap, and are not empty', async (t) => {
  const random = createSeededRandom(7)
  const parts = CASES.flatMap(([text]) => text.split(/(?<=[ ,，(])/)).concat(DECEPTIVE.map(([, text]) => text))
  for (let round = 0; round < 500; round += 1) {
    const text = random.shuffle(parts).slice(0, 12).join('')
    let lastEnd = 0
    for (const { start, end, value } of findIndicators(text)) {
      if (start < lastEnd || end <= start || end > text.length || value === '')
        t.fail(JSON.stringify({ text, start, end }))
      lastEnd = end
    }
  }
  t.pass('500 texts')
})

t.test('[INDICATOR3] an agent’s fields are read before its text, each named by a JSON pointer', async (t) => {
  const content = { content: 'evil.com', alert: { 'src/ip': ['10.0.0.1'], 'a~b': 'CVE-2024-3094' }, usage: null }
  t.same(listIndicators({ message_category: 'agent', message_content: content }), [
    { start: 0, end: 8, type: 'ipv4', value: '10.0.0.1', path: '/alert/src~1ip/0' },
    { start: 0, end: 13, type: 'cve', value: 'CVE-2024-3094', path: '/alert/a~0b' },
    { start: 0, end: 8, type: 'domain', value: 'evil.com' },
  ])
})

/** The product writes fields with these names into its own rows. */
const PRODUCT_FIELDS = [
  ...['format', 'model', 'finish_reason', 'attempts', 'usage', 'citations', 'sources', 'prompt_version'],
  ...['reasoning', 'fallback', 'error', 'quote'],
]
const SOURCE = { id: 'inc1', kind: 'incident', label: 'Beacon to other.example', event_id: 'e2' }

t.test('[INDICATOR3] each field of an agent is read, also one with the name of a product’s field', async (t) => {
  for (const name of PRODUCT_FIELDS) {
    const message_content = { content: '', [name]: 'connect to 203.0.113.9 refused' }
    t.match(listIndicators({ message_category: 'agent', message_content }), [
      { value: '203.0.113.9', path: `/${name}`, start: 11 },
    ])
  }
  const message_content = JSON.parse(JSON.stringify({ content: '', sources: [SOURCE] }))
  t.match(listIndicators({ message_category: 'agent', message_content }), [{ path: '/sources/0/label' }])
})

t.test('[INDICATOR3] the product’s fields, the sources of an answer and quotes are not read', async (t) => {
  const values = PRODUCT_FIELDS.map((name) => [name, { text: 'evil.example' }])
  const message_content = { content: 'evil.com', ...Object.fromEntries(values), sources: [SOURCE], sources_left_out: 1 }
  for (const message_category of ['engineer_chat', 'room'] as const) {
    t.same(listIndicators({ message_category, message_content }), [
      { start: 0, end: 8, type: 'domain', value: 'evil.com' },
    ])
  }
})

const createPost = (content: string) => ({ message_category: 'room' as const, message_content: { content } })
const listValues = (content: string): string[] => listIndicators(createPost(content)).map(({ value }) => value)

t.test('[INDICATOR4] a message carries at most 2 KiB of indicators', async (t) => {
  const text = Array.from({ length: 500 }, (_, index) => `host-${index}.example`).join(' ')
  const indicators = listIndicators(createPost(text))
  const bytes = Buffer.byteLength(JSON.stringify(indicators))
  t.ok(bytes <= MAX_INDICATORS_BYTES, 'within')
  t.ok(bytes > MAX_INDICATORS_BYTES - 100, 'and as many as fit')
})

t.test('[INDICATOR4] an indicator that is too long is skipped, and later shorter ones take its place', async (t) => {
  const long = `https://a.example/${'x'.repeat(1_960)}`
  const values = listValues(`198.51.100.7 ${long} 10.0.0.1 CVE-2021-44228`)
  t.same(values, ['198.51.100.7', '10.0.0.1', 'CVE-2021-44228'])
})

t.test('[INDICATOR4] the name of a field counts with each of its indicators', async (t) => {
  const message_content = { content: '', ['"中~/\n'.repeat(20)]: [{ a: '10.0.0.1 evil.com' }] }
  const message = { message_category: 'agent' as const, message_content }
  const bytes = Buffer.byteLength(JSON.stringify(listIndicators(message)))
  t.equal(listIndicators(message, bytes + ','.length).length, 2, 'just enough for two')
  t.equal(listIndicators(message, bytes + ','.length - 1).length, 1, 'one byte less')
})

t.test('[INDICATOR4] the first 64 KiB of characters are read, and no indicator is cut', async (t) => {
  const createFiller = (length: number) => `${'word '.repeat(length / 5)}`
  t.same(listValues(`${createFiller(65_520)} evil.com`), ['evil.com'])
  t.same(listValues(`${createFiller(65_530)} evil.com.attacker.example`), [])
})

t.test('[INDICATOR1] a message without an indicator is sent as it is', async (t) => {
  const message = { message_content: { content: 'nothing here' } } as Message
  t.equal(addIndicators(message), message)
})

t.test('[LINEAR1] findIndicators takes linear time', async (t) => {
  t.same(
    findSuperLinear((text) => [...findIndicators(text)]),
    [],
  )
})

t.test('[LINEAR1] many indicators below a long name are listed in linear time', async (t) => {
  for (const character of ['x', '\u0001', '/']) {
    const build = (length: number): string => {
      const texts = Array.from({ length: length / 24 }, () => '10.0.0.1')
      const message_content = { content: '', [character.repeat(length / 2)]: texts }
      return JSON.stringify({ message_category: 'agent', message_content })
    }
    const finding = findGrowth((json) => listIndicators(JSON.parse(json)), { name: character, build })
    t.equal(finding, undefined)
  }
})
