import { run } from '../run.ts'

/** Builds the war room if its sources are newer. Without it everything else still works, so it is said and no more. */
export async function buildPage(script: string, tell: (line: string) => void): Promise<void> {
  const { ok, output } = await run(process.execPath, [script])
  if (!ok) tell(`The war room's page couldn't be built; the API runs without a new one.\n${output.trimEnd()}`)
}
