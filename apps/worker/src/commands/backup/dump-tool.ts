import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ClientOptions {
  /** These arguments name the server. The password stands in a file for its owner alone, not in the process list. */
  options: string[]
  database: string
  remove(): void
}

export function writeClientOptions(databaseUrl: string): ClientOptions {
  const url = new URL(databaseUrl)
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-backup-'))
  const file = join(folder, 'client.cnf')
  const quoted = (text: string) => `"${decodeURIComponent(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const lines = ['[client]', `host=${quoted(url.hostname)}`, `port=${url.port || 3306}`, `user=${quoted(url.username)}`]
  if (url.password) lines.push(`password=${quoted(url.password)}`)
  writeFileSync(file, `${[...lines, 'protocol=tcp'].join('\n')}\n`, { mode: 0o600 })
  return {
    options: [`--defaults-extra-file=${file}`],
    database: decodeURIComponent(url.pathname.slice(1)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Finds MariaDB's program or MySQL's. */
export function findTool(what: 'dump' | 'client'): string {
  const names = what === 'dump' ? ['mariadb-dump', 'mysqldump'] : ['mariadb', 'mysql']
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0)
  if (!found) throw new Error(`Neither ${names.join(' nor ')} is installed here.`)
  return found
}
