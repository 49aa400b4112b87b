import { stripVTControlCharacters } from 'node:util'

/** Matches the line with the problem, such as `[builtin:vite-transform] Unexpected token`. */
const PROBLEM = /^\[[\w:-]+\] /
/** Matches the line with the position, such as `╭─[ src/main.tsx:15:11 ]`. */
const POSITION = /\[ (\S+:\d+:\d+) \]$/

/** Reduces a bundler's report to one line, which states the problem and its position. */
export function describeBuildError(error: unknown): string {
  const lines = stripVTControlCharacters(String(error))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const problem = lines.find((line) => PROBLEM.test(line)) ?? lines[0] ?? 'unknown'
  const [, position] = lines.map((line) => POSITION.exec(line)).find((match) => match !== null) ?? []
  return position === undefined ? problem : `${problem} (${position})`
}
