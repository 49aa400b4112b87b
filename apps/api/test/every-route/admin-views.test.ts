import t from 'tap'
import { callEveryRoute, listRouteCases } from './calls.ts'
import { CANARY, createEventFixture, EVENT_ID, listRoutes, openBoardQueue } from './event-fixture.ts'

t.test('[AUDIT5] each route has a case that says what it shows to admins', async (t) => {
  const boardQueue = await openBoardQueue(t)
  let routesWithCase: string[] = []
  const routes = await listRoutes(async () => {
    routesWithCase = Object.keys(listRouteCases(await createEventFixture(t, boardQueue)))
  })
  t.same(routesWithCase.sort(), routes)
})

t.test('[AUDIT5] every route by which an admin reads a restricted event adds an audit entry', async (t) => {
  await callEveryRoute(
    t,
    ({ admin }) => admin,
    (t, { entries, admin }, { shown }, { body, statusCode }) => {
      t.ok(statusCode < 500, `${statusCode} ${body.slice(0, 300)}`)
      if (shown === 'nothing') {
        t.notMatch(body, CANARY)
        t.notMatch(body, EVENT_ID)
        return
      }
      t.ok(statusCode < 300, `${statusCode} ${body.slice(0, 300)}`)
      t.ok(entries.every(({ actor }) => actor === admin.user_id))
      if (shown === 'event') {
        t.ok(entries.some(({ action, event_id }) => action === 'admin_view' && event_id === EVENT_ID))
      } else {
        t.notMatch(body, CANARY, 'a list of ids contains no text')
        t.ok(entries.some(({ object_type }) => object_type === shown))
      }
    },
  )
})
