import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { findProgram } from '../processes/find-program.ts'
import { runProgram } from '../processes/run-program.ts'
import type { OnSpawn } from './local-server.ts'

interface InstallOptions {
  program: string
  isMariadb: boolean
  dataFolder: string
  /** The option that names the temporary folder. */
  tmpdirArg: string
  onSpawn: OnSpawn | undefined
}

const MARIADB_INSTALL_ARGS = [
  '--no-defaults',
  '--auth-root-authentication-method=normal',
  '--skip-test-db',
  '--skip-name-resolve',
  '--innodb-log-file-size=8M',
]

/**
 * Creates the data of a new server in another folder and moves it when it is complete, so that no crash leaves
 * incomplete data. A test run copies the data of its first server, because the creation takes two seconds of processor
 * time, and the run starts a hundred servers.
 */
export async function createMysqlData(options: InstallOptions): Promise<void> {
  const { isMariadb, dataFolder } = options
  const unfinishedFolder = `${dataFolder}.unfinished`
  rmSync(unfinishedFolder, { recursive: true, force: true })
  const templateFolder = process.env.TEST_MYSQL_TEMPLATE ?? ''
  // The data of a MySQL server contains the server's unique id, so a copy of it would give two servers the same id. The
  // data of MariaDB contains no such id.
  if (isMariadb && existsSync(templateFolder)) cpSync(templateFolder, unfinishedFolder, { recursive: true })
  else await install({ ...options, dataFolder: unfinishedFolder })
  renameSync(unfinishedFolder, dataFolder)
}

async function install({ program, isMariadb, dataFolder, tmpdirArg, onSpawn }: InstallOptions): Promise<void> {
  const commonArgs = [`--datadir=${dataFolder}`, tmpdirArg, ...listRootArgs()]
  const installation = isMariadb
    ? await runProgram(findInstaller(), [...MARIADB_INSTALL_ARGS, ...commonArgs], {}, onSpawn)
    : await runProgram(program, ['--no-defaults', '--initialize-insecure', ...commonArgs], {}, onSpawn)
  if (!installation.ok)
    throw new Error(`${program} couldn't create its data in ${dataFolder}:\n${installation.output.trimEnd()}`)
}

function findInstaller(): string {
  const installer = findProgram('mariadb-install-db', 'mysql_install_db')
  if (!installer)
    throw new Error('mariadbd is installed but mariadb-install-db is missing: is MariaDB completely installed?')
  return installer
}

/** MariaDB and MySQL refuse to run as root without this option. */
export const listRootArgs = (): string[] => (process.getuid?.() === 0 ? ['--user=root'] : [])
