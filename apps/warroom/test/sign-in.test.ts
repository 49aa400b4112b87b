import type { AuditRecord } from '@engineer-chat/protocol'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { enterRoom, getComposer, sendText, signIn, visit } from '../testing/browser.ts'
import { openWarRoom, PASSWORD } from '../testing/war-room.ts'

const room = await openWarRoom({ apis: 2 })
t.setTimeout(240_000)
t.teardown(() => room.stop())

t.test(
  '[ROOM26] signing out everywhere asks first, ends every browser within a second, and keeps the text',
  async (t) => {
    const here = await room.openAsEngineer('ann')
    const there = await visit(room.browser, room.getApiUrl(1))
    await signIn(there.page, 'ann', PASSWORD)
    await enterRoom(there.page, room.getApiUrl(1), room.event_id)
    const other = await room.openAsEngineer('ben')
    await getComposer(there.page).fill('half a thought, elsewhere')
    await here.page.route('**/api/events/*/messages', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.fallback(),
    )
    await sendText(here.page, 'kept, not sent')
    await here.page.locator('.unsent.waiting').waitFor()
    await getComposer(here.page).fill('half a thought, here')

    await here.page.locator('.me').click()
    t.same(await listViolations(here.page), [], 'the menu')
    await here.page.locator('.menu button', { hasText: 'everywhere' }).click()
    const dialog = here.page.locator('dialog', { hasText: 'Sign out everywhere?' })
    await dialog.locator('button.danger').waitFor()
    t.same(await listViolations(here.page), [], 'the dialog')
    t.match(await dialog.innerText(), /this one included[\s\S]*stays in each browser/)
    await dialog.locator('button', { hasText: 'Stay' }).click()
    await getComposer(here.page).focus()
    t.equal(await here.page.locator('.sign-in').count(), 0, 'nothing happened')

    await here.page.locator('.me').click()
    await here.page.locator('.menu button', { hasText: 'everywhere' }).click()
    const ended = there.page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor({ timeout: 5_000 })
    const closed = new Promise<number>((resolve) => {
      const began = performance.now()
      void ended.then(() => resolve(performance.now() - began))
    })
    await dialog.locator('button.danger').click()
    t.ok((await closed) < 2_500, 'the other browser knew at once, by its socket')
    await here.page.locator('.sign-in').waitFor()
    t.equal(await here.page.locator('.shell').count(), 0, 'and what was said is not on the screen')
    t.equal(await other.page.locator('.sign-in').count(), 0, 'nobody else is out')

    await here.page.unroute('**/api/events/*/messages')
    await signIn(here.page, 'ann', PASSWORD)
    await here.page.locator('.message', { hasText: 'kept, not sent' }).waitFor()
    t.equal(await getComposer(here.page).inputValue(), 'half a thought, here')
    await there.page.locator('input[name=password]').fill(PASSWORD)
    await there.page.locator('.sign-in button[type=submit]').click()
    await there.page.locator('.sign-in').waitFor({ state: 'detached' })
    t.equal(await getComposer(there.page).inputValue(), 'half a thought, elsewhere')

    const lines = await room.admin.call<{ items: AuditRecord[] }>(
      room.getApiUrl(0),
      'GET',
      '/api/admin/audit?action=logout',
    )
    t.match(lines.body.items[0], { object_type: 'user', detail: 'everywhere' })
    await Promise.all([here.context.close(), there.context.close(), other.context.close()])
  },
)

t.test('[ROOM26] where it can’t be done it is said, and nobody is signed out', async (t) => {
  const { page, context } = await room.openAsEngineer('cal')
  await page.route('**/api/auth/logout-everywhere', (route) => route.abort())
  await page.locator('.me').click()
  await page.locator('.menu button', { hasText: 'everywhere' }).click()
  await page.locator('dialog .danger').click()
  await page.locator('dialog .error-text', { hasText: 'can’t be reached' }).waitFor()
  await page.locator('dialog button', { hasText: 'Stay' }).click()
  await sendText(page, 'still here')
  await page.locator('.message:not(.unsent)', { hasText: 'still here' }).waitFor()
  t.equal(await page.locator('.sign-in').count(), 0)
  await context.close()
})

t.test(
  '[ROOM16] a refresh whose answer is lost ends the sign-in, and no text; one tab’s password is all tabs’',
  async (t) => {
    const { page, context } = await room.openAsEngineer('dee')
    const tab = await context.newPage()
    tab.setDefaultTimeout(15_000)
    await tab.goto(`${room.front.url}/#/events/${room.event_id}`)
    await tab.locator('.message, .opening').first().waitFor()

    const lost = Promise.withResolvers<number>()
    await page.route(
      '**/api/auth/refresh',
      async (route) => {
        const { cookie = '' } = await route.request().allHeaders()
        // The server rotates the cookie, and the browser never receives the new one.
        const { status } = await fetch(`${room.getApiUrl(0)}/api/auth/refresh`, { method: 'POST', headers: { cookie } })
        await route.abort()
        lost.resolve(status)
      },
      { times: 1 },
    )
    await page.route('**/api/events/*/messages', (route) => route.fulfill({ status: 401, json: problem }), { times: 1 })
    await sendText(page, 'written meanwhile')
    await getComposer(page).fill('a whole paragraph')
    t.equal(await lost.promise, 200)
    await page.locator('.message', { hasText: 'written meanwhile' }).waitFor() // The old token is still valid.
    await page.reload() // Its cookie isn't: a second use ends the sign-in.
    await page.locator('.sign-in').waitFor()
    await tab.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()

    await tab.locator('input[name=password]').fill(PASSWORD)
    await tab.locator('.sign-in button[type=submit]').click()
    await tab.locator('.sign-in').waitFor({ state: 'detached' })
    t.equal(await getComposer(tab).inputValue(), 'a whole paragraph', 'a person’s tabs show one draft')
    await getComposer(page).waitFor()
    t.equal(await getComposer(page).inputValue(), 'a whole paragraph')
    await context.close()
  },
)

t.test('[ROOM16] too many tries at signing in say when to try again, counting down, in both languages', async (t) => {
  const { page, context } = await visit(room.browser, room.front.url)
  const limited = { ...problem, status: 429, code: 'rate_limited' }
  await page.route('**/api/auth/login', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '3' }, json: limited }),
  )
  await page.locator('input[name=username]').fill('eve')
  await page.locator('input[name=password]').fill('wrong')
  await page.locator('.sign-in button[type=submit]').click()
  const alert = page.locator('.sign-in [role=alert]')
  await alert.filter({ hasText: 'Try again in 3 s.' }).waitFor()
  t.notMatch(await alert.innerText(), 'by itself')
  await alert.filter({ hasText: 'Try again in 2 s.' }).waitFor()
  await page.locator('.sign-in button', { hasText: '中文' }).click()
  await alert.filter({ hasText: '请在 1 秒后重试。' }).waitFor()
  await alert.filter({ hasText: '现在可以重试了。' }).waitFor()
  await context.close()
})

const problem = { type: 'x', title: 'x', status: 401, detail: 'x', code: 'unauthorized', request_id: 'x' }

t.test('[ROOM59] users change their own password in their menu, and only this browser stays signed in', async (t) => {
  const here = await room.openAsEngineer('dan')
  const there = await visit(room.browser, room.getApiUrl(1))
  await signIn(there.page, 'dan', PASSWORD)
  await enterRoom(there.page, room.getApiUrl(1), room.event_id)
  const dialog = here.page.locator('dialog', { hasText: 'Change your password' })
  const fill = async (current: string, next: string, repeated = next) => {
    for (const [name, value] of Object.entries({ current_password: current, new_password: next, repeated })) {
      await dialog.locator(`input[name=${name}]`).fill(value)
    }
    await dialog.locator('button[type=submit]').click()
  }
  await here.page.locator('.me').click()
  await here.page.locator('.menu button', { hasText: 'Change password' }).click()
  await dialog.waitFor()
  t.same(await listViolations(here.page), [])

  await fill(PASSWORD, 'tundra kettle marble', 'tundra kettle')
  const message = await dialog.locator('input[name=repeated]').evaluate(readValidity)
  t.match(message, /differ/)
  await fill('a wrong guess', 'tundra kettle marble')
  await dialog.locator('.error-text', { hasText: 'own password is not right' }).waitFor()
  await fill(PASSWORD, 'Password2026!')
  await dialog.locator('.error-text', { hasText: 'easy to guess' }).waitFor()
  await fill(PASSWORD, 'tundra kettle marble')
  await here.page.locator('.toast', { hasText: 'Your password is changed' }).waitFor()
  await dialog.waitFor({ state: 'detached' })

  await there.page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  await there.page.locator('input[name=password]').fill('tundra kettle marble')
  await there.page.locator('.sign-in button[type=submit]').click()
  await there.page.locator('.sign-in').waitFor({ state: 'detached' })
  await sendText(here.page, 'still here')
  await here.page.locator('.message:not(.unsent)', { hasText: 'still here' }).last().waitFor()
  await Promise.all([here.context.close(), there.context.close()])
})

t.test('[ROOM18] an admin sets a password in a dialog that asks for their own', async (t) => {
  await room.createUser('root-three', 'admin')
  const eve = await room.openAsEngineer('eve')
  const { page, context } = await visit(room.browser, room.front.url)
  await signIn(page, 'root-three', PASSWORD)
  await page.locator('a[href="#/users"]').click()
  await page.locator('.user', { hasText: 'eve' }).locator('button', { hasText: 'Set password' }).click()
  const dialog = page.locator('dialog', { hasText: 'Set another password?' })
  await dialog.locator('li', { hasText: 'signed out everywhere' }).waitFor()
  t.same(await listViolations(page), [])
  await dialog.locator('input[name=password]').fill('tundra kettle marble')
  await dialog.locator('input[name=your_password]').fill('a wrong guess')
  await dialog.locator('button[type=submit]').click()
  await dialog.locator('.error-text', { hasText: 'own password is not right' }).waitFor()
  t.equal(await eve.page.locator('.sign-in').count(), 0)
  await dialog.locator('input[name=your_password]').fill(PASSWORD)
  await dialog.locator('button[type=submit]').click()
  await page.locator('.toast', { hasText: 'eve has a new password' }).waitFor()
  await eve.page.locator('.sign-in', { hasText: 'Sign in again' }).waitFor()
  await Promise.all([context.close(), eve.context.close()])
})

const readValidity = (input: HTMLElement | SVGElement): string =>
  input instanceof HTMLInputElement ? input.validationMessage : ''
