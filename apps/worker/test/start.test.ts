import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'

for (const app of ['api', 'worker']) {
  t.test(
    `[WORKER4] without MySQL the ${app} ends immediately with one line that names the reason and no secret`,
    async (t) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      const closedPort = address !== null && typeof address === 'object' ? address.port : 0
      server.close()
      await once(server, 'close')
      const mainFile = fileURLToPath(new URL(`../../${app}/src/main.ts`, import.meta.url))
      const child = spawn(process.execPath, [mainFile], {
        env: {
          NODE_OPTIONS: process.env.NODE_OPTIONS,
          DATABASE_URL: `mysql://root:hyacinth@127.0.0.1:${closedPort}/engineer_chat`,
          REDIS_URL: `redis://127.0.0.1:${closedPort}`,
          JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
          WORKER_PORT: '0',
          LLM_MODLE: 'hyacinth',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [errorOutput, log, [code]] = await Promise.all([
        text(child.stderr),
        text(child.stdout),
        once(child, 'exit'),
      ])
      t.equal(code, 1)
      t.match(errorOutput, /^No connection to MySQL \(ECONNREFUSED\)[^\n]*\n$/)
      t.match(
        log,
        /"variable":"LLM_MODLE","nearest":"LLM_MODEL","event":"EngineerChat.variable_not_read"/,
        '[CONF9] the log names the misspelt variable',
      )
      t.notMatch(errorOutput + log, /hyacinth/, 'the password and the value of the unknown variable are not printed')
    },
  )
}
