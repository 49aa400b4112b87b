import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMetrics, measureBuild } from '@engineer-chat/adapters/metrics'
import t from 'tap'

t.test('[METRIC1] every app has its own registry with the four response times and the default metrics', async (t) => {
  const api = createMetrics('api')
  const worker = createMetrics('worker')
  api.apiResponse.observe({ method: 'POST', route: '/api/engineer-chat/send', status: 200 }, 0.01)
  api.userMessageDisplay.observe(0.004)
  worker.aiResponseGeneration.observe({ model: 'm', outcome: 'chat' }, 3)
  worker.aiResponseDisplay.observe(0.006)
  const [apiMetrics, workerMetrics] = await Promise.all([api.registry.metrics(), worker.registry.metrics()])
  for (const name of [
    'engineer_chat_api_response_duration_seconds',
    'engineer_chat_user_message_display_duration_seconds',
    'engineer_chat_ai_response_generation_duration_seconds',
    'engineer_chat_ai_response_display_duration_seconds',
    'process_cpu_seconds_total',
  ]) {
    t.match(apiMetrics, `# TYPE ${name} `)
  }
  t.match(apiMetrics, /api_response_duration_seconds_count\{.*component="api".*status="200".*\} 1/)
  t.match(workerMetrics, /ai_response_generation_duration_seconds_count\{.*component="worker".*\} 1/)
  t.notMatch(workerMetrics, /status="200"/)
  t.match(apiMetrics, /\n$/)
})

t.test('[METRIC6] each process shows its version, and its commit if it is known', async (t) => {
  const manifest = readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8')
  const { version } = JSON.parse(manifest)
  const withCommit = createMetrics('api').registry
  const withoutCommit = createMetrics('worker').registry

  measureBuild(withCommit, { commit: '3833a27' })
  measureBuild(withoutCommit, {})

  const formatBuildInfo = (component: string, commit: string) =>
    `engineer_chat_build_info{version="${version}",commit="${commit}",component="${component}"} 1`
  t.match(await withCommit.metrics(), formatBuildInfo('api', '3833a27'))
  t.match(await withoutCommit.metrics(), formatBuildInfo('worker', ''))
})
