import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchangeWithPort } from '../processes/exchange-with-port.ts'
import { findFreePort } from '../processes/find-free-port.ts'
import { findProgram } from '../processes/find-program.ts'
import { runProgram } from '../processes/run-program.ts'
import type { Certificate } from '../redis-deployments/certificate.ts'
import { startInDocker } from './docker.ts'
import { type OnSpawn, runLocalServer } from './local-server.ts'
import { createMysqlData, listRootArgs } from './mysql-data.ts'
import { findOrInstallServer } from './provide-server.ts'
import type { Server } from './server.ts'
import { openServerFolder, type ServerFolder } from './server-folder.ts'

const DATABASE = 'engineer_chat'

interface MysqlOptions {
  dataDir: string
  port?: number
  /** The server then speaks TLS only. It must be a program of this machine. */
  tls?: Certificate
  /** These options come last, so that they override others. The server must be a program of this machine. */
  serverArgs?: string[]
  /** The data is copied into this folder before the server starts. Other servers may begin with the copy. */
  copyDataTo?: string
  onSpawn?: OnSpawn
}

/** Starts a private MariaDB or MySQL on 127.0.0.1, with its data in `dataDir`. */
export async function startMysql(options: MysqlOptions): Promise<Server> {
  const folder = openServerFolder(options.dataDir)
  const port = options.port ?? (await findFreePort())
  const source = await findOrInstallServer(() => findProgram('mariadbd', 'mysqld'))
  if (source.type === 'docker') return startInDocker('mysql', folder, port, options.onSpawn)
  return startProgram(source.program, folder, port, options)
}

async function startProgram(
  program: string,
  folder: ServerFolder,
  port: number,
  { tls, serverArgs = [], copyDataTo, onSpawn }: MysqlOptions,
): Promise<Server> {
  const isMariadb = (await runProgram(program, ['--version'])).output.includes('MariaDB')
  const dataFolder = join(folder.path, 'mysql')
  const setupFile = join(folder.path, 'setup.sql')
  // Each server has its own temporary folder, because a start deletes temporary tables in it.
  const temporaryFolder = join(folder.path, 'mysql-tmp')
  mkdirSync(temporaryFolder, { recursive: true })
  const tmpdirArg = `--tmpdir=${temporaryFolder}`
  if (!existsSync(dataFolder)) await createMysqlData({ program, isMariadb, dataFolder, tmpdirArg, onSpawn })
  if (copyDataTo !== undefined) cpSync(dataFolder, copyDataTo, { recursive: true })
  writeFileSync(setupFile, createSetupSql(folder.password), { mode: 0o600 })
  return runLocalServer({
    name: 'mysql',
    url: `mysql://${DATABASE}:${folder.password}@127.0.0.1:${port}/${DATABASE}`,
    program,
    args: [
      '--no-defaults',
      ...listRootArgs(),
      tmpdirArg,
      ...listServerArgs(dataFolder, setupFile, port),
      ...listTlsArgs(tls),
      ...serverArgs,
    ],
    logFile: join(folder.path, 'mysql.log'),
    isReady: () => isMysqlReady(port),
    onSpawn,
  })
}

// A program ignores an option that it does not know if the option has the prefix `loose-`. The path of the socket is
// relative, because an absolute one may be too long.
const listServerArgs = (dataFolder: string, setupFile: string, port: number) => [
  `--datadir=${dataFolder}`,
  `--init-file=${setupFile}`,
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

// The server runs this SQL at each start. The user has all rights, because tests create databases and cause failures.
const createSetupSql = (password: string) => `
CREATE DATABASE IF NOT EXISTS ${DATABASE};
CREATE USER IF NOT EXISTS '${DATABASE}'@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO '${DATABASE}'@'%' WITH GRANT OPTION;
ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';
`

/**
 * Returns true if the server sends its greeting, which begins with three bytes of length, a sequence number and the
 * protocol version 10.
 */
async function isMysqlReady(port: number): Promise<boolean> {
  const packet = await exchangeWithPort(port)
  return packet?.[4] === 10
}
