import t from 'tap'
import { createRedactor } from '../../../src/prompting/redaction/redactor.ts'
import { SECRET_RULES } from '../../../src/prompting/redaction/rules/index.ts'
import { ALIGNED_RULE } from '../../../src/prompting/redaction/rules/tables/aligned.ts'
import { DELIMITED_RULE } from '../../../src/prompting/redaction/rules/tables/delimited.ts'
import { INSERT_RULE } from '../../../src/prompting/redaction/rules/tables/inserts.ts'
import { SECRET_LIST_RULE } from '../../../src/prompting/redaction/rules/tables/lists.ts'
import { hostileUnits } from '../../../testing/hostile-units.ts'
import { createSecretSample, expandTemplate } from '../../../testing/sample-template.ts'
import { describeSuperLinear, fill, measureMs } from './worst-ratio.ts'

const TABLE_AND_LIST_RULES = [DELIMITED_RULE, ALIGNED_RULE, INSERT_RULE, SECRET_LIST_RULE]
/** A value is first tried with this length. If it takes longer than SUSPICIOUS_MS, it is also tried with long texts. */
const SCREEN_LENGTH = 16 * 1024
const SUSPICIOUS_MS = 10

t.test('[SECRET7] each rule takes linear time for repeated beginnings of its own secrets', async (t) => {
  for (const rule of SECRET_RULES) {
    const beginnings = rule.hiddenSamples.flatMap((template) => {
      const { text, secrets } = createSecretSample(template)
      const secretStart = text.indexOf(secrets[0] ?? '')
      return [text, text.slice(0, Math.ceil(text.length / 2)), text.slice(0, secretStart + 3), text.slice(0, -1)]
    })
    for (const unit of [...beginnings, ...rule.keywords, ...rule.keptSamples.map(expandTemplate)]) {
      if (unit === '') continue
      t.equal(describeSuperLinear(rule.find, unit), undefined, rule.id)
    }
  }
})

const INSERT = 'INSERT INTO t (name, password) VALUES '

t.test('[SECRET7] tables and lists take linear time for heads, rows and quotes that do not end', async (t) => {
  for (const unit of [
    INSERT,
    `${INSERT}(`,
    `${INSERT}('`,
    `${INSERT}('\\'`,
    `${INSERT}("\\"`,
    `${INSERT}('a', "x'), `,
    `${INSERT}-- `,
    `-- ${INSERT}\n`,
    `${INSERT}/*`,
    `${INSERT}, `,
    "''s ",
    'x\n',
    'password,"',
    'a,"b\n',
    'pw  ',
    'pw  x\n',
    'pw,',
    'passwords: ["',
    'passwords: [\'"',
    'passwords: ["\\"',
    'passwords: ["x"x',
    '"passwords: ["\n',
    '"passwords: ["x", "x"x',
    'passwords: ["x',
    '"x',
    '\\"',
    '"\\',
    'passwords:\n - passwords:\n - "',
  ]) {
    for (const [before, after] of [
      ['', ''],
      ['name,password\na,"', '"'],
      ['name  password\n', ')'],
      [`${INSERT}('`, ')'],
    ] as const) {
      for (const rule of TABLE_AND_LIST_RULES) {
        const find = (text: string) => rule.find(before + text + after.repeat(text.length))
        t.equal(describeSuperLinear(find, unit), undefined, `${rule.id} after ${before}`)
      }
    }
  }
})

t.test('[SECRET7] a head with very many columns does not cost each row their number', async (t) => {
  for (const [rule, column, headEnd, rows] of [
    [DELIMITED_RULE, 'pw,', 'x\n', ['\n', 'a\n', 'Zomer26!\n', 'a,b\n', '"a\n']],
    [DELIMITED_RULE, '| pw ', '| x |\n', ['| a |\n', '| Zomer26! | b |\n']],
    [ALIGNED_RULE, 'pw  ', 'x\n', ['a\n', 'a  b\n']],
    [INSERT_RULE, 'pw,', 'a) VALUES ', ['(a),', "('a', 'b'),"]],
  ] as const) {
    for (const row of rows) {
      const find = (text: string) => {
        const columns = column.repeat(text.length / column.length)
        return rule.find(`${rule === INSERT_RULE ? 'INSERT INTO t (' : ''}${columns}${headEnd}${text}`)
      }
      t.equal(describeSuperLinear(find, row), undefined, `${rule.id}: ${row}`)
    }
  }
})

t.test('[SECRET7] the whole search takes linear time for a value of any length in a table or a list', async (t) => {
  for (const unit of [...hostileUnits, '0aA/', '.)', '."']) {
    for (const [before, after] of [
      ['name,password\nanna,', '7x\n'],
      ['name  password\nanna  ', '7x\n'],
      [`${INSERT}('anna', '`, "7x')"],
      ['passwords: ["', '7x"]'],
      ['tokens: ["a.b(0aA', '"]'],
      ['token: ["a.b(', '\\u2028x1"]'],
      ['pw: ["http', ' x1"]'],
      ['pw: ["tls', ' x1"]'],
      ['pw: ["v1', ' x1"]'],
      ['pw: ["sha1', '! x1"]'],
      ['pw: ["10:1', ' x1"]'],
      ['name,pw,note\nanna,x,x,http', ' x1'],
      ['passwords:\n- ', '7x\n'],
    ] as const) {
      const search = (text: string) => createRedactor([before + text + after], { isMailRedacted: true })
      if (measureMs(() => search(fill(unit, SCREEN_LENGTH))) > SUSPICIOUS_MS)
        t.equal(describeSuperLinear(search, unit), undefined, before)
    }
  }
})
