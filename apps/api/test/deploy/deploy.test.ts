import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createReplyCounters,
  measureBacklog,
  measureBreakers,
  measureBudgets,
  measureClock,
  measureMysql,
  measurePool,
  measurePostponed,
  measureQueue,
  measureRedis,
  measureTotalSessions,
} from '@engineer-chat/adapters/metrics'
import { findAmtool, findPromtool } from '@engineer-chat/local-stack/testing'
import { Gauge } from 'prom-client'
import t from 'tap'
import { parse } from 'yaml'
import { createHarness } from '../harness.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const { skip, runPromtool } = findPromtool()
const amtool = findAmtool()

/** Registers the metrics of both apps in one registry, and returns their names and their text. */
async function collectMetrics() {
  const harness = await createHarness()
  const { registry } = harness.deps.metrics
  createReplyCounters(registry, new Set())
  measureBreakers(registry, () => [])
  measureBudgets(registry, async () => [])
  measureRedis(registry, () => 'ready')
  measureMysql(registry, async () => {})
  measureClock(registry, () => 0)
  measurePool(registry, () => ({ used: 0, free: 0, waiting: 0 }))
  measureBacklog(registry, async () => ({ unfinished: 0, oldestSeconds: 0 }))
  measurePostponed(registry, async () => 0)
  measureTotalSessions(registry, async () => 0)
  measureQueue(registry, async () => ({ queue: 'ai-reply', counts: { waiting: 0 }, oldestWaitingSeconds: 0 }))
  new Gauge({ name: 'engineer_chat_replies_in_flight', help: 'x', registers: [registry] })
  const text = (await harness.app.inject('/metrics')).body
  await harness.close()
  const names = new Set(['up']) // Prometheus itself adds this metric.
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    names.add(name)
    if (type === 'histogram') for (const suffix of ['bucket', 'sum', 'count']) names.add(`${name}_${suffix}`)
  }
  return { names, text }
}

/** Lists the names of metrics in a PromQL query: `up`, and the words with `_` that are neither labels nor functions. */
function listMetrics(query: string): string[] {
  const queryWithoutLabels = query.replace(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]|\bby \([^)]*\)/g, ' ')
  return [...queryWithoutLabels.matchAll(/[a-zA-Z_][\w:]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => name.includes('_') || name === 'up')
}

t.test('[ALERT1] every query of the dashboard and every rule names metrics that exist', async (t) => {
  const { names } = await collectMetrics()
  const rules = read('deploy/prometheus/rules.yml')
  for (const [, recorded = ''] of rules.matchAll(/record: (\S+)/g)) names.add(recorded)
  const dashboard = JSON.parse(read('deploy/grafana/engineer-chat.json'))
  const queries = [
    ...dashboard.panels.flatMap(
      (panel: { targets?: Array<{ expr: string }> }) => panel.targets?.map(({ expr }) => expr) ?? [],
    ),
    ...[...rules.matchAll(/expr: (.+)/g)].map(([, expr]) => expr),
  ] as string[]
  t.ok(queries.length > 50)
  const unknown = queries.flatMap((query) =>
    listMetrics(query)
      .filter((name) => !names.has(name))
      .map((name) => `${name}: ${query}`),
  )
  t.same(unknown, [])
  const query = 'histogram_quantile(0.5, sum by (le) (rate(a_bucket{x="y_z"}[5m]))) / b_c'
  t.same(listMetrics(query), ['a_bucket', 'b_c'], 'functions and labels are not listed')
})

t.test('[ALERT2] each alert has a severity and a runbook that exists', (t) => {
  const alerts = read('deploy/prometheus/rules.yml').split('- alert: ').slice(1)
  t.ok(alerts.length >= 22, 'the alerts are found in the file')
  const alertNames = new Set(alerts.map((alert) => alert.split('\n')[0] ?? ''))
  const [index, tests] = [read('docs/runbooks/README.md'), read('deploy/prometheus/rules.test.yml')]
  t.same(new Set(index.match(/EngineerChat\w+/g)), alertNames, 'the list of runbooks names every alert, and no other')
  for (const alert of alerts) {
    const [name = ''] = alert.split('\n')
    // The rules `…ForHours` differ only in their metric and its limit, so rules.test.yml tests one of them.
    t.ok(tests.includes(`alertname: ${name}`) || name.endsWith('ForHours'), `${name} is tested`)
    t.match(alert, /severity: (page|ticket)/, name)
    const runbook = /runbook: (\S+)/.exec(alert)?.[1] ?? 'none'
    t.ok(existsSync(join(ROOT, runbook)) && read(runbook).includes(String(name)), `${name}: ${runbook}`)
    const url = `runbook_url: "{{ $externalLabels.runbooks }}/${runbook.replace('docs/runbooks/', '')}"`
    t.ok(alert.includes(url), `${name}: its runbook's address`)
  }
  t.end()
})

t.test(
  '[ALERT3] [ALERT5] the rules fire in the situations that their tests describe, and in no others',
  { skip },
  (t) => {
    const cwd = join(ROOT, 'deploy/prometheus')
    for (const command of [
      ['check', 'rules', 'rules.yml'],
      ['test', 'rules', 'rules.test.yml'],
      ['check', 'config', '--syntax-only', 'prometheus.yml'],
    ]) {
      const { status, output } = runPromtool(command, { cwd })
      t.equal(status, 0, output)
    }
    t.end()
  },
)

/** Lists the alerts that a matcher such as `alertname=~"EngineerChat(QueueOld|NoWorkers)"` names. */
function listAlertNames(matcher: string): string[] {
  const [, prefix = '', choices = '', suffix = ''] = /"(\w+)(?:\(([\w|]+)\)(\w*))?"/.exec(matcher) ?? []
  return choices.split('|').map((choice) => `${prefix}${choice}${suffix}`)
}

t.test('[ALERT4] Alertmanager routes both severities, and its inhibit rules name existing alerts', (t) => {
  const { route, receivers, inhibit_rules } = parse(read('deploy/alertmanager/alertmanager.yml'))
  const alertNames = [...read('deploy/prometheus/rules.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name)
  const matchers: string[] = inhibit_rules.flatMap(({ source_matchers, target_matchers }: Record<string, string[]>) => [
    ...(source_matchers ?? []),
    ...(target_matchers ?? []),
  ])
  const alertMatchers = matchers.filter((matcher) => matcher.startsWith('alertname'))
  t.ok(alertMatchers.length > 0)
  for (const matcher of alertMatchers)
    for (const name of listAlertNames(matcher)) t.ok(alertNames.includes(name), `${name} in ${matcher}`)
  t.same(route.routes[0].matchers, ['severity="page"'], 'a ticket takes the default route')
  const known = receivers.map(({ name }: { name: string }) => name)
  for (const { receiver } of [route, ...route.routes]) t.ok(known.includes(receiver), receiver)
  t.match(read('deploy/prometheus/prometheus.yml'), 'alertmanager:9093', 'Prometheus sends alerts to Alertmanager')
  t.end()
})

t.test('[ALERT4] Alertmanager accepts the example of its configuration', { skip: amtool.skip }, (t) => {
  const { status, output } = amtool.runAmtool(['check-config', 'deploy/alertmanager/alertmanager.yml'], { cwd: ROOT })
  t.equal(status, 0, output)
  t.end()
})

t.test('[METRIC5] promtool reports no problem in the metrics of an API node', { skip }, async (t) => {
  const { text } = await collectMetrics()
  const { status, output } = runPromtool(['check', 'metrics'], { input: text })
  t.equal(status, 0, output)
})
