import { dockerAnswers } from './docker.ts'
import { installHint, installServers } from './install-servers.ts'

export type Provided = { by: 'program'; program: string } | { by: 'docker' }

/** A program of this machine, else Docker, else what Debian's packages bring, else an error that says what to do. */
export async function provideServer(find: () => string | undefined): Promise<Provided> {
  const found = find()
  if (found) return { by: 'program', program: found }
  if (await dockerAnswers()) return { by: 'docker' }
  await installServers()
  const installed = find()
  if (installed) return { by: 'program', program: installed }
  throw new Error(installHint())
}
