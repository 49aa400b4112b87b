import type { Test } from 'tap'
import { toHealthByModel } from '../../../src/operations/model-health.ts'
import { createId } from '../../../src/shared/index.ts'
import { type Harness, type MakeHarness, runSuite } from '../harness.ts'

/** Proves a ModelHealthStore. */
export const modelHealthContract = (t: Test, make: MakeHarness) => runSuite(t, 'model health', make, proveReports)

function proveReports(t: Test, { stores: { modelHealth } }: Harness): void {
  const noCalls = { last_success_at: null, last_failure_at: null, last_failure_code: null }
  const find = async (model_id: string) => toHealthByModel(await modelHealth.list()).get(model_id)

  t.test(
    '[HEALTH1] a worker’s later report replaces its earlier one, and the reports of all workers are combined',
    async (t) => {
      const [model_id, worker, otherWorker] = [createId(), createId(), createId()]
      const failed = { ...noCalls, last_failure_at: '2026-03-01T08:00:00.000Z', last_failure_code: 'llm_timeout' }
      await modelHealth.report(worker, [{ model_id, breaker: 'closed', ...noCalls }])
      await modelHealth.report(worker, [{ model_id, breaker: 'open', ...failed }])
      const last_success_at = '2026-03-01T07:59:00.125Z'
      await modelHealth.report(otherWorker, [{ model_id, breaker: 'closed', ...noCalls, last_success_at }])

      const health = await find(model_id)

      t.same(health, { ...failed, last_success_at, workers: 2, left_out_by: 1 })
    },
  )

  t.test('[HEALTH1] a worker without models reports nothing', async (t) => {
    await modelHealth.report(createId(), [])

    t.equal(await find(createId()), undefined)
  })
}
