import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '@engineer-chat/local-stack'
import { findCaddy, findNginx } from '@engineer-chat/local-stack/testing'
import { waitUntil } from '@engineer-chat/proof'
import type { Test } from 'tap'

const CADDYFILE = join(import.meta.dirname, '../../../deploy/Caddyfile')

/** Represents a reverse proxy in front of API nodes. */
export interface Proxy {
  /** Holds the program's path; undefined if it is not installed. */
  program: string | undefined
  /** Starts the proxy in front of these nodes, waits until it answers, and returns its URL. */
  start(t: Test, nodeUrls: string[]): Promise<string>
}

/**
 * Configures nginx like deploy/Caddyfile configures Caddy: a request that gets a 502, a 503 or no answer goes to the
 * next node.
 */
const createNginxConfiguration = (url: string, nodeUrls: string[]) => `
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream api { ${nodeUrls.map((nodeUrl) => `server ${new URL(nodeUrl).host} max_fails=0;`).join(' ')} }
  server {
    listen ${new URL(url).host};
    location / {
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_next_upstream error timeout http_502 http_503 non_idempotent;
      proxy_connect_timeout 2s;
    }
  }
}`

export const nginx: Proxy = {
  program: findNginx(),
  async start(t, nodeUrls) {
    const url = await findFreeUrl()
    const folder = createFolder(t)
    writeFileSync(join(folder, 'nginx.conf'), createNginxConfiguration(url, nodeUrls))
    await startProxy(t, this.program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {}, url)
    return url
  },
}

/** Runs Caddy with deploy/Caddyfile. Caddy's own administration API is off, because it has a fixed port. */
export const caddy: Proxy = {
  program: findCaddy(),
  async start(t, nodeUrls) {
    const url = await findFreeUrl()
    const folder = createFolder(t)
    const env = {
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      SITE: url,
      API_NODES: listHosts(nodeUrls),
    }
    const file = join(folder, 'Caddyfile')
    const globalOptions = `{\n\tadmin off\n}\n`
    writeFileSync(file, globalOptions + readFileSync(CADDYFILE, 'utf8'))
    await startProxy(t, this.program, ['run', '--config', file, '--adapter', 'caddyfile'], env, url)
    return url
  },
}

const listHosts = (urls: string[]): string => urls.map((url) => new URL(url).host).join(' ')

function createFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-proxy-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function startProxy(
  t: Test,
  program: string | undefined,
  args: string[],
  env: Record<string, string>,
  url: string,
) {
  const server = spawn(program ?? '', args, { stdio: 'ignore', env: { ...process.env, ...env } })
  const exited = once(server, 'exit')
  t.teardown(async () => {
    server.kill('SIGTERM')
    await exited
  })
  const isAnswering = async () => (await fetch(`${url}/openapi.json`).catch(() => undefined))?.ok
  await waitUntil(`${program} answers`, isAnswering)
}

/** Finds a port of this machine on which nothing listens, and returns a URL with this port. */
export async function findFreeUrl(): Promise<string> {
  return `http://127.0.0.1:${await findFreePort()}`
}
