/** Maps the first word behind a code block's fence to the grammar that reads it. */
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

/** Returns the grammar that the words behind a fence name, or undefined if the page has none. */
export const findGrammar = (info: string): Grammar | undefined =>
  GRAMMAR_BY_WORD.get((/^[\w-]{1,20}/.exec(info)?.[0] ?? '').toLowerCase())
