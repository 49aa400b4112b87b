import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { buildPage } from '../bin/build-page.ts'
import { listViolations } from '../testing/axe.ts'
import { enterRoom, getComposer, sendText, switchToChinese } from '../testing/browser.ts'
import { HOSTILE_TEXTS } from '../testing/hostile-texts.ts'
import { insertMessages } from '../testing/insert-messages.ts'
import { computeP95, measureBestP95, measureKeyTimes } from '../testing/key-times.ts'
import { findPlace, scrollBy } from '../testing/reading-place.ts'
import { openWarRoom } from '../testing/war-room.ts'

const room = await openWarRoom()
t.setTimeout(240_000)
t.teardown(() => room.stop())

t.test('[ROOM17] the first view needs at most 160 KB of script, gzipped, and nothing from elsewhere', async (t) => {
  const { dist } = await buildPage()
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => join(dist, path))
  const languages = readdirSync(join(dist, 'assets')).filter((name) => /^(en|zh)-.*\.js$/.test(name))
  t.equal(languages.length, 2, 'a reader loads one language')
  const measure = (path: string): number => gzipSync(readFileSync(path)).length
  const longest = Math.max(...languages.map((name) => measure(join(dist, 'assets', name))))
  const size = first.reduce((sum, path) => sum + measure(path), longest)
  t.comment(`${(size / 1_024).toFixed(1)} KiB of script, gzipped`)
  t.ok(first.length > 0 && size <= 160_000, `${size} bytes`)
  t.notMatch(html, /<script(?![^>]* src=)|style=|https?:\/\//)
  t.ok(readdirSync(join(dist, 'assets')).some((name) => name.endsWith('.br')))
  const answer = await fetch(`${room.front.url}/`)
  t.match(answer.headers.get('content-security-policy'), /default-src 'none'.*require-trusted-types-for 'script'/)
})

t.test('[ROOM17] what cannot be loaded later says so in its place, and the room goes on', async (t) => {
  const { page, context } = await room.openAsEngineer('ole')
  await page.route(/dialog-content/, (route) => route.abort())
  await page.reload()
  await getComposer(page).waitFor()
  await page.locator('.sidebar [aria-label="New event"]').click()
  await page.locator('dialog .not-loaded', { hasText: 'could not be loaded' }).waitFor()
  t.same(await listViolations(page), [])
  await page.locator('dialog [aria-label=Close]').click()
  await sendText(page, 'the room goes on')
  await page.locator('.message:not(.unsent)', { hasText: 'the room goes on' }).waitFor()
  await context.close()
})

t.test('[ROOM17] a language that cannot be loaded leaves the page in the other one, and says so', async (t) => {
  const { page, context } = await room.openAsEngineer('uma')
  const block = (url: URL): boolean => /\/zh-[^/]*\.js$/.test(url.pathname)
  await page.route(block, (route) => route.abort())
  await page.locator('.account [aria-label="中文"]').click()
  await page.locator('.toast', { hasText: 'could not be loaded' }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  await sendText(page, 'still in English')
  await page.locator('.message:not(.unsent)', { hasText: 'still in English' }).waitFor()
  await context.close()
})

t.test('[ROOM17] a page whose language cannot be loaded says in both that it has to be reloaded', async (t) => {
  const { page, context } = await room.openAsEngineer('vic')
  await page.route(/\/en-[^/]*\.js$/, (route) => route.abort())
  await page.reload()
  await page.getByText('Reload it, please. 页面未能加载，请刷新。').waitFor()
  t.equal(await getComposer(page).count(), 0)
  await context.close()
})

t.test('[ROOM19] nobody is kept out: axe finds nothing in either theme and language, wide and at 360 px', async (t) => {
  const { page, context } = await room.openAsEngineer('nia')
  await sendText(page, '@AI what is `known`? **198.51.100.23** [a](https://a.example)')
  await page.locator('.message[data-kind=ai] .facts').waitFor()
  room.model.failWith('broken', 401)
  await sendText(page, '@AI broken')
  await page.locator('.failure').waitFor()
  await page.route('**/api/engineer-chat/send', (route) => route.abort())
  await sendText(page, '@AI waiting')
  await page.locator('.unsent').waitFor()
  const violations = async (what: string) => t.same(await listViolations(page), [], what)
  await violations('English, dark')
  await page.locator('[aria-label="Light theme"]').click()
  await violations('English, light')
  await switchToChinese(page)
  await page.locator('.banner, .delivery', { hasText: '已保留' }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  await violations('Chinese, light')
  await page.locator('[aria-label="深色主题"]').click()
  await getComposer(page).fill('@')
  await violations('Chinese, dark, with suggestions')
  await getComposer(page).fill('')
  await page.keyboard.press('Control+k')
  await violations('the palette')
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 360, height: 720 })
  await page.locator('.tabs [aria-label="关闭"]').click()
  await violations('360 px')
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'and nothing is wider than the screen')
  await context.close()
})

t.test(
  '[ROOM6] hostile text in every place is text: no script runs, nothing is fetched, links say where',
  async (t) => {
    const event_id = await room.createEvent(room.alice, {
      event_name: '<img src=x onerror="window.pwned = 30">',
      message: HOSTILE_TEXTS.slice(0, 12).join('\n\n'),
      context: HOSTILE_TEXTS.slice(12).join('\n\n'),
      source: '<script>window.pwned = 31</script>',
    })
    const inRoom = `/api/events/${event_id}`
    const agents = { message_from: '_executor', message_type: 'command_result', round_id: 1 }
    const summary = { round_id: 1, event_summary: HOSTILE_TEXTS.join('\n\n'), event_suggestion: HOSTILE_TEXTS[1] }
    const posted = [await room.captain.call(room.getApiUrl(0), 'POST', `${inRoom}/summaries`, summary)]
    for (const text of HOSTILE_TEXTS) {
      const asAgent = { ...agents, message_content: { content: text, format: 'markdown' } }
      posted.push(await room.captain.call(room.getApiUrl(0), 'POST', `${inRoom}/messages`, asAgent))
      posted.push(await room.alice.call(room.getApiUrl(0), 'POST', `${inRoom}/messages`, { message: text }))
    }
    t.same(new Set(posted.map(({ status }) => status)), new Set([201]))

    const { page, outsideRequests, errors, context } = await room.openAsEngineer('mia', event_id)
    page.on('dialog', (dialog) => t.fail(`a dialog: ${dialog.message()}`))
    for (const text of HOSTILE_TEXTS.slice(0, 4)) await sendText(page, `@AI ${text}`) // The model repeats the text, piece by piece.
    await page.locator('.message[data-kind=ai]', { hasText: 'iframe' }).waitFor()
    await getComposer(page).fill(`${HOSTILE_TEXTS[1]} @AI`)
    const seen = await page.evaluate(lookAtAll)
    t.equal(seen.pwned, undefined)
    t.same(seen.elements, [])
    t.same(seen.handlers, [])
    t.same(outsideRequests, [], 'not one request to anybody else')
    t.same(errors, [], 'and none that the policy had to refuse')
    t.ok(seen.links.length > 1)
    for (const { href, rel } of seen.links) {
      t.match(href, /^(https?|mailto):/)
      t.match(rel, /noopener/)
    }
    const pretending = seen.links.find(({ text }) => text.includes('https://bank.example'))
    t.match(
      pretending,
      { href: 'https://evil.example/login', text: /\(evil\.example\)/ },
      'in words, and not in a tooltip',
    )
    await context.close()
  },
)

t.test(
  '[ROOM13] 10,000 messages: under 300 rows drawn, a key in 50 ms while an answer streams, a link finds its message',
  async (t) => {
    const empty = await room.openAsEngineer('ola', await room.createEvent(room.alice))
    const floor = computeP95(await measureKeyTimes(empty.page))
    await empty.context.close()
    const event_id = await room.createEvent(room.alice)
    const target = await insertMessages(room, event_id, 10_000)
    const { page, context } = await room.openAsEngineer('oli', event_id)
    await page.locator('.message', { hasText: 'number 10000' }).waitFor()
    const requests: string[] = []
    page.on('request', (request) => {
      if (/\/messages\?/.test(request.url())) requests.push(request.url())
    })
    const started = performance.now()
    await page.goto(`${room.front.url}/#/events/${event_id}/messages/${target}`)
    await page.locator('.message.marked', { hasText: 'number 20' }).waitFor({ timeout: 30_000 })
    t.comment(`9,980 messages ago in ${Math.round(performance.now() - started)} ms`)
    t.ok(requests.length <= 3, `${requests.length} pages are read for it, and not all in between`)
    const drawn = () => page.locator('.rows .message').count()
    t.ok((await drawn()) < 300, `${await drawn()} rows`)
    await page.locator('.new-pill').click()
    await page.locator('.message', { hasText: 'number 10000' }).waitFor()
    t.ok((await drawn()) < 300)

    room.model.pauseAfterFirstPiece('slow-q')
    await sendText(page, '@AI slow-q')
    await page.locator('.thinking').waitFor()
    // A busy machine is slow in an empty room, too, so the 50 ms apply only where that room is fast.
    const limit = Math.max(50, 3 * floor)
    const full = await measureBestP95(page, limit)
    t.comment(`a key is painted in ${full.toFixed(1)} ms (p95), in an empty room in ${floor.toFixed(1)} ms`)
    t.ok(full < limit, `${full} ms`)
    await context.close()
  },
)

t.test(
  '[ROOM12] a reader who scrolled up is not moved; what came is counted; coming back shows where it began',
  async (t) => {
    const event_id = await room.createEvent(room.alice)
    await insertMessages(room, event_id, 150)
    const { page, context } = await room.openAsEngineer('pia', event_id)
    await page.locator('.message', { hasText: 'number 150' }).waitFor()
    const place = await scrollBy(page, -900)
    await page.locator('.new-pill.bare').waitFor()
    const say = (message: string) =>
      room.alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message })
    await room.alice.call(room.getApiUrl(0), 'PATCH', `/api/events/${event_id}`, { severity: 'critical' })
    await say('came-one')
    await say('came-two')
    await page.locator('.new-pill', { hasText: '2 new' }).waitFor()
    t.same(await findPlace(page, place), place)
    await page.locator('.new-pill').click()
    await page.locator('.message', { hasText: 'came-two' }).waitFor()
    await page.goto(`${room.front.url}/#/`)
    await page.locator('.rows').waitFor({ state: 'detached' })
    await say('came-three')
    await enterRoom(page, room.front.url, event_id)
    await page.locator('[data-testid=unread]').waitFor()
    await context.close()
  },
)

/** Scrolls in the page through all messages. */
async function lookAtAll() {
  const list = document.querySelector('.rows')
  const links = new Map<string, { href: string; rel: string; text: string }>()
  const elements = new Set<string>()
  const handlers = new Set<string>()
  for (let top = list?.scrollHeight ?? 0; list && top >= -300; top -= 300) {
    list.scrollTop = Math.max(0, top)
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame)
    for (const one of document.querySelectorAll<HTMLAnchorElement>('.prose a, .text a')) {
      links.set(one.outerHTML, { href: one.href, rel: one.rel, text: one.innerText })
    }
    const wanted = 'script, iframe, object, embed, img:not([src="/favicon.svg"]), video, audio, style, base, meta, form'
    for (const one of document.querySelectorAll(`#root :is(${wanted})`)) elements.add(one.outerHTML)
    for (const { attributes } of document.querySelectorAll('#root *')) {
      for (const { name } of attributes) if (name.startsWith('on')) handlers.add(name)
    }
  }
  const { pwned } = window as { pwned?: unknown }
  return { pwned, elements: [...elements], handlers: [...handlers], links: [...links.values()] }
}
