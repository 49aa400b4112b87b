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

t.test('[SECRET7] Base64 of certificates and commands without an end take linear time', async (t) => {
  const first = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t'
  for (const unit of [`${first}\n`, `${first}\nAAAA${first}\n`, `AAAA${first}\n`, `${first}" `, `${'A'.repeat(76)}\n`])
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
