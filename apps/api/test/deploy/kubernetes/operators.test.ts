import { readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import t from 'tap'
import { parse } from 'yaml'
import {
  getManifest,
  listContainers,
  listMountedFiles,
  listWorkloads,
  readText,
  renderOverlay,
  skip,
} from './render.ts'

t.test(
  '[KUBE6] API nodes and workers are scaled between two limits, and `kubectl apply` does not set their number',
  { skip },
  (t) => {
    const manifests = renderOverlay('production')
    const hpa = getManifest(manifests, 'HorizontalPodAutoscaler', 'engineer-chat-api').spec
    const keda = getManifest(manifests, 'ScaledObject', 'engineer-chat-worker').spec
    for (const { scaleTargetRef } of [hpa, keda])
      t.equal(
        getManifest(manifests, 'Deployment', scaleTargetRef?.name ?? '').spec.replicas,
        undefined,
        '`kubectl apply` does not set the number of pods',
      )
    t.same([hpa.minReplicas, keda.minReplicaCount], [3, 3], 'one pod may fail while another one is replaced')
    t.ok(Number(hpa.maxReplicas) > 3 && Number(keda.maxReplicaCount) > 3)
    const [trigger] = keda.triggers ?? []
    const { concurrency } = readConfig(
      { DATABASE_URL: 'mysql://a@b/c', REDIS_URL: 'redis://d' },
      WORKER_SECTIONS,
    ).worker
    t.equal(
      Number(trigger?.metadata.queryValue),
      concurrency / 2,
      'a worker is added when the others are half full, so that they have room while it starts',
    )
    const authentication = getManifest(manifests, 'TriggerAuthentication', trigger?.authenticationRef.name ?? '').spec
    t.same(authentication.secretTargetRef, [
      { parameter: 'connectionString', name: 'engineer-chat-backlog', key: 'connection-string' },
    ])
    const small = renderOverlay('small')
    for (const name of ['api', 'worker'])
      t.equal(getManifest(small, 'Deployment', `engineer-chat-${name}`).spec.replicas, 1)
    t.end()
  },
)

t.test('[KUBE7] the alerts and the names of the scrape jobs are the same as in deploy/prometheus', { skip }, (t) => {
  const manifests = renderOverlay('production')
  const rules = readText('deploy/prometheus/rules.yml')
  const prometheusRule = getManifest(manifests, 'PrometheusRule', 'engineer-chat')
  t.strictSame(prometheusRule.spec, parse(rules))
  t.ok(JSON.stringify(prometheusRule.spec).match(/"alert"/g)?.length, 'the rules contain alerts')

  const {
    scrape_configs,
    global,
  }: { scrape_configs: Array<{ job_name: string }>; global: { scrape_interval: string } } = parse(
    readText('deploy/prometheus/prometheus.yml'),
  )
  const monitors = manifests.filter(({ kind }) => kind === 'ServiceMonitor')
  const endpoints = monitors.flatMap(({ spec }) => spec.endpoints ?? [])
  t.same(
    endpoints
      .flatMap(({ relabelings }) => relabelings)
      .toSorted((first, second) => first.replacement.localeCompare(second.replacement)),
    scrape_configs.map(({ job_name }) => ({ targetLabel: 'job', replacement: job_name })),
  )
  for (const { metadata, spec } of monitors) {
    const service = getManifest(manifests, 'Service', metadata.name)
    t.match(service.metadata.labels, spec.selector?.matchLabels, 'the monitor finds its service')
    t.match(spec.endpoints, [
      { path: '/metrics', port: service.spec.ports?.[0]?.name, interval: global.scrape_interval },
    ])
  }
  t.end()
})

t.test(
  '[KUBE2] each used secret comes from the external secret store, and docs/kubernetes.md says how to create it',
  { skip },
  (t) => {
    const manifests = renderOverlay('production')
    const externalSecrets = new Set(
      manifests
        .filter(({ kind }) => kind === 'ExternalSecret')
        .flatMap(({ spec }) => (spec.data ?? []).map(({ secretKey }) => `${spec.target?.name}/${secretKey}`)),
    )
    const mountedSecrets = listWorkloads(manifests).flatMap(({ pod }) =>
      listContainers(pod).flatMap((container) =>
        [...listMountedFiles(pod, container).values()].map(({ name, key }) => `${name}/${key}`),
      ),
    )
    const secretsOfKeda = manifests
      .filter(({ kind }) => kind === 'TriggerAuthentication')
      .flatMap(({ spec }) => (spec.secretTargetRef ?? []).map(({ name, key }) => `${name}/${key}`))
    t.strictSame([...new Set([...mountedSecrets, ...secretsOfKeda])].toSorted(), [...externalSecrets].toSorted())
    t.notOk(
      manifests.some(({ kind }) => kind === 'Secret'),
      'no secret is in the repository',
    )
    const page = readText('docs/kubernetes.md')
    const documentedSecrets = [
      // The command has one or more options `--from-file=KEY=PATH`, which may be on further lines.
      ...page.matchAll(/create secret generic (\S+)((?:\s*\\?\s*--from-(?:file|literal)=\S+)+)/g),
    ].flatMap(([, name, options = '']) => [...options.matchAll(/=([\w-]+)=/g)].map(([, key]) => `${name}/${key}`))
    t.strictSame([...new Set(documentedSecrets)].toSorted(), [...externalSecrets].toSorted())
    t.end()
  },
)
