import { isDockerRunning } from './docker.ts'
import { createInstallHint, installServers } from './install-servers.ts'

export type ServerSource = { by: 'program'; program: string } | { by: 'docker' }

/** A program of this machine, else Docker, else what Debian's packages bring, else an error that says what to do. */
export async function findOrInstallServer(find: () => string | undefined): Promise<ServerSource> {
  const found = find()
  if (found) return { by: 'program', program: found }
  if (await isDockerRunning()) return { by: 'docker' }
  await installServers()
  const installed = find()
  if (installed) return { by: 'program', program: installed }
  throw new Error(createInstallHint())
}
