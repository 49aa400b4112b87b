import { test } from 'tap'
import { createInstallHint } from '../src/servers/install-servers.ts'
import { findOrInstallServer } from '../src/servers/provide-server.ts'

test('[HOUSE8] a program of this machine is preferred, and Docker and packages are not tried', async (t) => {
  t.same(await findOrInstallServer(() => '/opt/there/mariadbd'), { type: 'program', program: '/opt/there/mariadbd' })
})

test('[HOUSE8] if no server can be found or installed, one line says how to install it', (t) => {
  t.match(createInstallHint(), /^MariaDB or MySQL and Redis or Valkey are needed: .*set DATABASE_URL and REDIS_URL\.$/)
  t.end()
})
