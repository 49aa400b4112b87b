import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, sendText, signIn, visit } from '../testing/browser.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

t.test('[ROOM52] a pulled cable shows within five seconds, and goes when it is back', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('ada', event_id)
  const banner = page.locator('[data-testid=offline]')
  t.equal(await banner.count(), 0)
  const pulled = performance.now()
  room.front.stall()
  await banner.waitFor({ timeout: 10_000 })
  const seconds = (performance.now() - pulled) / 1_000
  t.ok(seconds < 5.5, `${seconds.toFixed(1)} s`)
  t.match(await banner.innerText(), 'No connection')
  await sendText(page, 'written meanwhile')
  room.front.connectTo(room.getApiUrl(0))
  await banner.locator('button', { hasText: 'Try now' }).click()
  await banner.waitFor({ state: 'detached' })
  await page.locator('.message.room', { hasText: 'written meanwhile' }).waitFor()
  await context.close()
})

t.test('[ROOM52] a browser that says it is offline is believed at once', async (t) => {
  const event_id = await room.createEvent(room.alice)
  const { page, context } = await room.openAsEngineer('bea', event_id)
  const banner = page.locator('[data-testid=offline]')
  await context.setOffline(true)
  const isShownAtOnce = await page.evaluate(async () => {
    for (let frame = 0; frame < 20 && !document.querySelector('[data-testid=offline]'); frame += 1)
      await new Promise(requestAnimationFrame)
    return document.querySelector('[data-testid=offline]') !== null
  })
  t.ok(isShownAtOnce)
  t.match(await banner.innerText(), 'This device is offline')
  t.ok(await banner.evaluate((one) => one.parentElement?.matches('[role=status]')), 'and it is announced')
  t.same(await listViolations(page), [])
  await getComposer(page).fill('a draft')
  await context.setOffline(false)
  await banner.waitFor({ state: 'detached' })
  await context.close()
})

t.test(
  '[ROOM52] who may read an event is told whom to ask for more; who may not enter it is told nobody',
  async (t) => {
    const event_id = await room.createEvent(room.alice, { access: 'restricted' })
    await room.createUser('cyd')
    const members = `/api/events/${event_id}/members`
    const { body } = await room.admin.call<{ items: { user_id: string; username: string }[] }>(
      room.getApiUrl(0),
      'GET',
      '/api/users?limit=100',
    )
    const cyd = body.items.find(({ username }) => username === 'cyd')
    const visitor = await visit(room.browser, room.front.url)
    const { page } = visitor
    await signIn(page, 'cyd', PASSWORD)
    await page.goto(`${room.front.url}/#/events/${event_id}`)
    await page.locator('.empty', { hasText: 'Ask the event’s commander to add you' }).waitFor()
    t.notMatch(await page.locator('body').innerText(), 'alice')
    t.equal(
      (await room.alice.call(room.getApiUrl(0), 'PUT', `${members}/${cyd?.user_id}`, { role: 'observer' })).status,
      200,
    )
    await page.reload()
    await page.locator('.opening').waitFor()
    await sendText(page, 'may I?')
    await page.locator('.unsent.failed .error-text', { hasText: 'commander for another role: alice.' }).waitFor()
    await page.locator('.composer textarea').fill('a later thought')
    await page.locator('.unsent.failed button', { hasText: 'Edit' }).click()
    await page.locator('.unsent').waitFor({ state: 'detached' })
    t.equal(await page.locator('.composer textarea').inputValue(), 'may I?\na later thought', 'nothing is lost')
    await visitor.context.close()
  },
)
