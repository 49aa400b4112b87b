/** Lists for each grammar the words that select it at the start of a code block's info string. */
const GRAMMARS = {
  kql: ['kql', 'kusto'],
  spl: ['spl', 'splunk', 'splunk-spl'],
  yara: ['yara', 'yar'],
  powershell: ['powershell', 'pwsh', 'ps', 'ps1', 'posh'],
  bash: ['bash', 'sh', 'zsh', 'shell', 'console'],
  python: ['python', 'py', 'python3'],
  yaml: ['yaml', 'yml', 'sigma'],
  sql: ['sql', 'mysql', 'postgresql', 'sqlite', 'osquery'],
  json: ['json', 'jsonc', 'json5', 'jsonl', 'ndjson'],
} as const

export type Grammar = keyof typeof GRAMMARS

const GRAMMAR_BY_WORD: ReadonlyMap<string, Grammar> = new Map(
  Object.entries(GRAMMARS).flatMap(([grammar, words]) =>
    words.flatMap((word) => (isGrammar(grammar) ? [[word, grammar] as const] : [])),
  ),
)

function isGrammar(name: string): name is Grammar {
  return Object.hasOwn(GRAMMARS, name)
}

/** Returns the grammar that a code block's info string names, or undefined if the page has no such grammar. */
export const findGrammar = (info: string): Grammar | undefined =>
  GRAMMAR_BY_WORD.get((/^[\w-]{1,20}/.exec(info)?.[0] ?? '').toLowerCase())
