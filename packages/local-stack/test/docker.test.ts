import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Test, test } from 'tap'
import { isDockerRunning, startInDocker } from '../src/servers/docker.ts'
import { openServerFolder } from '../src/servers/server-folder.ts'
import { removeOwnEntries } from '../src/start/folder/product-folder.ts'
import { isAlive, waitUntil } from './fake-product.ts'

// This `docker` appends its arguments to the file `calls`. Its one container runs while the file `running` exists.
const FAKE_DOCKER = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
case "$*" in
  info) [ -e daemon ] ;;
  'compose version') exit 0 ;;
  *' up '*) echo "$MYSQL_PORT $MYSQL_ROOT_PASSWORD" > environment; touch running ;;
  *' ps '*) echo 0123456789abcdef ;;
  inspect*) echo 4242 ;;
  wait*) while [ -e running ]; do sleep 0.02; done ;;
  *' stop '*|*' kill '*|stop*) rm -f running ;;
esac
`

test('[HOUSE8] Docker is used only if its daemon and its compose plugin both answer', async (t) => {
  const folder = installFakeDocker(t)
  t.equal(await isDockerRunning(), false)
  writeFileSync(join(folder, 'daemon'), '')
  t.equal(await isDockerRunning(), true)
})

test('[HOUSE8] a server in Docker is started, killed, restarted and stopped like a program of this machine', async (t) => {
  const folder = installFakeDocker(t)
  const data = openServerFolder(join(folder, 'data'))
  const pids: number[] = []
  const server = await startInDocker('mysql', data, 23_306, (pid) => pids.push(pid))
  t.equal(server.url, `mysql://root:${data.password}@127.0.0.1:23306/engineer_chat`)
  t.equal(server.pid, 4242)
  t.equal(readFileSync(join(folder, 'environment'), 'utf8').trim(), `23306 ${data.password}`)

  const { exited } = server
  await server.kill()
  await exited
  await server.restart()
  t.equal(pids.length, 2)
  t.ok(isAlive(pids[1] ?? 0), 'the process that stops the container runs as long as this one')
  await server.stop()
  await waitUntil('the processes have ended', () => !pids.some(isAlive))
  const project = /^compose -f \S+docker-compose\.yml -p engineer-chat-[0-9a-f]{8} (.+)$/
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
  t.same(
    calls.map((line) => project.exec(line)?.[1]).filter((command) => command && !command.startsWith('ps')),
    ['up -d --wait mysql', 'kill -s SIGKILL mysql', 'stop mysql', 'up -d --wait mysql', 'stop mysql'],
  )
})

test('[RUN5] removing the data of earlier starts removes the volumes of Docker, too', async (t) => {
  const folder = installFakeDocker(t)
  const data = join(folder, 'data')
  const server = await startInDocker('mysql', openServerFolder(join(data, 'mysql')), 23_306)
  await server.stop()
  await removeOwnEntries(data)
  t.notOk(existsSync(join(data, 'mysql')))
  const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
  const project = /-p (\S+) up/.exec(calls.join('\n'))?.[1]
  t.match(calls.at(-1), ` -p ${project} down --volumes`)
})

function installFakeDocker(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-docker-'))
  writeFileSync(join(folder, 'docker'), FAKE_DOCKER)
  chmodSync(join(folder, 'docker'), 0o755)
  const path = process.env.PATH
  process.env.PATH = [folder, path].join(delimiter)
  t.teardown(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
