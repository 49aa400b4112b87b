import { isDockerRunning } from './docker.ts'
import { createInstallHint, installServers } from './install-servers.ts'

export type ServerSource = { type: 'program'; program: string } | { type: 'docker' }

/** Finds a program of this machine or Docker, or installs Debian's packages. @throws Error that says what to install */
export async function findOrInstallServer(find: () => string | undefined): Promise<ServerSource> {
  const found = find()
  if (found) return { type: 'program', program: found }
  if (await isDockerRunning()) return { type: 'docker' }
  await installServers()
  const installed = find()
  if (installed) return { type: 'program', program: installed }
  throw new Error(createInstallHint())
}
