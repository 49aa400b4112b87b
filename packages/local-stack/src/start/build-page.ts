import { runProgram } from '../processes/run-program.ts'

/**
 * Builds the page if its sources are newer. A failure is only printed, because everything else works without the page.
 */
export async function buildPage(script: string, print: (line: string) => void): Promise<void> {
  const { ok, output } = await runProgram(process.execPath, [script])
  const cause = output.trimEnd().split('\n').at(-1) // The earlier lines report progress.
  if (!ok) print(`The war room's page couldn't be built, so an older one or none is served: ${cause}`)
}
