import t from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

t.test('[STATS1] only admins see the statistics of the last 30 days, in total and by model', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [admin, alice] = [await harness.signUp('root', 'admin'), await harness.signUp('alice')]
  const event_id = await harness.createEvent(alice)
  await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'secret words' })
  await harness.stores.statistics.updateDayStats(2)
  checkProblem(t, await alice.call('GET', '/api/admin/analytics'), 403, 'forbidden')
  const response = await admin.call('GET', '/api/admin/analytics')
  const { from, to, all, session_figures, models, days } = response.json()
  t.equal((Date.parse(to) - Date.parse(from)) / 86_400_000, 29, 'the 30 days include the first and the last one')
  // No worker runs, so the reply of Alice is unfinished and no model was called.
  t.match(all, { replies: 1, unfinished: 1, satisfaction: null })
  t.match(session_figures, { completed: 0, abandoned: 0, completion: null, abandonment: null })
  // Only today is listed, because the only question was sent today.
  t.equal(days.length, 1)
  t.match(days[0], { session_figures, sessions: 1, people: 1, all })
  t.same([days[0].models, days[0].calls], [models, []])
  t.same(models, [{ model: null, figures: all }])
  t.notMatch(response.body, new RegExp(`secret|${alice.user_id}|${event_id}`))
  const earlier = (await admin.call('GET', '/api/admin/analytics?from=2020-01-01&to=2020-12-31')).json()
  t.match(earlier, { from: '2020-01-01', all: { replies: 0, completion: null, answer_ms: null } })
  t.same(earlier.days, [])
})

t.test('[STATS1] an invalid day and a range of too many days are refused', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const admin = await harness.signUp('root', 'admin')
  for (const query of [
    'from=yesterday',
    'to=2026-02-30',
    'from=2026-01-02T00:00:00Z',
    'from=2026-01-02&to=2026-01-01',
    'from=2024-12-31&to=2026-01-01', // These are 367 days, and at most 366 are allowed.
  ]) {
    checkProblem(t, await admin.call('GET', `/api/admin/analytics?${query}`), 400, 'validation_failed', query)
  }
})
