import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { createViews } from '../../../src/prompting/redaction/views.ts'
import { createSecretSample } from '../../../testing/sample-template.ts'
import { createSeededRandom, type SeededRandom } from '../../../testing/seeded-random.ts'
import { TABLE_SHAPES, type TableShape } from './fixtures/more-secrets.ts'

const redact = (text: string): string => createRedactor([text], { isMailRedacted: true }).redact(text)

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const createPasswords = (random: SeededRandom, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `K${random.text(10, ALPHANUMERIC)}7x${index}`)

const listShownPasswords = (
  { head, writeRow, separator }: TableShape,
  passwords: string[],
  notes: string[],
  encode = (text: string) => text,
) => {
  const rows = passwords.map((password, index) => writeRow(password, notes[index] ?? 'none'))
  const end = head.endsWith('[') ? ']' : ''
  const redacted = redact(encode(`see below:\n${head}${rows.join(separator)}${end}`))
  return passwords.filter((password) => redacted.includes(password))
}

t.test('[SECRET1] a table and a list are searched to their last row, however many rows they have', async (t) => {
  const random = createSeededRandom(20_261_205)
  for (const [name, shape] of Object.entries(TABLE_SHAPES)) {
    for (const count of [1, 250, 2_001, 6_000 + random.below(1_000)]) {
      t.same(listShownPasswords(shape, createPasswords(random, count), []), [], `${count} rows: ${name}`)
    }
  }
})

t.test('[SECRET1] no row ends its table, whatever is in its cells', async (t) => {
  const random = createSeededRandom(20_261_206)
  for (const [name, shape] of Object.entries(TABLE_SHAPES)) {
    for (const note of shape.notes) {
      t.same(listShownPasswords(shape, createPasswords(random, 9), [note]), [], `${name}: ${note.slice(0, 40)}`)
    }
    for (let times = 0; times < 40; times++) {
      const notes = Array.from({ length: 9 }, () => random.pick(['none', ...shape.notes]))
      t.same(
        listShownPasswords(shape, createPasswords(random, 9), notes),
        [],
        `${name}: ${notes.join(' ').slice(0, 80)}`,
      )
    }
  }
})

const CRLF_FORMS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in JSON': JSON.stringify,
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'in an address': encodeURIComponent,
  'in XML': (text) => text.replaceAll('\r', '&#13;').replaceAll('\n', '&#xA;'),
}

t.test('[SECRET11] a table and a list whose lines end with CRLF are searched, also in escapes', async (t) => {
  const passwords = createPasswords(createSeededRandom(20_261_208), 9)
  for (const [form, encode] of Object.entries(CRLF_FORMS)) {
    const encodeWithCrlf = (text: string) => encode(text.replaceAll('\n', '\r\n'))
    t.equal(createViews(encodeWithCrlf('a\nb')).at(-1)?.text.replaceAll('"', ''), 'a\nb', `one line end, ${form}`)
    for (const [name, shape] of Object.entries(TABLE_SHAPES))
      t.same(listShownPasswords(shape, passwords, [], encodeWithCrlf), [], `${name}, ${form}`)
  }
})

t.test('[SECRET11] a table and a list are searched if their lines end with a backslash, also in escapes', async (t) => {
  const texts = [
    'user,password,home\nanna,Tr0ub4dor&3,C:\\home\\\nbob,Zomer2026!x,D:\\\ncarl,Wint3r-2025,E:\\\n',
    'passwords:\n  - Tr0ub4dor&3\\\n  - Zomer2026!x\\\n  - Wint3r-2025\\\n',
  ]
  const encodeForXml = (text: string) => text.replace(/[\\\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)
  for (const [form, encode] of Object.entries({ ...CRLF_FORMS, 'in XML with backslashes': encodeForXml })) {
    for (const lineEnd of ['\n', '\r\n']) {
      for (const text of texts) {
        const shown = redact(encode(`see below:\n${text}`.replaceAll('\n', lineEnd)))
        t.notMatch(shown, /Tr0ub4dor|Zomer2026|Wint3r/, `${form}: ${shown}`)
      }
    }
  }
})

t.test('[SECRET1] one line between two rows does not end a table', async (t) => {
  const random = createSeededRandom(20_261_207)
  for (const [name, shape] of Object.entries(TABLE_SHAPES)) {
    if (!/CSV|Markdown/.test(name)) continue
    for (const line of ['', ' ', '\n', '# exported', '---', 'a, note; with | all, of; the | delimiters']) {
      const separator = `\n${line}\n`
      t.same(listShownPasswords({ ...shape, separator }, createPasswords(random, 9), []), [], `${name}: ${line}`)
    }
  }
})

t.test('[SECRET1] a new head replaces the head before it, right after its table and after a blank line', async (t) => {
  for (const between of ['', '\n', 'all of the others\n'])
    for (const head of ['password,name', 'password;name;host']) {
      const row = head.replace('password', 'Zomer2026!')
      const redactedRow = head.replace('password', '[[PASSWORD-2]]')
      if (between === '' && head === 'password,name') continue // This line can be a row.
      t.equal(
        redact(`name,password\nanna,Tr0ub4dor&3\n${between}${head}\n${row}`),
        `name,password\nanna,[[PASSWORD-1]]\n${between}${head}\n${redactedRow}`,
      )
    }
})

t.test('[SECRET1] a quote within a cell, or a head that looks like a row, uncovers no password', async (t) => {
  for (const template of [
    'user,password\nanna,«Tr0ub4dor&3 "old», not used\n',
    'user,password\nanna,«Welkom01!»\n\nDear Bob, hi\npassword,user\n«Tr0ub4dor&3»,bob\n',
    'user,password\nSee below\nHi, there\npassword,user\n«Tr0ub4dor&3»,bob\n',
  ]) {
    const { text, secrets } = createSecretSample(template)
    const redacted = redact(text)
    t.same(
      secrets.filter((secret) => redacted.includes(secret)),
      [],
      text,
    )
  }
})

t.test('[SECRET2] after an interruption of a table, only what looks like a password is hidden', async (t) => {
  const table = '| Option | Token |\n|---|---|\n| a | Tr0ub4dor&3 |\n'
  const nextTable = '\n| Name | Meaning |\n|---|---|\n| MockPool | Mock instance |\n| Client | MockClient |\n'
  t.equal(redact(table + nextTable), table.replace('Tr0ub4dor&3', '[[PASSWORD-1]]') + nextTable)
  const code = "import {\n  user, password\n} from './config'\n\nfoo(alpha, barbell)\ncall(one, other)\n"
  t.equal(redact(code), code)
})

t.test('[SECRET2] prose after a table is not searched as a part of the table', async (t) => {
  const table = 'name,password\nanna,Tr0ub4dor&3\n'
  for (const prose of [
    '\nHe wrote to the users, and they answered.\nThe host is up, as it was.\nLater, nothing',
    '\nNo comma\nNone here\nanna, all fine',
  ])
    t.equal(redact(table + prose), `name,password\nanna,[[PASSWORD-1]]\n${prose}`)
})

t.test('[SECRET1] a list or a row is searched although the text ends before it does', async (t) => {
  for (const template of [
    '"passwords": ["«Zomer2026!»", "«Tr0ub4dor&3»", ',
    '"passwords": ["«Zomer2026!»", "«Tr0ub4»',
    '"passwords": ["«Zomer2026!»", "«Tr0ub4dor&3»", [cut]',
    "INSERT INTO t (name, password) VALUES ('a', '«Zomer2026!»'), ('b', '«Tr0ub4»",
    "INSERT INTO t (name, password) VALUES ('a',\n '«Zomer2026!»'\nand so on",
  ]) {
    const { text, secrets } = createSecretSample(template)
    const redacted = redact(text)
    t.same(
      secrets.filter((secret) => redacted.includes(secret)),
      [],
      text,
    )
  }
})

t.test('[SECRET1] a table of very many columns is searched, in its head and in its rows', async (t) => {
  const columns = Array.from({ length: 900 }, (_, index) => `column_${index}`)
  const values = columns.map(() => '1')
  for (const text of [
    `${columns.join(',')},password\n${values.join(',')},Tr0ub4dor&3`,
    `${columns.join('  ')}  password\n${values.join('  ')}  Tr0ub4dor&3`,
    `INSERT INTO wide (${columns.join(', ')}, password) VALUES (${values.join(', ')}, 'Tr0ub4dor&3')`,
  ])
    t.match(redact(text), /\[\[PASSWORD-1\]\]/, text.slice(0, 30))
})
