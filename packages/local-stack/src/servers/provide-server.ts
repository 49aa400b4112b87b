import { isDockerRunning } from './docker.ts'
import { createInstallHint, installServers } from './install-servers.ts'

export type ServerSource = { type: 'program'; program: string } | { type: 'docker' }

/**
 * Returns a program of this machine. If there is none, returns Docker if it runs, or else installs Debian's packages.
 * @throws Error that says what to install
 */
export async function findOrInstallServer(find: () => string | undefined): Promise<ServerSource> {
  const program = find()
  if (program) return { type: 'program', program }
  if (await isDockerRunning()) return { type: 'docker' }
  await installServers()
  const installedProgram = find()
  if (installedProgram) return { type: 'program', program: installedProgram }
  throw new Error(createInstallHint())
}
