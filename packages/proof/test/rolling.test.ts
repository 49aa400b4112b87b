import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNginx } from '@engineer-chat/local-stack/testing'
import { openEvent, openRoom, until } from '@engineer-chat/proof'
import type { Sent } from '@engineer-chat/protocol'
import { type Test, test } from 'tap'

const nginx = findNginx()
const skip = nginx === undefined && 'nginx is neither here nor to be had'

/** As deploy/ has it for Caddy: whoever says 503, or is gone, isn't asked; a send may be asked again, it has a key. */
const configuration = (port: number, nodes: string[]) => `
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream api { ${nodes.map((node) => `server ${new URL(node).host} max_fails=0;`).join(' ')} }
  server {
    listen 127.0.0.1:${port};
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

test('[OPS2] behind nginx every node is replaced under load: no request fails, no reply is lost', {
  skip,
  timeout: 110_000,
}, async (t) => {
  const room = await openRoom({ apis: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => room.stop())
  const { product, alice } = room
  const front = await startNginx(
    t,
    product.apis.map(({ url }) => url),
  )

  const load = { go: true, failed: [] as unknown[], accepted: [] as Sent[] }
  const asker = async (name: number) => {
    for (let i = 0; load.go; i += 1) {
      const event_id = i % 8 === 0 || !current[name] ? await openEvent(front, alice) : current[name]
      current[name] = event_id
      const key = `roll-${name}-${i}`
      const answer = await alice
        .ask(front, event_id, key, { client_message_id: key })
        .catch((error) => ({ status: 0, error }))
      if (answer.status === 200 && 'body' in answer) load.accepted.push(answer.body)
      else load.failed.push(answer)
    }
  }
  const current: string[] = []
  const askers = [asker(0), asker(1), asker(2)]
  const enough = (count: number) =>
    until(`${count} questions`, () => load.accepted.length >= count || load.failed.length > 0)

  await enough(10)
  for (const old of [...product.apis]) {
    await old.kill('SIGTERM')
    t.equal(await old.exited, 0)
    product.apis.splice(product.apis.indexOf(old), 1)
    await product.startApi({ PORT: new URL(old.url).port })
    await enough(load.accepted.length + 5)
  }
  for (const old of [...product.workers]) {
    await product.startWorker()
    await old.kill('SIGTERM')
    t.equal(await old.exited, 0)
    product.workers.splice(product.workers.indexOf(old), 1)
    await enough(load.accepted.length + 5)
  }
  load.go = false
  await Promise.all(askers)
  t.same(load.failed, [], `none of ${load.accepted.length} failed`)
  for (const sent of load.accepted) {
    const reply = await alice.answerTo(front, sent)
    if (reply.message_type !== 'chat') t.fail(`no answer to ${sent.user_message.message_id}`)
  }
  t.pass('all were answered')
})

async function startNginx(t: Test, nodes: string[]): Promise<string> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-nginx-'))
  writeFileSync(join(folder, 'nginx.conf'), configuration(port, nodes))
  const server = spawn(nginx ?? '', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' })
  const exited = once(server, 'exit')
  t.teardown(async () => {
    server.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  await until('nginx answers', async () => (await fetch(`${url}/livez`).catch(() => undefined))?.ok)
  return url
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return address !== null && typeof address === 'object' ? address.port : 0
}
