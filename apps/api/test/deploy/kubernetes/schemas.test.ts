import t from 'tap'
import { OVERLAYS, parseManifests, readText, renderOverlay, skip } from './render.ts'
import { listErrors } from './schema-errors.ts'

for (const overlay of OVERLAYS)
  t.test(
    `[KUBE1] ${overlay}: every object matches its schema, and only production has objects for operators`,
    { skip },
    (t) => {
      const manifests = renderOverlay(overlay)
      t.same(manifests.flatMap(listErrors), [])
      const kinds = manifests.map(({ kind }) => kind)
      const operatorKinds = ['ScaledObject', 'ServiceMonitor', 'PrometheusRule', 'ExternalSecret']
      for (const kind of operatorKinds) t.equal(kinds.includes(kind), overlay === 'production', kind)
      for (const kind of ['Namespace', 'Deployment', 'Job', 'Service', 'PodDisruptionBudget', 'NetworkPolicy'])
        t.ok(kinds.includes(kind), kind)
      t.end()
    },
  )

/** Lists mistakes that happened before: a file, a correct text in it, and the wrong text. */
const MISTAKES = [
  ['base/api.yaml', 'readinessProbe:', 'readynessProbe:'],
  ['base/api.yaml', 'runAsNonRoot: true', "runAsNonRoot: 'true'"],
  ['base/api.yaml', 'containerPort: 5007', "containerPort: '5007'"],
  ['base/api.yaml', 'maxUnavailable: 1\n', 'maxUnavailabel: 1\n'],
  ['base/worker.yaml', 'terminationGracePeriodSeconds', 'terminationGracePeriodSecond'],
  ['base/worker.yaml', 'clusterIP: None', 'clusterIp: None'],
  ['base/migration.yaml', 'ttlSecondsAfterFinished', 'ttlSecondsAfterFinish'],
  ['base/migration.yaml', 'apiVersion: batch/v1', 'apiVersion: batch/v1beta1'],
  ['base/network-policies.yaml', 'podSelector:', 'podSelectors:'],
  ['base/network-policies.yaml', 'ipBlock: { cidr: 10.0.0.0/8 }', 'ipBlock: { cdir: 10.0.0.0/8 }'],
  ['components/scaling/api.yaml', 'averageValue', 'avarageValue'],
  ['components/scaling/api.yaml', 'minReplicas: 3', 'minReplicaCount: 3'],
  ['components/scaling/worker.yaml', 'minReplicaCount: 3', 'minReplicas: 3'],
  ['components/scaling/worker.yaml', "queryValue: '25'", 'queryValue: 25'],
  ['components/scaling/worker.yaml', 'authenticationRef', 'authentificationRef'],
  ['components/monitoring/service-monitors.yaml', 'interval: 15s', 'intervall: 15s'],
  ['components/monitoring/prometheus-rule.yaml', 'expr: ', 'expression: '],
  ['components/external-secrets/external-secrets.yaml', 'secretStoreRef', 'secretStore'],
  ['components/external-secrets/external-secrets.yaml', 'external-secrets.io/v1', 'external-secrets.io/v1alpha1'],
  ['overlays/production/ingress.yaml', 'pathType: Exact', 'pathTyp: Exact'],
] as const

t.test('[KUBE1] the schemas find a misspelled field, a wrong type and an old version', (t) => {
  for (const [file, right, wrong] of MISTAKES) {
    const text = readText(`deploy/kubernetes/${file}`)
    t.ok(text.includes(right), `${file} has ${right}`)
    t.same(parseManifests(text).flatMap(listErrors), [], `${file} has no error`)
    t.not(parseManifests(text.replace(right, wrong)).flatMap(listErrors).length, 0, `${file}: ${wrong}`)
  }
  t.end()
})
