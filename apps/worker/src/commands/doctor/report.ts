import type { Finding } from './finding.ts'

const MARK = { good: 'ok     ', warning: 'warning', wrong: 'WRONG  ' }

/** Renders one line per check and, below a failure, its fix. */
export function renderReport(findings: Finding[]): string {
  const lines = findings.flatMap(({ what, state, message, fix }) => [
    `${MARK[state]} ${what}: ${message}`,
    ...(fix === undefined ? [] : [`        → ${fix}`]),
  ])
  const count = findings.filter(({ state }) => state === 'wrong').length
  return [...lines, count === 0 ? 'All is as it should be.' : `${count} to mend.`].join('\n')
}

export const toExitCode = (findings: Finding[]): number => (findings.some(({ state }) => state === 'wrong') ? 1 : 0)
