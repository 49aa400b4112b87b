import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { parseDatabaseAddress, type toDatabaseTls } from '@engineer-chat/adapters/environment'

export interface DatabaseServer {
  url: string
  tls: ReturnType<typeof toDatabaseTls>
}

export interface ClientProgramOptions {
  /** Names the option file, which holds server, user and password and which only its owner can read. */
  fileArguments: string[]
  database: string
  /** Removes the option file and, with TLS, the certificate file. */
  removeFiles(): void
}

interface Tool {
  program: string
  isMariadb: boolean
}

/** Writes the options that the tool needs to connect to the server into files of a temporary folder. */
export function writeClientProgramOptions(tool: Tool, { url, tls }: DatabaseServer): ClientProgramOptions {
  const { host, port, user, password, database } = parseDatabaseAddress(url)
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-backup-'))
  const file = join(folder, 'client.cnf')
  const lines = ['[client]', `host=${quote(host)}`, `port=${port}`, `user=${quote(user)}`]
  if (password) lines.push(`password=${quote(password)}`)
  if (tls) lines.push(...listTlsOptions(tool, writeAuthorities(folder, tls.ca)))
  // MariaDB's client checks certificates by default since 11.4, and would refuse the certificate that MySQL creates.
  else if (tool.isMariadb) lines.push('ssl-verify-server-cert=0')
  writeFileSync(file, `${[...lines, 'protocol=tcp'].join('\n')}\n`, { mode: 0o600 })
  return {
    fileArguments: [`--defaults-extra-file=${file}`],
    database,
    removeFiles: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Quotes a value as the option files of MySQL and MariaDB require it. */
const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** Writes the authorities that the product's own connections trust, so that the client trusts the same ones. */
function writeAuthorities(folder: string, ca: string | undefined): string {
  const file = join(folder, 'ca.pem')
  writeFileSync(file, ca ?? getCACertificates('default').join('\n'), { mode: 0o600 })
  return file
}

const listTlsOptions = ({ isMariadb }: Tool, caFile: string): string[] => [
  `ssl-ca=${quote(caFile)}`,
  ...(isMariadb ? ['ssl', 'ssl-verify-server-cert'] : ['ssl-mode=VERIFY_IDENTITY']),
]

/** Finds the program of MariaDB or, if it is missing, that of MySQL. */
export function findTool(kind: 'dump' | 'client'): Tool {
  const names = kind === 'dump' ? ['mariadb-dump', 'mysqldump'] : ['mariadb', 'mysql']
  for (const program of names) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    if (status === 0) return { program, isMariadb: stdout.includes('MariaDB') }
  }
  throw new Error(`Neither ${names.join(' nor ')} is installed.`)
}
