import { waitUntil } from '@engineer-chat/proof'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { getComposer, sendText, TEST_FILE_TIMEOUT_MS, waitForAnswerEnd } from '../testing/browser.ts'
import { WIDE } from '../testing/every-language-and-theme.ts'
import { setTabVisibility } from '../testing/tab-visibility.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const getEventRow = (page: Page, name: string) => page.locator('.sidebar .event-row', { hasText: name })

/** Replaces the browser's notifications by a list, because a headless browser shows none. Returns the list. */
async function recordNotifications(page: Page): Promise<string[]> {
  const shownTexts: string[] = []
  await page.exposeFunction('recordNotification', (text: string) => shownTexts.push(text))
  await page.addInitScript(() => {
    class RecordedNotification {
      static permission: NotificationPermission = 'default'
      static async requestPermission() {
        RecordedNotification.permission = 'granted'
        return RecordedNotification.permission
      }
      constructor(title: string, { body = '' }: NotificationOptions = {}) {
        Reflect.get(globalThis, 'recordNotification')(`${title}: ${body}`)
      }
    }
    Object.defineProperty(globalThis, 'Notification', { value: RecordedNotification })
  })
  await page.reload()
  await getComposer(page).waitFor()
  return shownTexts
}

async function turnOnNotifications(page: Page): Promise<void> {
  await page.locator('.me').click()
  await page.locator('.menu button', { hasText: 'Notifications' }).click()
  await page.getByLabel('Show notifications in this browser').check()
  await page.locator('dialog [aria-label=Close]').click()
}

t.test('[ROOM71] a mention in another room is shown in the list, in the title and in the icon', async (t) => {
  const otherEventId = await warRoom.createEvent(warRoom.alice, { event_name: 'The other incident' })
  const { page, context } = await warRoom.openAsEngineer('ann')
  const colleague = await warRoom.openAsEngineer('kim', otherEventId)
  t.teardown(() => Promise.all([context.close(), colleague.context.close()]))
  await sendText(colleague.page, 'nothing for you')
  await getEventRow(page, 'The other incident').locator('.unread-count').getByText('1', { exact: true }).waitFor()
  await sendText(colleague.page, '@ann, can you look at this?')
  await getEventRow(page, 'The other incident').getByText('@1', { exact: true }).waitFor()
  await page.waitForFunction(() => document.title.startsWith('(2) '))
  const icon = await page.locator('link[rel=icon]').getAttribute('href')
  t.match(decodeURIComponent(icon ?? ''), '>1</text>')
  const wideSize = page.viewportSize() ?? WIDE
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('.room-header .list-button').getByText('@1', { exact: true }).waitFor()
  t.same(await listViolations(page), [])
  await page.setViewportSize(wideSize)

  await getEventRow(page, 'The other incident').getByRole('link').click()
  await page.locator('.message .mention', { hasText: '@ann' }).waitFor()
  await page.waitForFunction(() => !document.title.startsWith('('))
  t.equal(
    await getEventRow(page, 'The other incident').locator('.unread-count').count(),
    0,
    'the other event counts as read',
  )
})

t.test(
  '[ROOM74] a mention, an answer to the reader and a critical event notify once; a muted event does not notify',
  async (t) => {
    const otherEventId = await warRoom.createEvent(warRoom.alice, { event_name: 'The stolen laptop' })
    const { page, context } = await warRoom.openAsEngineer('bea')
    const colleague = await warRoom.openAsEngineer('lou', otherEventId)
    t.teardown(() => Promise.all([context.close(), colleague.context.close()]))
    const shownTexts = await recordNotifications(page)
    await turnOnNotifications(page)

    await sendText(colleague.page, '@bea please come')
    await getEventRow(page, 'The stolen laptop').getByText('@1', { exact: true }).waitFor()
    await warRoom.createEvent(warRoom.alice, { event_name: 'Ransomware in finance', severity: 'critical' })
    await getEventRow(page, 'Ransomware in finance').waitFor()

    const pausedAnswer = warRoom.model.pauseAfterFirstDelta('slow-q')
    await sendText(page, '@AI slow-q')
    await pausedAnswer.started
    await setTabVisibility(page, 'hidden')
    pausedAnswer.resume()
    await waitForAnswerEnd(page)
    const isAboutAnswer = (text: string) => text.endsWith(': Your question is answered')
    await waitUntil('the notification of the answer is shown', async () => shownTexts.some(isAboutAnswer))
    t.equal(shownTexts.filter(isAboutAnswer).length, 1)
    t.same(
      shownTexts.filter((text) => !isAboutAnswer(text)),
      ['The stolen laptop: You are mentioned', 'Ransomware in finance: A critical event'],
    )

    await setTabVisibility(page, 'visible')
    await getEventRow(page, 'The stolen laptop').getByLabel('Mute this event').click()
    await sendText(colleague.page, '@bea once more')
    await getEventRow(page, 'The stolen laptop').getByText('@2', { exact: true }).waitFor()
    t.equal(shownTexts.length, 3, 'the muted event has not notified')
  },
)
