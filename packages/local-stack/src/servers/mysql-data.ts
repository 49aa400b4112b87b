import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { findProgram } from '../processes/find-program.ts'
import { run } from '../processes/run.ts'

/**
 * Creates the data of a new server. It is created in another folder and moved when it is complete, so that no crash
 * leaves incomplete data. In a test run it is a copy of the first server's data, because creating it takes two seconds
 * of processor time, and the run starts a hundred servers.
 */
export async function createMysqlData(
  program: string,
  isMariadb: boolean,
  dataFolder: string,
  tmpdirArg: string,
): Promise<void> {
  const unfinished = `${dataFolder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const template = process.env.TEST_MYSQL_TEMPLATE ?? ''
  // A server of MySQL, unlike one of MariaDB, has an id of its own in its data, which no other server may have.
  if (isMariadb && existsSync(template)) cpSync(template, unfinished, { recursive: true })
  else await install(program, isMariadb, unfinished, tmpdirArg)
  renameSync(unfinished, dataFolder)
}

async function install(program: string, isMariadb: boolean, folder: string, tmpdirArg: string): Promise<void> {
  const installed = isMariadb
    ? await run(findInstaller(), [
        '--no-defaults',
        `--datadir=${folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
        '--innodb-log-file-size=8M',
        tmpdirArg,
        ...listRootArgs(),
      ])
    : await run(program, [
        '--no-defaults',
        '--initialize-insecure',
        `--datadir=${folder}`,
        tmpdirArg,
        ...listRootArgs(),
      ])
  if (!installed.ok) throw new Error(`${program} couldn't create its data in ${folder}:\n${installed.output.trimEnd()}`)
}

function findInstaller(): string {
  const found = findProgram('mariadb-install-db', 'mysql_install_db')
  if (!found)
    throw new Error('mariadbd is installed but mariadb-install-db is missing: is MariaDB completely installed?')
  return found
}

/** Both programs refuse to run as root without this option. */
export const listRootArgs = (): string[] => (process.getuid?.() === 0 ? ['--user=root'] : [])
