import type { Finding } from './finding.ts'

const LABELS = { passed: 'ok     ', warning: 'warning', failed: 'WRONG  ' }

/** Renders one line per check and, below a failure or a warning, its fix. */
export function renderReport(findings: Finding[]): string {
  const lines = findings.flatMap(({ checkName, state, message, fix }) => [
    `${LABELS[state]} ${checkName}: ${message}`,
    ...(fix === undefined ? [] : [`        → ${fix}`]),
  ])
  const failedCount = findings.filter(({ state }) => state === 'failed').length
  return [...lines, failedCount === 0 ? 'No failures.' : `Failures: ${failedCount}.`].join('\n')
}

export const toExitCode = (findings: Finding[]): number => (findings.some(({ state }) => state === 'failed') ? 1 : 0)
