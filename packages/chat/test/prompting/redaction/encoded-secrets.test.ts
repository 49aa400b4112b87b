import { createHash } from 'node:crypto'
import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { describeSuperLinear } from './worst-ratio.ts'

const redact = (text: string): string => createRedactor([text], { isMailRedacted: true }).redact(text)

/** Returns bytes that look random, in Base64, as a key or a certificate has them. */
const createBody = (seed: string, lines: number): string =>
  Array.from({ length: lines }, (_, index) => createHash('sha384').update(`${seed}${index}`).digest('base64')).join(
    '\n',
  )
const createPem = (label: string, lines: number): string =>
  `-----BEGIN ${label}-----\n${createBody(label, lines)}\n-----END ${label}-----\n`
const wrap = (base64: string, width: number, indent = ''): string =>
  base64.replace(new RegExp(`.{${width}}(?=.)`, 'g'), `$&\n${indent}`)

const CERTIFICATE = createPem('CERTIFICATE', 20)
const KEYS = ['RSA PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map((label) =>
  createPem(label, 12),
)

t.test(
  '[SECRET1] a private key in Base64 is hidden, alone or in a bundle, however its lines are wrapped',
  async (t) => {
    for (const key of KEYS) {
      for (const pem of [key, CERTIFICATE + key, `Bag Attributes\n    x: y\n${CERTIFICATE}${key}`]) {
        const base64 = Buffer.from(pem).toString('base64')
        t.equal(redact(`tls.key: ${base64}\n`), 'tls.key: [[KEY-1]]\n')
        for (const width of [64, 76, 100]) {
          t.equal(redact(`$ base64 tls.key\n${wrap(base64, width)}\n$ id`), '$ base64 tls.key\n[[KEY-1]]\n$ id')
          t.equal(
            redact(`  tls.key: |\n    ${wrap(base64, width, '    ')}\ntype: x`),
            '  tls.key: |\n    [[KEY-1]]\ntype: x',
          )
          const quoted = redact(`> ${wrap(base64, width, '> ')}\n> \n> and so on`)
          t.equal(quoted, '> [[KEY-1]]\n> \n> and so on')
          const json = JSON.stringify({ key: wrap(base64, width) })
          t.equal(redact(json), '{"key":"[[KEY-1]]"}')
        }
      }
    }
  },
)

t.test('[SECRET2] a certificate in Base64 stays, also before a private key of its own', async (t) => {
  const [certificate, key] = [CERTIFICATE, KEYS[0] ?? ''].map((pem) => wrap(Buffer.from(pem).toString('base64'), 76))
  t.equal(redact(`${certificate}\nnext`), `${certificate}\nnext`)
  t.equal(redact(`${certificate}\n${key}\nnext`), `${certificate}\n[[KEY-1]]\nnext`)
})

const SHAPES: Record<string, (base64: string) => string> = {
  'with <br />': (base64) => split(base64, 76).join('<br />\n'),
  'in a table': (base64) => split(base64, 64, (line) => `| ${line} |`).join('\n'),
  'with blank lines': (base64) => split(base64, 64).join('\n\n'),
  'with blanks': (base64) => split(base64, 64).join(' '),
  'in short lines': (base64) => split(base64, 20).join('\n'),
  'in a log': (base64) => split(base64, 76, (line) => `2026-11-22T10:42:01Z web-1 ${line}`).join('\n'),
  'with numbers': (base64) => split(base64, 76, (line, index) => `${index + 1}: ${line}`).join('\n'),
  'in a program': (base64) => split(base64, 64, (line) => `    "${line}" +`).join('\n'),
  'with hard breaks': (base64) => split(base64, 64).join('\\\n'),
}

const split = (
  text: string,
  width: number,
  write: (line: string, index: number) => string = (line) => line,
): string[] => (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map(write)

t.test('[SECRET1] a private key in Base64 is hidden in all shapes of its lines, and what follows stays', async (t) => {
  for (const key of KEYS) {
    for (const pem of [key, CERTIFICATE + key, `\n${key}`, `\r\n${key}`, key.replaceAll('\n', '\r\n'), `${key}\n`]) {
      const base64 = Buffer.from(pem).toString('base64')
      for (const [shape, write] of Object.entries(SHAPES)) {
        const redacted = redact(`key: ${write(base64)}\n$ id\nweb-01`)
        t.match(redacted, /^key: .{0,30}\[\[KEY-1\]\]["+|\\ ]{0,3}\n\$ id\nweb-01$/, shape)
      }
    }
  }
})

t.test('[SECRET2] the line after a private key in Base64 stays, also if the key has no = at its end', async (t) => {
  for (const lines of [1, 2, 3, 30]) {
    const key = createPem('PRIVATE KEY', lines)
    for (const pem of [key, key.trimEnd(), `${key} `]) {
      const base64 = Buffer.from(pem).toString('base64')
      for (const next of ['exit', 'EOF', 'web01', 'done', 'Host', 'web-01 had it', 'kubernetes', 'AKIA'])
        t.equal(redact(`tls.key: ${base64}\n${next}\n$ whoami`), `tls.key: [[KEY-1]]\n${next}\n$ whoami`)
      t.equal(redact(`- ${base64}\n- web01\n- web02`), '- [[KEY-1]]\n- web01\n- web02')
    }
  }
  const cut = Buffer.from(KEYS[0] ?? '')
    .toString('base64')
    .slice(0, 82)
  t.equal(redact(`tls.key: ${cut}\nexit\n$ whoami`), 'tls.key: [[KEY-1]]\nexit\n$ whoami')
  t.equal(redact(`- ${cut}\n- web01\n- web02`), '- [[KEY-1]]\n- web01\n- web02')
})

const RSA_KEY = `MIIEpAIBAAKCAQEA${createBody('rsa', 25).replaceAll('\n', '')}`.slice(0, 1_592)

t.test('[SECRET2] prose after a private key without BEGIN and END lines stays', async (t) => {
  for (const prose of [
    'and then the attacker moved to the file server and took all of it',
    'exit',
    'web01\nweb02',
    '$ whoami',
  ]) {
    for (const key of [RSA_KEY, RSA_KEY.slice(0, 78), wrap(RSA_KEY, 64), wrap(RSA_KEY, 76, '  ')]) {
      for (const between of ['\n', '\n\n', '. '])
        t.equal(redact(`${key}${between}${prose}`), `[[KEY-1]]${between}${prose}`)
    }
  }
  const openSshKey = `b3BlbnNzaC1rZXktdjE${createBody('openssh', 25).replaceAll('\n', '')}`.slice(0, 1_600)
  for (const between of ['\n', '\n\n', '. '])
    t.equal(redact(`${wrap(openSshKey, 70)}${between}the host is next`), `[[KEY-1]]${between}the host is next`)
})

t.test('[SECRET11] a named secret in Base64 is hidden beside blanks, marks and letters of all languages', async (t) => {
  for (const [before, name] of [
    ['', 'mot de passe\u00a0: '],
    ['登录\u3000', '密码：'],
    ['', 'รหัสผ่าน: '],
    ['\u26a0\ufe0f ', 'password='],
    ['\ufeff', 'password='],
    ['Cl\u00e9\u00a0: ', 'password='],
    ['登录 ', 'password='],
  ] as const) {
    for (const encoding of ['utf8', 'utf16le', 'utf16be'] as const) {
      const encode = (text: string): Buffer =>
        encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding)
      const base64 = encode(`${before}${name}Tr0ub4dor&3 ok`).toString('base64')
      const start = Math.floor(encode(before + name).length / 3) * 4
      const end = Math.ceil(encode(`${before}${name}Tr0ub4dor&3`).length / 3) * 4
      const expected = `x ${base64.slice(0, start)}[[PASSWORD-1]]${base64.slice(end)}`
      t.equal(redact(`x ${base64}`), expected, `${encoding}: ${before}${name}`)
    }
  }
})

t.test('[SECRET11] a named secret in Base64 is hidden as a whole after any wrong bytes', async (t) => {
  const cutCharacter = [0xe5, 0x8d]
  for (const before of [
    [...cutCharacter, ...cutCharacter, ...cutCharacter, ...cutCharacter],
    [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 0xff],
    [0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xa0, 0xad],
    [0xf0, 0x9f, 0x98],
    [0xc0, 0xaf, 0xed, 0xa0, 0x80],
  ]) {
    const head = Buffer.concat([Buffer.from(before), Buffer.from(' password=')])
    const secret = 'Tr0ub4dor&3-Zomer2026'
    const base64 = Buffer.concat([head, Buffer.from(secret)]).toString('base64')
    const start = Math.floor(head.length / 3) * 4
    t.equal(redact(`x ${base64}`), `x ${base64.slice(0, start)}[[PASSWORD-1]]`, before.join(' '))
  }
})

t.test('[SECRET11] a named secret in Base64 of Latin-1 is hidden as a whole, and nothing else', async (t) => {
  for (const encoding of ['latin1', 'utf8'] as const) {
    for (const before of ['é è à ç ô: ', 'é', 'ää', 'ü ö ß ', '']) {
      for (const name of ['password', 'contraseña']) {
        const head = `${before}${name}=`
        const base64 = Buffer.from(`${head}Tr0ub4dor&3 ééé`, encoding).toString('base64')
        const secretStart = Buffer.byteLength(head, encoding)
        const start = Math.floor(secretStart / 3) * 4
        const end = Math.ceil((secretStart + 'Tr0ub4dor&3'.length) / 3) * 4
        t.equal(redact(`x ${base64}`), `x ${base64.slice(0, start)}[[PASSWORD-1]]${base64.slice(end)}`, head)
      }
    }
  }
  const windows1252 = Buffer.from('Größe \x96 password=Tr0ub4dor&3', 'latin1').toString('base64')
  t.match(redact(windows1252), /\[\[PASSWORD-1\]\]$/, 'a dash of Windows-1252 is printable, too')
})

t.test('[SECRET11] a named secret in Base64 of UTF-8 is hidden, also if a character is cut', async (t) => {
  const bytes = Buffer.from('码密码: Tr0ub4dor&3').subarray(1)
  t.equal(redact(bytes.toString('base64')), `${bytes.toString('base64').slice(0, 12)}[[PASSWORD-1]]`)
})

t.test('[SECRET7] Base64 of certificates, joined lines and commands without an end take linear time', async (t) => {
  const first = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t'
  for (const unit of [
    `${first}\n`,
    `${first}\nAAAA${first}\n`,
    `AAAA${first}\n`,
    `${first}" `,
    `${'A'.repeat(76)}\n`,
    'LS0tLS1CRUdJTiAA ',
    'LS0tLS1CRUdJTiAA x ',
    'LS0tLS1CRUdJTiAA\nx ',
    `LS0tLS1CRUdJTiAA\n${' '.repeat(100)}`,
    `AA0tLS0tQkVHSU4gAA\n${'x '.repeat(500)}\n`,
    'MHcCAQEEAAAAAAAA\n',
    'MHcCAQEEAAAAAAAA A ',
    '1234 ',
    '1234 1234 1234 1234 ',
    '1 ',
    '12345678901234-',
    'hvs.f4qxcbMFC95IYYb5Sy6JYrgd\\\n',
    'password=Zomer2026!\\\n',
    'password="""\\\n',
    'password\\\n',
    '"\\\n',
    'pw=\\n',
  ])
    t.equal(
      describeSuperLinear((text) => redact(`${first}\n${text}`), unit),
      undefined,
    )
  for (const unit of [
    'docker "',
    "docker '-p ",
    'docker -p -p "',
    'docker;',
    'docker &',
    'at /p:"',
    'sudo -k ',
    'a\\\nb',
  ])
    t.equal(describeSuperLinear(redact, unit), undefined)
})
