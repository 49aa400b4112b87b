import { stripVTControlCharacters } from 'node:util'

/** Reduces a bundler's report to one line, which states the problem and its position. */
export function describeBuildError(error: unknown): string {
  const lines = stripVTControlCharacters(String(error))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const problem = lines.find((line) => /^\[[\w:-]+\] /.test(line)) ?? lines[0] ?? 'unknown'
  const [, position] = lines.map((line) => /\[ (\S+:\d+:\d+) \]$/.exec(line)).find((found) => found !== null) ?? []
  return position === undefined ? problem : `${problem} (${position})`
}
