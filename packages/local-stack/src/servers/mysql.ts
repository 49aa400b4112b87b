import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchangeWithPort } from '../processes/exchange-with-port.ts'
import { findFreePort } from '../processes/find-free-port.ts'
import { findProgram } from '../processes/find-program.ts'
import { run } from '../processes/run.ts'
import type { Certificate } from '../redis-sets/certificate.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { startInDocker } from './docker.ts'
import { runLocalServer } from './local-server.ts'
import { findOrInstallServer } from './provide-server.ts'
import type { Server } from './server.ts'

const DATABASE = 'engineer_chat'

interface MysqlOptions {
  dataDir: string
  port?: number
  /** The server then speaks TLS only. It must be a program of this machine. */
  tls?: Certificate
}

/** Starts a private MariaDB or MySQL on 127.0.0.1, with its data in `dataDir`. */
export async function startMysql(options: MysqlOptions): Promise<Server> {
  const folder = openDataFolder(options.dataDir)
  const port = options.port ?? (await findFreePort())
  const provided = await findOrInstallServer(() => findProgram('mariadbd', 'mysqld'))
  if (provided.by === 'docker') return startInDocker('mysql', folder, port)
  return startProgram(provided.program, folder, port, options.tls)
}

async function startProgram(program: string, folder: DataFolder, port: number, tls?: Certificate): Promise<Server> {
  const isMariadb = (await run(program, ['--version'])).output.includes('MariaDB')
  const data = join(folder.path, 'mysql')
  const setup = join(folder.path, 'setup.sql')
  const temporary = join(folder.path, 'mysql-tmp')
  mkdirSync(temporary, { recursive: true })
  const tmpdir = `--tmpdir=${temporary}`
  if (!existsSync(data)) await createData(program, isMariadb, data, tmpdir)
  writeFileSync(setup, createSetupSql(folder.password), { mode: 0o600 })
  return runLocalServer({
    name: 'mysql',
    url: `mysql://${DATABASE}:${folder.password}@127.0.0.1:${port}/${DATABASE}`,
    program,
    args: ['--no-defaults', ...listRootArgs(), tmpdir, ...listServerArgs(data, setup, port), ...listTlsArgs(tls)],
    logFile: join(folder.path, 'mysql.log'),
    isReady: () => isMysqlReady(port),
  })
}

// The database is made beside its place and moved there when complete, so that a crash leaves no half database.
async function createData(program: string, isMariadb: boolean, data: string, tmpdir: string): Promise<void> {
  const unfinished = `${data}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const made = isMariadb
    ? await run(findInstaller(), [
        '--no-defaults',
        `--datadir=${unfinished}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
        '--innodb-log-file-size=8M',
        tmpdir,
        ...listRootArgs(),
      ])
    : await run(program, [
        '--no-defaults',
        '--initialize-insecure',
        `--datadir=${unfinished}`,
        tmpdir,
        ...listRootArgs(),
      ])
  if (!made.ok) throw new Error(`${program} couldn't create its data in ${data}:\n${made.output.trimEnd()}`)
  renameSync(unfinished, data)
}

function findInstaller(): string {
  const found = findProgram('mariadb-install-db', 'mysql_install_db')
  if (!found) throw new Error('mariadbd is here but mariadb-install-db is not: is MariaDB completely installed?')
  return found
}

// Both programs refuse to run as root unless told to.
const listRootArgs = () => (process.getuid?.() === 0 ? ['--user=root'] : [])

// A server that starts deletes what looks like its temporary tables: in a folder that it shares, they are another's.
// Options that only one of the two programs knows are `loose`. The socket's path is relative, because absolute ones may be too long.
const listServerArgs = (data: string, setup: string, port: number) => [
  `--datadir=${data}`,
  `--init-file=${setup}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  '--socket=mysql.sock',
  '--pid-file=mysql.pid',
  '--skip-name-resolve',
  '--loose-skip-log-bin',
  '--loose-mysqlx=OFF',
  '--loose-secure-file-priv=',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  '--default-time-zone=+00:00',
  '--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-buffer-pool-size=64M',
  '--loose-innodb-log-file-size=8M',
  '--loose-innodb-redo-log-capacity=8M',
  '--max-connections=500',
  '--loose-performance-schema=OFF',
]

const listTlsArgs = (tls: Certificate | undefined): string[] =>
  tls ? [`--ssl-cert=${tls.certFile}`, `--ssl-key=${tls.keyFile}`, '--require-secure-transport=ON'] : []

// The server reads it at each start. The user may do everything: tests make databases and break things on purpose.
const createSetupSql = (password: string) => `
CREATE DATABASE IF NOT EXISTS ${DATABASE};
CREATE USER IF NOT EXISTS '${DATABASE}'@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO '${DATABASE}'@'%' WITH GRANT OPTION;
ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';
`

/** The server sends the first packet by itself: three bytes of length, a number, protocol version 10. */
async function isMysqlReady(port: number): Promise<boolean> {
  const packet = await exchangeWithPort(port)
  return packet?.[4] === 10
}
