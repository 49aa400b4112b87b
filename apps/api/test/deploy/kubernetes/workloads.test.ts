import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { listVariables, MIGRATION_SECTIONS, readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import t, { type Test } from 'tap'
import {
  getEnvironment,
  getManifest,
  listContainers,
  listMountedFiles,
  listWorkloads,
  type Manifest,
  OVERLAYS,
  type Pod,
  ROOT,
  readText,
  renderOverlay,
  skip,
} from './render.ts'

const knownVariables = new Map(listVariables().map(({ variable }) => [variable.name, variable]))
const secretNames = new Set(
  [...knownVariables.values()]
    .filter(({ schema }) => 'secret' in schema && schema.secret === true)
    .map(({ name }) => name),
)

/** An API node that has drained, or a worker that has answered, closes its connections within this time. */
const CLOSE_MS = 10_000

/** Gives an example of the content of each secret's file. */
const SECRET_TEXTS: Record<string, string> = {
  'database-url': 'mysql://engineer_chat:p1@mysql.example.com:3306/engineer_chat',
  'database-admin-url': 'mysql://admin:p2@mysql.example.com:3306/engineer_chat',
  'redis-url': 'redis://:p3@redis.example.com:6379',
  'jwt-secret-key': 'x7Qm2vL9pRt4wZs8nKc3bHy6dFg1jAe5',
  'llm-api-key': 'sk-0123456789',
}

/**
 * Writes the secrets that the container of a pod mounts into a folder. Returns the variables of the container, with the
 * paths of these files.
 */
function mountFiles(t: Test, pod: Pod, manifests: Manifest[]): Record<string, string> {
  const [container] = pod.spec.containers
  const folder = t.testdir()
  const env = getEnvironment(manifests, container)
  for (const [path, { key }] of listMountedFiles(pod, container)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), SECRET_TEXTS[key] ?? '')
  }
  // A variable `…_CA_FILE` names a file with certificates, which the test does not have.
  const entries = Object.entries(env).filter(([name]) => !/_CA_FILE$/.test(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name.endsWith('_FILE') ? join(folder, value) : value]),
  )
}

const getPod = (manifests: Manifest[], kind: string, name: string): Pod => {
  const { template } = getManifest(manifests, kind, name).spec
  if (!template) throw new Error(`${name} starts no pods.`)
  return template
}

t.test('[KUBE9] pods are spread only over nodes that accept pods', { skip }, (t) => {
  for (const { name, kind, pod } of listWorkloads(renderOverlay('production'))) {
    // The pods of a Deployment are spread over machines and over zones. The migration has only one pod.
    const constraints = pod.spec.topologySpreadConstraints ?? []
    t.equal(constraints.length, kind === 'Deployment' ? 2 : 0, name)
    for (const { nodeTaintsPolicy, topologyKey } of constraints)
      t.equal(nodeTaintsPolicy, 'Honor', `${name}: ${topologyKey}`)
  }
  t.end()
})

for (const overlay of OVERLAYS) {
  t.test(
    `[KUBE2] ${overlay}: the configuration knows every variable, and the processes accept their values`,
    { skip },
    (t) => {
      const manifests = renderOverlay(overlay)
      for (const { name, pod } of listWorkloads(manifests))
        for (const container of listContainers(pod))
          for (const variable of Object.keys(getEnvironment(manifests, container))) {
            // A process reads a secret from the file that the variable with `_FILE` names.
            const isFileOfSecret = secretNames.has(variable.replace(/_FILE$/, ''))
            t.ok(knownVariables.has(variable) || isFileOfSecret, `${name}/${container.name}: ${variable}`)
          }
      const api = readConfig(mountFiles(t, getPod(manifests, 'Deployment', 'engineer-chat-api'), manifests))
      const worker = readConfig(
        mountFiles(t, getPod(manifests, 'Deployment', 'engineer-chat-worker'), manifests),
        WORKER_SECTIONS,
      )
      const migration = readConfig(
        mountFiles(t, getPod(manifests, 'Job', 'engineer-chat-migration'), manifests),
        MIGRATION_SECTIONS,
      )
      t.equal(api.signIn.secret, SECRET_TEXTS['jwt-secret-key'])
      t.equal(worker.database.url, api.database.url)
      t.equal(migration.databaseAdmin.url, SECRET_TEXTS['database-admin-url'])
      t.equal(worker.llm.apiKey, overlay === 'production' ? SECRET_TEXTS['llm-api-key'] : undefined)
      t.end()
    },
  )

  t.test(`[KUBE2] ${overlay}: each container gets only the secrets that it needs, and only as files`, { skip }, (t) => {
    const manifests = renderOverlay(overlay)
    const givenSecrets: Record<string, string[]> = {}
    for (const { name, pod } of listWorkloads(manifests))
      for (const container of listContainers(pod)) {
        const files = listMountedFiles(pod, container)
        const env = getEnvironment(manifests, container)
        for (const [variable, value] of Object.entries(env)) {
          t.notOk(
            secretNames.has(variable),
            `${name}/${container.name}: ${variable} must not contain the secret itself`,
          )
          if (secretNames.has(variable.replace(/_FILE$/, '')) && variable.endsWith('_FILE'))
            t.equal(files.get(value)?.kind, 'Secret', `${name}/${container.name}: ${variable}=${value}`)
        }
        const used = Object.values(env).flatMap((value) => files.get(value)?.key ?? [])
        givenSecrets[`${name}/${container.name}`] = used.toSorted()
      }
    const workerSecrets = ['database-url', ...(overlay === 'production' ? ['llm-api-key'] : []), 'redis-url']
    t.strictSame(givenSecrets, {
      'engineer-chat-api/wait-for-migration': ['database-url'],
      'engineer-chat-api/api': ['database-url', 'jwt-secret-key', 'redis-url'],
      'engineer-chat-worker/wait-for-migration': ['database-url'],
      'engineer-chat-worker/worker': workerSecrets,
      'engineer-chat-migration/migration': ['database-admin-url', 'database-url'],
    })
    t.end()
  })

  t.test(`[KUBE3] ${overlay}: no container writes to its disk, is root, or may gain rights`, { skip }, (t) => {
    const manifests = renderOverlay(overlay)
    for (const { name, pod } of listWorkloads(manifests)) {
      t.match(pod.spec, {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      })
      for (const container of listContainers(pod)) {
        t.strictSame(
          container.securityContext,
          { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          `${name}/${container.name}`,
        )
        t.match(container.resources, { requests: { cpu: /\d/, memory: /\d/ }, limits: { memory: /\d/ } })
        const writable = container.volumeMounts?.filter(({ readOnly }) => readOnly !== true) ?? []
        t.strictSame(writable, [{ name: 'tmp', mountPath: '/tmp' }], `${name}/${container.name} writes only to /tmp`)
      }
    }
    const namespace = getManifest(manifests, 'Namespace', 'engineer-chat')
    t.equal(namespace.metadata.labels?.['pod-security.kubernetes.io/enforce'], 'restricted')
    t.match(readText('deploy/Dockerfile'), /^USER node$/m, 'the image runs as the user 1000 of its base image')
    t.end()
  })

  t.test(`[KUBE4] ${overlay}: probes, ports and programs match the processes`, { skip }, (t) => {
    const manifests = renderOverlay(overlay)
    const api = getPod(manifests, 'Deployment', 'engineer-chat-api')
    const worker = getPod(manifests, 'Deployment', 'engineer-chat-worker')
    const { http } = readConfig(mountFiles(t, api, manifests))
    const workerConfig = readConfig(mountFiles(t, worker, manifests), WORKER_SECTIONS)
    const { paths }: { paths: Record<string, unknown> } = JSON.parse(readText('docs/openapi.json'))
    for (const [pod, port] of [
      [api, http.port],
      [worker, workerConfig.worker.port],
    ] as const) {
      const [container] = pod.spec.containers
      const [declared] = container.ports ?? []
      t.equal(declared?.containerPort, port, container.name)
      for (const [probe, path] of [
        [container.startupProbe, '/livez'],
        [container.livenessProbe, '/livez'],
        [container.readinessProbe, '/readyz'],
      ] as const) {
        t.match(probe?.httpGet, { path, port: declared?.name }, `${container.name}: ${path}`)
        t.ok(path in paths, path)
      }
      const service = getManifest(manifests, 'Service', `engineer-chat-${container.name}`)
      t.match(service.spec.ports, [{ port, targetPort: declared?.name }])
      t.match(pod.metadata.labels, service.spec.selector)
      t.match(readText('deploy/Dockerfile'), new RegExp(`^EXPOSE .*${port}`, 'm'))
    }
    const dockerfile = readText('deploy/Dockerfile')
    for (const name of ['HOST', 'WORKER_HOST']) t.match(dockerfile, new RegExp(`^ENV ${name}=0\\.0\\.0\\.0$`, 'm'))
    const bundleScript = readText('deploy/bundle.ts')
    for (const { name, pod } of listWorkloads(manifests))
      for (const container of listContainers(pod)) {
        const programs = [...(container.args ?? []), ...(container.command ?? [])].join(' ').match(/dist\/[\w-]+\.js/g)
        t.equal(programs?.length, 1, `${name}/${container.name}`)
        t.match(bundleScript, basename(programs?.[0] ?? '', '.js'), 'the image contains the program')
      }
    t.end()
  })

  t.test(`[KUBE4] ${overlay}: a pod gets the time that its process needs to end`, { skip }, (t) => {
    const manifests = renderOverlay(overlay)
    const api = getPod(manifests, 'Deployment', 'engineer-chat-api')
    const worker = getPod(manifests, 'Deployment', 'engineer-chat-worker')
    const apiConfig = readConfig(mountFiles(t, api, manifests))
    const workerConfig = readConfig(mountFiles(t, worker, manifests), WORKER_SECTIONS)
    const getGraceMs = ({ spec }: Pod) => (spec.terminationGracePeriodSeconds ?? 30) * 1_000 // 30 is Kubernetes’ default.
    const traceTimeoutMs = apiConfig.tracing.timeoutMs
    t.ok(getGraceMs(api) > apiConfig.http.shutdownDrainMs + CLOSE_MS + traceTimeoutMs)
    t.ok(getGraceMs(worker) > workerConfig.llm.timeoutMs + CLOSE_MS + traceTimeoutMs, 'a worker can finish its answers')
    t.equal(apiConfig.process.shutdownGraceMs, undefined, 'the default of 10 s applies, which is CLOSE_MS')
    // 10 and 3 are Kubernetes’ defaults.
    const { periodSeconds = 10, failureThreshold = 3 } = api.spec.containers[0].readinessProbe ?? {}
    t.ok(
      apiConfig.http.shutdownDrainMs > periodSeconds * failureThreshold * 1_000,
      'the Service notices that the node is stopping',
    )
    for (const name of ['engineer-chat-api', 'engineer-chat-worker']) {
      const { spec } = getManifest(manifests, 'Deployment', name)
      t.match(
        spec.strategy,
        { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        'a new pod is ready before an old one ends',
      )
      t.ok(getManifest(manifests, 'PodDisruptionBudget', name))
    }
    t.end()
  })

  t.test(
    `[KUBE1] ${overlay}: all pods run one image of this version, and every object is in the namespace`,
    { skip },
    (t) => {
      const manifests = renderOverlay(overlay)
      const { version } = JSON.parse(readText('package.json'))
      const images = listWorkloads(manifests).flatMap(({ pod }) => listContainers(pod).map(({ image }) => image))
      t.same([...new Set(images)], [`registry.example.com/engineer-chat:${version}`])
      for (const { kind, metadata } of manifests) {
        if (kind !== 'Namespace') t.equal(metadata.namespace, 'engineer-chat', `${kind} ${metadata.name}`)
        if (kind !== 'ConfigMap' && kind !== 'Namespace' && overlay === 'production')
          t.equal(metadata.labels?.['app.kubernetes.io/name'], 'engineer-chat', `${kind} ${metadata.name}`)
      }
      t.ok(existsSync(join(ROOT, 'docs/kubernetes.md')))
      t.end()
    },
  )
}
