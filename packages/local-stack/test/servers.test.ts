import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { startMysql, startRedis } from '../src/index.ts'

test('[HOUSE4] a private MySQL requires its password, and keeps its data after a kill and after a stop', async (t) => {
  const dataDir = await createFolder(t)
  const server = await startMysql({ dataDir })
  t.teardown(() => server.stop())
  const url = new URL(server.url)
  await runQuery(server.url, 'CREATE TABLE kept (n INT)')
  await runQuery(server.url, 'INSERT INTO kept VALUES (1)')
  t.match((await runQuery(server.url, 'SELECT @@sql_mode AS mode'))[0], { mode: /ONLY_FULL_GROUP_BY/ })
  t.match((await runQuery(server.url, 'SELECT @@character_set_database AS name'))[0], { name: 'utf8mb4' })
  await t.rejects(runQuery(server.url.replace(url.password, 'wrong'), 'SELECT 1'), { code: 'ER_ACCESS_DENIED_ERROR' })

  const firstPid = server.pid
  await server.kill()
  await server.exited
  await t.rejects(runQuery(server.url, 'SELECT 1'))
  await server.restart()
  t.not(server.pid, firstPid)
  t.match(await runQuery(server.url, 'SELECT n FROM kept'), [{ n: 1 }])

  await server.stop()
  await server.stop()
  const nextServer = await startMysql({ dataDir, port: Number(url.port) })
  t.teardown(() => nextServer.stop())
  t.equal(nextServer.url, server.url, 'the same folder has the same password')
  t.match(await runQuery(nextServer.url, 'SELECT n FROM kept'), [{ n: 1 }])
})

test('[HOUSE4] a private Redis requires its password, never evicts, and keeps its data after a kill and after a stop', async (t) => {
  const dataDir = await createFolder(t)
  const server = await startRedis({ dataDir })
  t.teardown(() => server.stop())
  t.equal(await runRedisCommand(server.url, 'SET kept 1'), '+OK')
  t.match(await runRedisCommand(server.url, 'CONFIG GET maxmemory-policy'), /noeviction/)
  t.match(await runRedisCommand(server.url.replace(/:[^:@]+@/, ':wrong@'), 'PING'), /WRONGPASS|NOAUTH/)

  // A kill would lose a write that is still in the buffer of the append-only file.
  while (!(await runRedisCommand(server.url, 'INFO persistence')).includes('aof_buffer_length:0\r')) await sleep(20)
  await server.kill()
  await server.restart()
  t.match(await runRedisCommand(server.url, 'GET kept'), /1$/)

  await server.stop()
  const nextServer = await startRedis({ dataDir, port: Number(new URL(server.url).port) })
  t.teardown(() => nextServer.stop())
  t.match(await runRedisCommand(nextServer.url, 'GET kept'), /1$/)
})

test('[HOUSE4] the starter of a MySQL learns of each process that uses its folder', async (t) => {
  const { TEST_MYSQL_TEMPLATE: template } = process.env
  delete process.env.TEST_MYSQL_TEMPLATE // Without this variable, the data is created and not copied.
  t.teardown(() => Object.assign(process.env, template === undefined ? {} : { TEST_MYSQL_TEMPLATE: template }))
  const pids: number[] = []
  const server = await startMysql({ dataDir: await createFolder(t), onSpawn: (pid) => pids.push(pid) })
  t.teardown(() => server.stop())
  t.equal(pids.length, 2, 'first a process creates the data')
  t.equal(pids[1], server.pid)
  await server.restart()
  t.equal(pids[2], server.pid)
})

test('[HOUSE4] two private servers do not share data', async (t) => {
  const [firstServer, secondServer] = await Promise.all([startRedis(), startRedis()])
  t.teardown(() => Promise.all([firstServer.stop(), secondServer.stop()]))
  t.not(firstServer.url, secondServer.url)
  await runRedisCommand(firstServer.url, 'SET mine 1')
  t.equal(await runRedisCommand(secondServer.url, 'GET mine'), '$-1', 'the second server has no such key')
})

test('[HOUSE4] a server that cannot start says why', async (t) => {
  const runningServer = await startRedis()
  t.teardown(() => runningServer.stop())
  await t.rejects(startRedis({ port: Number(new URL(runningServer.url).port) }), {
    message: /[Aa]ddress already in use/,
  })
})

test('[HOUSE5] servers end when the process that started them ends or is killed', async (t) => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const program = `
      import { startMysql, startRedis } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))}
      const servers = await Promise.all([startMysql({ dataDir: process.argv[1] }), startRedis()])
      console.log(servers.map((server) => server.url).join(' '))`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program, await createFolder(t)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await Array.fromAsync(readFirstLine(parent.stdout))
    const ports = (line ?? '').split(' ').map((url) => Number(new URL(url).port))
    parent.kill(signal)
    for (const port of ports) t.ok(await isClosedWithin(10_000, port), `port ${port} is closed after ${signal}`)
  }
})

async function createFolder(t: Test): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-servers-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  return folder
}

async function runQuery(url: string, sql: string): Promise<unknown[]> {
  const connection = await createConnection(url)
  try {
    const [rows] = await connection.query(sql)
    return rows as unknown[]
  } finally {
    await connection.end()
  }
}

/** Sends one command with the password of the URL and returns the answer. */
function runRedisCommand(url: string, command: string): Promise<string> {
  const { port, password } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' })
    let answer = ''
    socket.once('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.once('error', reject)
    socket.once('end', () => resolve(answer.replace(/^\+OK\r\n/, '').replace(/\r\n\+OK\r\n$/, '')))
  })
}

async function* readFirstLine(stream: NodeJS.ReadableStream) {
  for await (const line of createInterface({ input: stream })) {
    yield line
    return
  }
}

async function isClosedWithin(timeoutMs: number, port: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    if (!(await isOpen(port))) return true
    await sleep(50)
  }
  return false
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
