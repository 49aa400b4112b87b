import { createSeededRandom } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import { findGrammar, type Grammar } from '../src/text/highlighting/languages.ts'
import { findTokens, MAX_HIGHLIGHTED_CHARACTERS, type Token } from '../src/text/highlighting/tokens.ts'

const SAMPLES: Record<Grammar, { text: string; expectedTokens: string[] }> = {
  kql: {
    text: "SecurityEvent\n| where TimeGenerated > ago(1d) and Account !in ('a') // why\n| summarize count() by bin(TimeGenerated, 5m)",
    expectedTokens: [
      'keyword where',
      'name ago',
      'number 1d',
      "string 'a'",
      'comment // why',
      'keyword summarize',
      'keyword by',
    ],
  },
  spl: {
    text: 'index=main sourcetype="wineventlog" EventCode=4625 earliest=-24h@h | stats count(user) BY src ```note``` | `drop`',
    expectedTokens: [
      'name index',
      'string "wineventlog"',
      'number 4625',
      'keyword stats',
      'name count',
      'keyword BY',
      'comment ```note```',
    ],
  },
  yara: {
    text: 'rule Evil : apt {\n  strings:\n    $a = "cmd.exe" nocase\n    $b = { 4D 5A ?? [2-4] }\n  condition:\n    uint16(0) == 0x5A4D and any of them // x\n}',
    expectedTokens: [
      'keyword rule',
      'name $a',
      'string "cmd.exe"',
      'string { 4D 5A ?? [2-4] }',
      'number 0x5A4D',
      'keyword any',
      'comment // x',
    ],
  },
  powershell: {
    text: 'foreach ($p in Get-Process) { "$p" } # all',
    expectedTokens: ['keyword foreach', 'name $p', 'comment # all'],
  },
  bash: {
    text: 'if [ -f /etc/passwd ]; then echo "hi" # x\nfi',
    expectedTokens: ['keyword if', 'string "hi"', 'comment # x'],
  },
  python: {
    text: 'import os\ndef f(x):\n  return "a" # x',
    expectedTokens: ['keyword import', 'name f', 'string "a"', 'comment # x'],
  },
  yaml: { text: 'title: x\nlevel: "high" # y', expectedTokens: ['name title:', 'string "high"', 'comment # y'] },
  sql: { text: "SELECT a FROM t WHERE b = 'c' -- d", expectedTokens: ['keyword SELECT', "string 'c'", 'comment -- d'] },
  json: {
    text: '{"ip": "10.0.0.1", "n": 3, "ok": true}',
    expectedTokens: ['name "ip"', 'string "10.0.0.1"', 'number 3', 'keyword true'],
  },
}

const describeTokens = (text: string, tokens: Token[]) =>
  tokens.map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

for (const [name, { text, expectedTokens }] of Object.entries(SAMPLES)) {
  test(`[ROOM90] the tokens of ${name} are found with their kinds`, async (t) => {
    // An info string may have upper case and further words.
    const grammar = findGrammar(`${name.toUpperCase()} -x`)
    t.equal(grammar, name)
    if (!grammar) return
    const tokens = describeTokens(text, findTokens(text, grammar))
    for (const token of expectedTokens) t.ok(tokens.includes(token), `${token} in ${JSON.stringify(tokens)}`)
  })
}

test('[ROOM90] in any text, tokens are sorted and do not overlap; a text that is too long has no tokens', async (t) => {
  const random = createSeededRandom(90)
  const characters = [
    ...'aZ09 .,;:!?/=+-~@$%\'"(){}[]<>&|`#*\\_\n\t中é',
    '\u{1F600}',
    '&lt;',
    '</span>',
    '<span class="hljs-string">',
    '"""',
    '```',
    '@"',
    '<<A\n',
  ]
  for (const { text } of Object.values(SAMPLES)) characters.push(text)
  for (const name of Object.keys(SAMPLES)) {
    const grammar = findGrammar(name)
    if (!grammar) throw new Error(`There is no grammar for ${name}.`)
    for (let round = 0; round < 60; round += 1) {
      const text = Array.from({ length: 40 }, () => random.pick(characters)).join('')
      let earlierEnd = 0
      for (const { start, end } of findTokens(text, grammar)) {
        if (start < earlierEnd || end <= start || end > text.length)
          t.fail(`${name}: ${start}-${end} in ${JSON.stringify(text)}`)
        earlierEnd = end
      }
    }
    const strings = `'a' "b" `
    const longestText = strings.repeat(MAX_HIGHLIGHTED_CHARACTERS / strings.length)
    t.not(findTokens(longestText, grammar).length, 0, name)
    t.same(findTokens(`${longestText} `, grammar), [], name)
  }
})

test('[ROOM90] words that name no grammar select no grammar', async (t) => {
  for (const info of ['', 'text', 'constructor', '__proto__', 'kqlx', ' kql', 'x'.repeat(100_000)])
    t.equal(findGrammar(info), undefined)
})
