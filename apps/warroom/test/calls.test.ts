import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, sendText } from '../testing/browser.ts'
import { setVisibility } from '../testing/hide-tab.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

const item = (page: Page, name: string) => page.locator('.sidebar .event-row', { hasText: name })

/** Keeps what the page shows as notifications, because a headless browser has no desktop. */
async function keepNotifications(page: Page): Promise<string[]> {
  const shown: string[] = []
  await page.exposeFunction('keepNotification', (text: string) => shown.push(text))
  await page.addInitScript(() => {
    class Kept {
      static permission: NotificationPermission = 'default'
      static async requestPermission() {
        Kept.permission = 'granted'
        return Kept.permission
      }
      constructor(title: string, { body = '' }: NotificationOptions = {}) {
        Reflect.get(globalThis, 'keepNotification')(`${title}: ${body}`)
      }
    }
    Object.defineProperty(globalThis, 'Notification', { value: Kept })
  })
  await page.reload()
  await getComposer(page).waitFor()
  return shown
}

async function turnOn(page: Page): Promise<void> {
  await page.locator('.me').click()
  await page.locator('.menu button', { hasText: 'Notifications' }).click()
  await page.getByLabel('Show notifications in this browser').check()
  await page.locator('dialog [aria-label=Close]').click()
}

t.test('[ROOM71] who works in one room sees in the list, the title and the icon that another one calls', async (t) => {
  const other = await room.createEvent(room.alice, { event_name: 'The other incident' })
  const { page, context } = await room.openAsEngineer('ann')
  const colleague = await room.openAsEngineer('kim', other)
  t.teardown(() => Promise.all([context.close(), colleague.context.close()]))
  await sendText(colleague.page, 'nothing for you')
  await item(page, 'The other incident').locator('.unread-count').getByText('1', { exact: true }).waitFor()
  await sendText(colleague.page, '@ann, can you look at this?')
  await item(page, 'The other incident').getByText('@1', { exact: true }).waitFor()
  await page.waitForFunction(() => document.title.startsWith('(2) '))
  const icon = await page.locator('link[rel=icon]').getAttribute('href')
  t.match(decodeURIComponent(icon ?? ''), '>1</text>')
  const size = page.viewportSize() ?? { width: 1280, height: 800 }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('.room-header .list-button').getByText('@1', { exact: true }).waitFor()
  t.same(await listViolations(page), [])
  await page.setViewportSize(size)

  await item(page, 'The other incident').getByRole('link').click()
  await page.locator('.message .mention', { hasText: '@ann' }).waitFor()
  await page.waitForFunction(() => !document.title.startsWith('('))
  t.equal(await item(page, 'The other incident').locator('.unread-count').count(), 0, 'and it is read')
})

t.test('[ROOM74] a mention, an own answer and a critical event notify once, and a muted event does not', async (t) => {
  const other = await room.createEvent(room.alice, { event_name: 'The stolen laptop' })
  const { page, context } = await room.openAsEngineer('bea')
  const colleague = await room.openAsEngineer('lou', other)
  t.teardown(() => Promise.all([context.close(), colleague.context.close()]))
  const shown = await keepNotifications(page)
  await turnOn(page)

  await sendText(colleague.page, '@bea please come')
  await item(page, 'The stolen laptop').getByText('@1', { exact: true }).waitFor()
  await room.createEvent(room.alice, { event_name: 'Ransomware in finance', severity: 'critical' })
  await item(page, 'Ransomware in finance').waitFor()

  const paused = room.model.pauseAfterFirstPiece('slow-q')
  await sendText(page, '@AI slow-q')
  await paused.started
  await setVisibility(page, 'hidden')
  paused.resume()
  await page.locator('.message[data-kind=ai] .facts').waitFor()
  t.equal(shown.filter((text) => text.endsWith(': Your question is answered')).length, 1)
  t.same(
    shown.filter((text) => !text.endsWith('Your question is answered')),
    ['The stolen laptop: You are mentioned', 'Ransomware in finance: A critical event'],
  )

  await setVisibility(page, 'visible')
  await item(page, 'The stolen laptop').getByLabel('Mute this event').click()
  await sendText(colleague.page, '@bea once more')
  await item(page, 'The stolen laptop').getByText('@2', { exact: true }).waitFor()
  t.equal(shown.length, 3)
})
