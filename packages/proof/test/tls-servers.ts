import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mysql, openMysql } from '@engineer-chat/adapters/mysql'
import { type Authority, createAuthority, type Server, startMysql, startRedisWithTls } from '@engineer-chat/local-stack'
import type { Test } from 'tap'

const ROOT = new URL('../../../', import.meta.url)

export type Environment = Record<string, string>

const toLocalhostUrl = ({ url }: Server): string => url.replace('127.0.0.1', 'localhost')

/** The account that the migration creates for the product has this password. */
export const LIMITED_PASSWORD = 'own-7Qm2vL9pRt4wZs8'

/** Returns the URL with the account that the migration creates. */
export function toLimitedAccountUrl(adminUrl: string): string {
  const url = new URL(adminUrl)
  url.username = 'app'
  url.password = LIMITED_PASSWORD
  return url.href
}

/** Runs an operator's command and returns its exit status and output. */
export function runCommand(name: string, env: Environment, args: string[] = []) {
  const path = fileURLToPath(new URL(`apps/worker/bin/${name}.ts`, ROOT))
  const { PATH, NODE_OPTIONS } = process.env
  return new Promise<{ status: number | string; output: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [path, ...args],
      { env: { PATH, NODE_OPTIONS, ...env } },
      (_, stdout, stderr) => resolve({ status: child.exitCode ?? child.signalCode ?? '', output: stdout + stderr }),
    )
  })
}

export interface TlsServers {
  folder: string
  authority: Authority
  mysql: Server
  redis: Server
  /** With these variables a process uses TLS with both servers and connects to them by host name. */
  env: Environment & Record<'DATABASE_URL' | 'REDIS_URL', string>
  containsSecret(text: string): boolean
}

/** Starts servers that accept only TLS, with certificates for `localhost`. */
export async function startTlsServers(t: Test): Promise<TlsServers> {
  const folder = t.testdir()
  const authority = await createAuthority()
  const certificate = await authority.issue(['localhost'])
  const [mysql, redis] = await Promise.all([
    startMysql({ dataDir: join(folder, 'mysql'), tls: certificate }),
    startRedisWithTls(certificate),
  ])
  t.teardown(async () => {
    await Promise.all([mysql.stop(), redis.stop()])
    authority.remove()
  })
  const env = {
    DATABASE_URL: toLocalhostUrl(mysql),
    DATABASE_TLS: 'verify',
    DATABASE_CA_FILE: authority.caFile,
    // REDIS_TLS turns TLS on, so the URL has the scheme without TLS.
    REDIS_URL: toLocalhostUrl(redis).replace('rediss:', 'redis:'),
    REDIS_TLS: 'verify',
    REDIS_CA_FILE: authority.caFile,
    JWT_SECRET_KEY: 'x7Qm2vL9pRt4wZs8nKc3bHy6dFg1jAe5',
  }
  const secrets = [mysql, redis].map(({ url }) => new URL(url).password)
  return {
    folder,
    authority,
    mysql,
    redis,
    env,
    containsSecret: (text) => secrets.some((secret) => text.includes(secret)),
  }
}

/** Opens MySQL with the account that has all rights. */
export async function openAsAdmin(t: Test, { env, authority }: TlsServers): Promise<Mysql> {
  const mysql = openMysql(env.DATABASE_URL, {
    connectionLimit: 2,
    tls: { ca: await readFile(authority.caFile, 'utf8') },
  })
  t.teardown(() => mysql.close())
  return mysql
}
