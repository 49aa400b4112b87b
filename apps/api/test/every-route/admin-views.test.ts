import t from 'tap'
import { callEveryRoute, listRouteCases } from './calls.ts'
import { CANARY, createEventFixture, EVENT_ID, listRoutes, openBoardQueue } from './event-fixture.ts'

t.test('[AUDIT5] for each route there is a case that says what an admin sees', async (t) => {
  const boardQueue = await openBoardQueue(t)
  let routesWithCase: string[] = []
  const routes = await listRoutes(async () => {
    routesWithCase = Object.keys(listRouteCases(await createEventFixture(t, boardQueue)))
  })
  t.same(routesWithCase.sort(), routes)
})

t.test('[AUDIT5] when an admin calls a route that shows a restricted event, an audit entry is added', async (t) => {
  await callEveryRoute(
    t,
    ({ admin }) => admin,
    (t, { entries, admin }, { shown }, { body, statusCode }) => {
      t.ok(statusCode < 500, `${statusCode} ${body.slice(0, 300)}`)
      if (shown === 'nothing') {
        t.notMatch(body, CANARY, 'the response contains no text of the event')
        t.notMatch(body, EVENT_ID, 'the response does not name the event')
        return
      }
      t.ok(statusCode < 300, `${statusCode} ${body.slice(0, 300)}`)
      t.ok(
        entries.every(({ actor }) => actor === admin.user_id),
        'each new entry names the admin',
      )
      if (shown === 'event') {
        t.ok(entries.some(({ action, event_id }) => action === 'admin_view' && event_id === EVENT_ID))
      } else {
        t.notMatch(body, CANARY, 'a list of ids contains no text')
        t.ok(entries.some(({ object_type }) => object_type === shown))
      }
    },
  )
})
