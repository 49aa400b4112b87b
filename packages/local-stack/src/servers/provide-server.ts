import { isDockerRunning } from './docker.ts'
import { createInstallHint, installServers } from './install-servers.ts'

export type ServerSource = { by: 'program'; program: string } | { by: 'docker' }

/** Takes a program of this machine, else Docker, else Debian's packages, else throws an error that says what to do. */
export async function findOrInstallServer(find: () => string | undefined): Promise<ServerSource> {
  const found = find()
  if (found) return { by: 'program', program: found }
  if (await isDockerRunning()) return { by: 'docker' }
  await installServers()
  const installed = find()
  if (installed) return { by: 'program', program: installed }
  throw new Error(createInstallHint())
}
