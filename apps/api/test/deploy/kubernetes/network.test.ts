import { BlockList } from 'node:net'
import t from 'tap'
import {
  getManifest,
  type IngressPath,
  listWorkloads,
  type Manifest,
  OVERLAYS,
  type Peer,
  type PolicyRule,
  parseManifests,
  readText,
  renderOverlay,
  skip,
} from './render.ts'
import { listErrors } from './schema-errors.ts'

/** A pod has labels and a namespace. An endpoint outside the cluster has only an address. */
interface Endpoint {
  labels?: Record<string, string>
  namespace?: string
  address?: string
}

const ENDPOINTS = {
  api: { namespace: 'engineer-chat', labels: getLabels('api') },
  worker: { namespace: 'engineer-chat', labels: getLabels('worker') },
  migration: { namespace: 'engineer-chat', labels: getLabels('migration') },
  proxy: { namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } },
  prometheus: { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } },
  grafana: { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'grafana' } },
  collector: { namespace: 'tracing', labels: { 'app.kubernetes.io/name': 'opentelemetry-collector' } },
  other: { namespace: 'other', labels: { 'app.kubernetes.io/name': 'other' } },
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  /** MySQL and Redis have addresses in the operator's private network. */
  servers: { address: '10.20.0.5' },
  /** A provider of models or a voice endpoint has a public address. */
  model: { address: '203.0.113.7' },
  /** Clouds give a machine its credentials at this address. */
  metadata: { address: '169.254.169.254' },
  intranet: { address: '192.168.4.4' },
} satisfies Record<string, Endpoint>
type EndpointName = keyof typeof ENDPOINTS

function getLabels(component: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'engineer-chat', 'app.kubernetes.io/component': component }
}

const hasLabels = (labels: Record<string, string>, wanted: Record<string, string> = {}): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value)

function isInNetwork(address: string, cidr: string): boolean {
  const list = new BlockList()
  const [network = '', prefix] = cidr.split('/')
  list.addSubnet(network, Number(prefix))
  return list.check(address)
}

function matchesPeer({ labels, namespace, address }: Endpoint, peer: Peer): boolean {
  const { ipBlock } = peer
  if (ipBlock)
    return (
      address !== undefined &&
      isInNetwork(address, ipBlock.cidr) &&
      !ipBlock.except?.some((cidr) => isInNetwork(address, cidr))
    )
  if (labels === undefined || namespace === undefined) return false
  // A peer without this selector is in the namespace of the policy.
  const namespaceLabels = peer.namespaceSelector?.matchLabels ?? { 'kubernetes.io/metadata.name': 'engineer-chat' }
  return (
    hasLabels({ 'kubernetes.io/metadata.name': namespace }, namespaceLabels) &&
    hasLabels(labels, peer.podSelector?.matchLabels)
  )
}

function isSelected({ labels, namespace }: Endpoint, { spec }: Manifest): boolean {
  const { matchLabels, matchExpressions = [] } = spec.podSelector ?? { matchLabels: {} }
  return (
    namespace === 'engineer-chat' &&
    hasLabels(labels ?? {}, matchLabels) &&
    // All policies use the operator `In`.
    matchExpressions.every(({ key, values }) => values.includes(labels?.[key] ?? ''))
  )
}

/**
 * Returns true if the network allows the connection. A pod that policies select may do only what one of them allows.
 */
function isAllowed(manifests: Manifest[], from: Endpoint, to: Endpoint, port: number): boolean {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy')
  const isDirectionAllowed = (type: 'Ingress' | 'Egress', pod: Endpoint, other: Endpoint) => {
    const ownPolicies = policies.filter((policy) => isSelected(pod, policy) && policy.spec.policyTypes?.includes(type))
    const rules = ownPolicies.flatMap(
      ({ spec }): PolicyRule[] => (type === 'Ingress' ? spec.ingress : spec.egress) ?? [],
    )
    const allowsOther = (rule: PolicyRule) => {
      const peers = rule.from ?? rule.to // A rule without peers allows all of them.
      return (
        rule.ports.some((allowed) => allowed.port === port) &&
        (peers === undefined || peers.some((peer) => matchesPeer(other, peer)))
      )
    }
    return ownPolicies.length === 0 || rules.some(allowsOther)
  }
  return isDirectionAllowed('Egress', from, to) && isDirectionAllowed('Ingress', to, from)
}

/** The ports are those of DNS, HTTP, HTTPS, MySQL, OTLP, API nodes, workers and Redis. */
const PORTS = [53, 80, 443, 3306, 4318, 5007, 5107, 6379]

/** Lists the allowed connections from and to the product's pods, at these ports. */
function listAllowedConnections(manifests: Manifest[]): string[] {
  const names = Object.keys(ENDPOINTS).filter((name): name is EndpointName => name in ENDPOINTS)
  const productPods = new Set<EndpointName>(['api', 'worker', 'migration'])
  const connections: string[] = []
  for (const from of names)
    for (const to of names) {
      const isOfProduct = productPods.has(from) || productPods.has(to)
      if (from === to || !isOfProduct) continue
      for (const port of PORTS)
        if (isAllowed(manifests, ENDPOINTS[from], ENDPOINTS[to], port)) connections.push(`${from} -> ${to}:${port}`)
    }
  return connections
}

const ALWAYS_ALLOWED = [
  'api -> dns:53',
  'api -> servers:3306',
  'api -> servers:6379',
  'worker -> dns:53',
  'worker -> servers:3306',
  'worker -> servers:6379',
  'migration -> dns:53',
  'migration -> servers:3306',
]
const ALLOWED_CONNECTIONS = {
  // `small` has no proxy and no model. It is reached by `kubectl port-forward`.
  small: ALWAYS_ALLOWED,
  production: [
    ...ALWAYS_ALLOWED,
    'worker -> model:443',
    'proxy -> api:5007',
    // One policy of `monitoring` allows both ports on API nodes and workers, so two of these four have no listener.
    'prometheus -> api:5007',
    'prometheus -> api:5107',
    'prometheus -> worker:5007',
    'prometheus -> worker:5107',
  ],
}

for (const overlay of OVERLAYS) {
  t.test(`[KUBE5] ${overlay}: the network allows the necessary connections, and no others`, { skip }, (t) => {
    const manifests = renderOverlay(overlay)
    t.strictSame(listAllowedConnections(manifests).toSorted(), ALLOWED_CONNECTIONS[overlay].toSorted())
    for (const { name, pod } of listWorkloads(manifests)) {
      const component = name.replace('engineer-chat-', '')
      t.match(pod.metadata.labels, getLabels(component), 'the pod has the labels that the policies select')
    }
    t.end()
  })
}

t.test('[KUBE5] the example policies in comments allow voice and traces, and no other connections', { skip }, (t) => {
  const text = readText('deploy/kubernetes/overlays/production/network-policies.yaml')
  // This removes the `#` of examples only. In a comment exactly one space follows the `#`. In an example it is none, or
  // an indentation of two or more.
  const manifests = parseManifests(text.replaceAll(/^#(?! \S)/gm, ''))
  const examples = manifests.filter(({ metadata }) =>
    ['engineer-chat-voice', 'engineer-chat-traces'].includes(metadata.name),
  )
  t.equal(examples.length, 2)
  t.same(examples.flatMap(listErrors), [])
  const allowedBefore = new Set(listAllowedConnections(renderOverlay('production')))
  const allowedAfter = listAllowedConnections([...renderOverlay('production'), ...examples])
  t.same(
    allowedAfter.filter((connection) => !allowedBefore.has(connection)),
    // The voice endpoint is at the address of `model`.
    ['api -> collector:4318', 'api -> model:443', 'worker -> collector:4318'],
  )
  t.end()
})

const isServed = (paths: IngressPath[], url: string): boolean =>
  paths.some(
    ({ path, pathType }) =>
      url === path || (pathType === 'Prefix' && url.startsWith(path.endsWith('/') ? path : `${path}/`)),
  )

t.test('[KUBE5] the proxy serves all routes except metrics and health', { skip }, (t) => {
  const manifests = renderOverlay('production')
  const { rules, tls } = getManifest(manifests, 'Ingress', 'engineer-chat').spec
  const paths = rules?.flatMap(({ http }) => http.paths) ?? []
  t.same(
    tls?.flatMap(({ hosts }) => hosts),
    rules?.map(({ host }) => host),
    'each host has a certificate',
  )
  const hiddenUrls = ['/metrics', '/livez', '/readyz']
  const document: { paths: Record<string, unknown> } = JSON.parse(readText('docs/openapi.json'))
  const undocumentedUrls = [
    '/',
    '/favicon.svg',
    '/assets/index.js',
    '/ws',
    '/docs/',
    '/docs/js/scalar.js',
    '/openapi.json',
    '/asyncapi.json',
  ]
  for (const url of [...Object.keys(document.paths), ...undocumentedUrls])
    t.equal(isServed(paths, url), !hiddenUrls.includes(url), url)
  const service = getManifest(manifests, 'Service', 'engineer-chat-api')
  for (const { backend } of paths)
    t.match(backend.service, { name: service.metadata.name, port: { name: service.spec.ports?.[0]?.name ?? '' } })
  t.end()
})
