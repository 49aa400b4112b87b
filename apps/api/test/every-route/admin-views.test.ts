import t from 'tap'
import { callEveryRoute, decideRoutes } from './calls.ts'
import { CANARY, createEventFixture, EVENT_ID, listRoutes, openBoard } from './event-fixture.ts'

t.test('[AUDIT5] each route states what it shows to admins', async (t) => {
  const board = await openBoard(t)
  let decided: string[] = []
  const routes = await listRoutes(async () => {
    decided = Object.keys(decideRoutes(await createEventFixture(t, board)))
  })
  t.same(decided.sort(), routes)
})

t.test('[AUDIT5] every route by which an admin reads a restricted event leaves an audit entry', async (t) => {
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
        t.notMatch(body, CANARY, 'a list of ids holds no text')
        t.ok(entries.some(({ object_type }) => object_type === shown))
      }
    },
  )
})
