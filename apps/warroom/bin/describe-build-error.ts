import { stripVTControlCharacters } from 'node:util'

/** Reduces a bundler's report to one line, which says what is wrong and where. */
export function describeBuildError(error: unknown): string {
  const lines = stripVTControlCharacters(String(error))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const what = lines.find((line) => /^\[[\w:-]+\] /.test(line)) ?? lines[0] ?? 'unknown'
  const [, where] = lines.map((line) => /\[ (\S+:\d+:\d+) \]$/.exec(line)).find((found) => found !== null) ?? []
  return where === undefined ? what : `${what} (${where})`
}
