import type { Finding } from './finding.ts'

const MARK = { passed: 'ok     ', warning: 'warning', failed: 'WRONG  ' }

/** Renders one line per check and, below a failure, its fix. */
export function renderReport(findings: Finding[]): string {
  const lines = findings.flatMap(({ check, state, message, fix }) => [
    `${MARK[state]} ${check}: ${message}`,
    ...(fix === undefined ? [] : [`        → ${fix}`]),
  ])
  const count = findings.filter(({ state }) => state === 'failed').length
  return [...lines, count === 0 ? 'All is as it should be.' : `${count} to mend.`].join('\n')
}

export const toExitCode = (findings: Finding[]): number => (findings.some(({ state }) => state === 'failed') ? 1 : 0)
