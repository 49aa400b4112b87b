import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findKubectl } from '@engineer-chat/local-stack/testing'
import { parseAllDocuments } from 'yaml'

export const ROOT = join(import.meta.dirname, '../../../../..')
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const OVERLAYS = ['small', 'production'] as const
export type Overlay = (typeof OVERLAYS)[number]

type Labels = Record<string, string>

export interface Variable {
  name: string
  value?: string
  valueFrom?: unknown
}

export interface Probe {
  httpGet: { path: string; port: string }
  periodSeconds?: number
  failureThreshold?: number
}

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  env?: Variable[]
  envFrom?: Array<{ configMapRef: { name: string } }>
  ports?: Array<{ name: string; containerPort: number }>
  volumeMounts?: Array<{ name: string; mountPath: string; readOnly?: boolean }>
  startupProbe?: Probe
  livenessProbe?: Probe
  readinessProbe?: Probe
  securityContext?: object
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
}

interface SecretItems {
  items: Array<{ key: string; path: string }>
}

export interface Volume {
  name: string
  emptyDir?: object
  configMap?: { name: string }
  secret?: SecretItems & { secretName: string }
  projected?: { sources: Array<{ secret: SecretItems & { name: string } }> }
}

export interface Pod {
  metadata: { labels: Labels }
  spec: {
    serviceAccountName: string
    automountServiceAccountToken: boolean
    terminationGracePeriodSeconds?: number
    securityContext: object
    initContainers?: Container[]
    containers: [Container, ...Container[]]
    topologySpreadConstraints?: Array<{ topologyKey: string; whenUnsatisfiable: string; nodeTaintsPolicy?: string }>
    volumes: Volume[]
  }
}

export interface Peer {
  namespaceSelector?: { matchLabels: Labels }
  podSelector?: { matchLabels: Labels }
  ipBlock?: { cidr: string; except?: string[] }
}

export interface PolicyRule {
  from?: Peer[]
  to?: Peer[]
  ports: Array<{ port: number; protocol: string }>
}

/** Declares the fields of an object that the tests read. The schemas declare all fields. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Labels }
  data?: Record<string, string>
  spec: {
    replicas?: number
    selector?: Labels & { matchLabels?: Labels }
    template?: Pod
    strategy?: { rollingUpdate: { maxUnavailable: number; maxSurge: number } }
    podSelector?: { matchLabels: Labels; matchExpressions?: Array<{ key: string; operator: string; values: string[] }> }
    policyTypes?: string[]
    ingress?: PolicyRule[]
    egress?: PolicyRule[]
    ports?: Array<{ name: string; port: number; targetPort: string }>
    rules?: Array<{ host: string; http: { paths: IngressPath[] } }>
    tls?: Array<{ hosts: string[]; secretName: string }>
    endpoints?: Array<{
      port: string
      path: string
      interval: string
      relabelings: Array<{ targetLabel: string; replacement: string }>
    }>
    groups?: unknown
    minReplicas?: number
    maxReplicas?: number
    minReplicaCount?: number
    maxReplicaCount?: number
    scaleTargetRef?: { name: string }
    triggers?: Array<{
      type: string
      metadata: { query: string; queryValue: string }
      authenticationRef: { name: string }
    }>
    secretTargetRef?: Array<{ parameter: string; name: string; key: string }>
    target?: { name: string }
    data?: Array<{ secretKey: string }>
  }
}

export interface IngressPath {
  path: string
  pathType: 'Exact' | 'Prefix'
  backend: { service: { name: string; port: { name: string } } }
}

const { skip, renderKustomization } = findKubectl()

/** Tests pass this value as their option `skip`. If kubectl is missing, it is the reason why they are skipped. */
export { skip }

const renderedOverlays = new Map<Overlay, Manifest[]>()

/** Renders an overlay. Each test file renders it only once. */
export function renderOverlay(name: Overlay): Manifest[] {
  const manifests =
    renderedOverlays.get(name) ?? parseManifests(renderKustomization(join(ROOT, 'deploy/kubernetes/overlays', name)))
  renderedOverlays.set(name, manifests)
  return manifests
}

export const parseManifests = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document): Manifest => document.toJS())

export function getManifest(manifests: Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)
  if (!found) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

/** Lists the objects that start pods, each with the template of its pods. */
export function listWorkloads(manifests: Manifest[]): Array<{ name: string; kind: string; pod: Pod }> {
  return manifests.flatMap(({ kind, metadata, spec }) =>
    spec?.template ? [{ name: metadata.name, kind, pod: spec.template }] : [],
  )
}

export const listContainers = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers]

/** Returns the variables of a container: those of its ConfigMaps, overridden by its own. */
export function getEnvironment(manifests: Manifest[], container: Container): Record<string, string> {
  const maps = (container.envFrom ?? []).map(({ configMapRef }) =>
    getManifest(manifests, 'ConfigMap', configMapRef.name),
  )
  const ownVariables = (container.env ?? []).map(({ name, value = '' }) => [name, value] as const)
  return Object.assign({}, ...maps.map(({ data }) => data), Object.fromEntries(ownVariables))
}

/** Maps the path of each file that a container mounts from a Secret to the name of the Secret and the key in it. */
export function listMountedFiles(
  { spec }: Pod,
  container: Container,
): Map<string, { kind: string; name: string; key: string }> {
  const files = new Map<string, { kind: string; name: string; key: string }>()
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = spec.volumes.find((candidate) => candidate.name === name)
    if (!volume) throw new Error(`There is no volume ${name}.`)
    const ownSecret = volume.secret ? [{ name: volume.secret.secretName, items: volume.secret.items }] : []
    for (const secret of [...(volume.projected?.sources.map((source) => source.secret) ?? []), ...ownSecret])
      for (const { key, path } of secret.items)
        files.set(`${mountPath}/${path}`, { kind: 'Secret', name: secret.name, key })
  }
  return files
}
