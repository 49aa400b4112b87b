import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { buildPage } from '../bin/build-page.ts'
import { listViolations } from '../testing/axe.ts'
import {
  getComposer,
  goToRoom,
  sendText,
  switchToChinese,
  TEST_FILE_TIMEOUT_MS,
  waitForAnswerEnd,
} from '../testing/browser.ts'
import { HOSTILE_TEXTS } from '../testing/hostile-texts.ts'
import { insertMessages, toInsertedId } from '../testing/insert-messages.ts'
import { computeP95, measureBestP95, measureKeyTimes } from '../testing/key-times.ts'
import { findPlace, scrollBy } from '../testing/reading-place.ts'
import { startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

t.test('[ROOM17] the first view needs at most 160 KB of script, gzipped, and nothing from other hosts', async (t) => {
  const { dist } = await buildPage()
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const firstScripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) =>
    join(dist, path),
  )
  const languageFiles = readdirSync(join(dist, 'assets')).filter((name) => /^(en|zh)-.*\.js$/.test(name))
  t.equal(languageFiles.length, 2, 'each language is a separate file')
  const measureGzippedBytes = (path: string): number => gzipSync(readFileSync(path)).length
  const largestLanguageBytes = Math.max(...languageFiles.map((name) => measureGzippedBytes(join(dist, 'assets', name))))
  const totalBytes = firstScripts.reduce((sum, path) => sum + measureGzippedBytes(path), largestLanguageBytes)
  t.comment(`${(totalBytes / 1_024).toFixed(1)} KiB of script, gzipped`)
  t.ok(firstScripts.length > 0 && totalBytes <= 160_000, `${totalBytes} bytes`)
  t.notMatch(
    html,
    /<script(?![^>]* src=)|style=|https?:\/\//,
    'no inline script or style, and no address of another host',
  )
  t.ok(
    readdirSync(join(dist, 'assets')).some((name) => name.endsWith('.br')),
    'files are compressed with Brotli',
  )
  const response = await fetch(`${warRoom.proxy.url}/`)
  t.match(response.headers.get('content-security-policy'), /default-src 'none'.*require-trusted-types-for 'script'/)
})

t.test('[ROOM17] a part of the page that can’t be loaded shows an error, and the room keeps working', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('ole')
  await page.route(/dialog-content/, (route) => route.abort())
  await page.reload()
  await getComposer(page).waitFor()
  await page.locator('.sidebar [aria-label="New event"]').click()
  await page.locator('dialog .not-loaded', { hasText: 'could not be loaded' }).waitFor()
  t.same(await listViolations(page), [])
  await page.locator('dialog [aria-label=Close]').click()
  await sendText(page, 'the room keeps working')
  await page.locator('.message:not(.unsent)', { hasText: 'the room keeps working' }).waitFor()
  await context.close()
})

t.test('[ROOM17] if a language can’t be loaded, the page keeps the other one and shows an error', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('uma')
  const isChineseFile = (url: URL): boolean => /\/zh-[^/]*\.js$/.test(url.pathname)
  await page.route(isChineseFile, (route) => route.abort())
  await page.locator('.account [aria-label="中文"]').click()
  await page.locator('.toast', { hasText: 'could not be loaded' }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  await sendText(page, 'still in English')
  await page.locator('.message:not(.unsent)', { hasText: 'still in English' }).waitFor()
  await context.close()
})

t.test('[ROOM17] if no language can be loaded, the page asks in both languages for a reload', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('vic')
  await page.route(/\/en-[^/]*\.js$/, (route) => route.abort())
  await page.reload()
  await page.getByText('Reload it, please. 页面未能加载，请刷新。').waitFor()
  t.equal(await getComposer(page).count(), 0)
  await context.close()
})

t.test('[ROOM19] axe finds no violation in both themes and languages, on a wide screen and at 360 px', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('nia')
  await sendText(page, '@AI what is `known`? **198.51.100.23** [a](https://a.example)')
  await waitForAnswerEnd(page)
  warRoom.model.failWith('broken', 401)
  await sendText(page, '@AI broken')
  await page.locator('.failure').waitFor()
  await page.route('**/api/engineer-chat/send', (route) => route.abort())
  await sendText(page, '@AI waiting')
  await page.locator('.unsent').waitFor()
  const expectNoViolations = async (look: string) => t.same(await listViolations(page), [], look)
  await expectNoViolations('English, dark')
  await page.locator('[aria-label="Light theme"]').click()
  await expectNoViolations('English, light')
  await switchToChinese(page)
  await page.locator('.banner, .delivery', { hasText: '已保留' }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  await expectNoViolations('Chinese, light')
  await page.locator('[aria-label="深色主题"]').click()
  await getComposer(page).fill('@')
  await expectNoViolations('Chinese, dark, with suggestions')
  await getComposer(page).fill('')
  await page.keyboard.press('Control+k')
  await expectNoViolations('the palette')
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 360, height: 720 })
  await page.locator('.tabs [aria-label="关闭"]').click()
  await expectNoViolations('360 px')
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'nothing is wider than the screen')
  await context.close()
})

t.test(
  '[ROOM6] hostile text stays text everywhere: no script runs, no request is sent, and links show their destination',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice, {
      event_name: '<img src=x onerror="window.pwned = 30">',
      message: HOSTILE_TEXTS.slice(0, 12).join('\n\n'),
      context: HOSTILE_TEXTS.slice(12).join('\n\n'),
      source: '<script>window.pwned = 31</script>',
    })
    const eventPath = `/api/events/${event_id}`
    const agentFields = { message_from: '_executor', message_type: 'command_result', round_id: 1 }
    const summary = { round_id: 1, event_summary: HOSTILE_TEXTS.join('\n\n'), event_suggestion: HOSTILE_TEXTS[1] }
    const responses = [await warRoom.agent.call(warRoom.getApiUrl(0), 'POST', `${eventPath}/summaries`, summary)]
    for (const text of HOSTILE_TEXTS) {
      const agentMessage = { ...agentFields, message_content: { content: text, format: 'markdown' } }
      responses.push(await warRoom.agent.call(warRoom.getApiUrl(0), 'POST', `${eventPath}/messages`, agentMessage))
      responses.push(await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `${eventPath}/messages`, { message: text }))
    }
    t.same(new Set(responses.map(({ status }) => status)), new Set([201]))

    const { page, externalRequests, errors, context } = await warRoom.openAsEngineer('mia', event_id)
    page.on('dialog', (dialog) => t.fail(`a dialog: ${dialog.message()}`))
    // The model repeats the text, piece by piece.
    for (const text of HOSTILE_TEXTS.slice(0, 4)) await sendText(page, `@AI ${text}`)
    await page.locator('.message[data-kind=ai]', { hasText: 'iframe' }).waitFor()
    await getComposer(page).fill(`${HOSTILE_TEXTS[1]} @AI`)
    const inspection = await page.evaluate(inspectAllMessages)
    t.equal(inspection.pwned, undefined)
    t.same(inspection.unsafeElements, [])
    t.same(inspection.handlers, [])
    t.same(externalRequests, [], 'no request to another host')
    t.same(errors, [], 'the policy refused no request')
    t.ok(inspection.links.length > 1)
    for (const { href, rel } of inspection.links) {
      t.match(href, /^(https?|mailto):/)
      t.match(rel, /noopener/)
    }
    const deceptiveLink = inspection.links.find(({ text }) => text.includes('https://bank.example'))
    t.match(
      deceptiveLink,
      { href: 'https://evil.example/login', text: /\(evil\.example\)/ },
      'the destination is in the text, and not in a tooltip',
    )
    await context.close()
  },
)

t.test(
  '[ROOM13] with 10,000 messages, fewer than 300 rows are drawn, links work, and during an answer a key appears within 50 ms',
  async (t) => {
    const emptyRoom = await warRoom.openAsEngineer('ola', await warRoom.createEvent(warRoom.alice))
    const idleP95Ms = computeP95(await measureKeyTimes(emptyRoom.page))
    await emptyRoom.context.close()
    const event_id = await warRoom.createEvent(warRoom.alice)
    await insertMessages(warRoom, event_id, { count: 10_000 })
    const { page, context } = await warRoom.openAsEngineer('oli', event_id)
    await page.locator('.message', { hasText: 'number 10000' }).waitFor()
    const pageRequests: string[] = []
    page.on('request', (request) => {
      if (/\/messages\?/.test(request.url())) pageRequests.push(request.url())
    })
    const startedAtMs = performance.now()
    await page.goto(`${warRoom.proxy.url}/#/events/${event_id}/messages/${toInsertedId(event_id, 20)}`)
    await page.locator('.message.jump-target', { hasText: 'number 20' }).waitFor({ timeout: 30_000 })
    t.comment(
      `a link to a message that is 9,980 messages old opens in ${Math.round(performance.now() - startedAtMs)} ms`,
    )
    t.ok(pageRequests.length <= 3, `${pageRequests.length} pages are loaded, and not all pages in between`)
    const countDrawnRows = () => page.locator('.rows .message').count()
    t.ok((await countDrawnRows()) < 300, `${await countDrawnRows()} rows`)
    await page.locator('.new-pill').click()
    await page.locator('.message', { hasText: 'number 10000' }).waitFor()
    t.ok((await countDrawnRows()) < 300)

    warRoom.model.pauseAfterFirstDelta('slow-q')
    await sendText(page, '@AI slow-q')
    await page.locator('.thinking').waitFor()
    // On a busy machine keys are slow even in an empty room, so the limit of 50 ms holds only on a fast machine.
    const limitMs = Math.max(50, 3 * idleP95Ms)
    const busyP95Ms = await measureBestP95(page, limitMs)
    t.comment(`a key is painted in ${busyP95Ms.toFixed(1)} ms (p95), in an empty room in ${idleP95Ms.toFixed(1)} ms`)
    t.ok(busyP95Ms < limitMs, `${busyP95Ms} ms`)
    await context.close()
  },
)

t.test(
  '[ROOM12] new messages do not move a reader who has scrolled up; they are counted, and are below the unread line',
  async (t) => {
    const event_id = await warRoom.createEvent(warRoom.alice)
    await insertMessages(warRoom, event_id, { count: 150 })
    const { page, context } = await warRoom.openAsEngineer('pia', event_id)
    await page.locator('.message', { hasText: 'number 150' }).waitFor()
    const place = await scrollBy(page, -900)
    await page.locator('.new-pill.bare').waitFor()
    const postMessage = (message: string) =>
      warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
    await warRoom.alice.call(warRoom.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, { severity: 'critical' })
    await postMessage('arrived-one')
    await postMessage('arrived-two')
    await page.locator('.new-pill', { hasText: '2 new' }).waitFor()
    t.same(await findPlace(page, place.text), place)
    await page.locator('.new-pill').click()
    await page.locator('.message', { hasText: 'arrived-two' }).waitFor()
    await page.goto(`${warRoom.proxy.url}/#/`)
    await page.locator('.rows').waitFor({ state: 'detached' })
    await postMessage('arrived-three')
    await goToRoom(page, warRoom.proxy.url, event_id)
    await page.locator('[data-testid=unread]').waitFor()
    await page.locator('.message', { hasText: 'arrived-three' }).waitFor()
    const lastRows = (await page.locator('.rows').evaluate(listRowsFromTop)).slice(-3)
    t.match(lastRows, [/arrived-two/, /^unread$/, /arrived-three/])
    await context.close()
  },
)

/** Runs in the page: lists the texts of messages, and `unread` for the unread line, from top to bottom. */
function listRowsFromTop(timeline: Element): string[] {
  const measureTop = (element: Element) => element.getBoundingClientRect().top
  return [...timeline.querySelectorAll<HTMLElement>('.message, [data-testid=unread]')]
    .toSorted((a, b) => measureTop(a) - measureTop(b))
    .map((element) => element.dataset.testid ?? element.innerText)
}

/** Runs in the page: scrolls up through all messages, and collects links, unsafe elements and event handlers. */
async function inspectAllMessages() {
  const timeline = document.querySelector('.rows')
  const links = new Map<string, { href: string; rel: string; text: string }>()
  const unsafeElements = new Set<string>()
  const handlers = new Set<string>()
  const stepPx = 300
  for (let top = timeline?.scrollHeight ?? 0; timeline && top >= -stepPx; top -= stepPx) {
    timeline.scrollTop = Math.max(0, top)
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.prose a, .text a')) {
      links.set(link.outerHTML, { href: link.href, rel: link.rel, text: link.innerText })
    }
    const unsafeSelector =
      'script, iframe, object, embed, img:not([src="/favicon.svg"]), video, audio, style, base, meta, form'
    for (const element of document.querySelectorAll(`#root :is(${unsafeSelector})`))
      unsafeElements.add(element.outerHTML)
    for (const { attributes } of document.querySelectorAll('#root *')) {
      for (const { name } of attributes) if (name.startsWith('on')) handlers.add(name)
    }
  }
  const { pwned } = window as { pwned?: unknown }
  return { pwned, unsafeElements: [...unsafeElements], handlers: [...handlers], links: [...links.values()] }
}
