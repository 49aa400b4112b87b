import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '@engineer-chat/proof'
import type { KnowledgeDocument, Person, ToldSource } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { listViolations } from '../testing/axe.ts'
import { sendText, switchToChinese } from '../testing/browser.ts'
import { openWarRoom } from '../testing/war-room.ts'

const folder = join(t.testdir({}), 'runbooks')
await mkdir(folder)
await writeFile(join(folder, 'vpn.md'), '---\ntitle: VPN accounts\n---\n# Lock\nLock the account.\n')
const room = await openWarRoom({ env: { KNOWLEDGE_DIR: folder, KNOWLEDGE_INTERVAL: '1' } })
t.setTimeout(240_000)
t.teardown(() => room.stop())

const STEPS = Array.from({ length: 60 }, (_, index) => `Step ${index} of many.\n`).join('\n')
const FILE = `---\ntitle: Ransomware\nkind: runbook\ntlp: TLP:GREEN\n---\n# Contain\nIsolate.\n\n${STEPS}\n## Restore from backup\nUse copies of before.\n`

async function callApi<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await room.alice.call<T>(room.getApiUrl(0), method, path, body)
  if (answer.status >= 300) throw new Error(answer.text)
  return answer.body
}

const store = (more: object) =>
  callApi<KnowledgeDocument>('POST', '/api/documents', {
    ...{ title: 'Phishing', kind: 'runbook', content: '# Reset\nReset it.', access: 'everybody' },
    ...more,
  })

const button = (page: Page, text: string) => page.locator('.document-place button', { hasText: text })
const title = (page: Page, text: string) => page.locator('.document h2', { hasText: text })

t.test(
  '[DOC17] a document of the event is written from a file, edited over another’s text, restored and removed',
  async (t) => {
    const { page, context, errors, outsideRequests } = await room.openAsEngineer('dora')
    const tabs = page.locator('.details [role=tab]')
    t.ok(await tabs.evaluateAll((all) => all.every((tab) => tab.scrollWidth <= tab.clientWidth)), 'each name is whole')
    await tabs.filter({ hasText: 'Docs' }).click()
    await page.locator('.room-documents a', { hasText: 'New document for this event' }).click()
    await page
      .locator('.document-form input[type=file]')
      .setInputFiles({ name: 'r.md', mimeType: 'text/markdown', buffer: Buffer.from(FILE) })
    t.equal(await page.getByLabel('Title').inputValue(), 'Ransomware')
    t.equal(await page.getByLabel('Who reads it').inputValue(), room.event_id)
    await button(page, 'Preview').click()
    await page.locator('.document-preview h3', { hasText: 'Contain' }).waitFor()
    await button(page, 'Save').click()
    await title(page, 'Ransomware').waitFor()
    t.match(
      await page.locator('.document > header').innerText(),
      /Runbook[\s\S]*TLP:AMBER[\s\S]*Version 1[\s\S]*by dora/,
    )

    const document_id = page.url().split('/').at(-1) ?? ''
    await button(page, 'Edit').click()
    await page.getByLabel('Text in Markdown').fill('Mine')
    await callApi('PUT', `/api/documents/${document_id}`, { title: 'Ransomware', content: 'Theirs', version: 1 })
    await button(page, 'Save').click()
    await page.locator('[role=alert]', { hasText: 'Somebody saved another text meanwhile' }).waitFor()
    await button(page, 'Show their text').click()
    await page.locator('.document-preview', { hasText: 'Theirs' }).waitFor()
    t.equal(await page.getByLabel('Text in Markdown').inputValue(), 'Mine')
    await button(page, 'Save mine as the next version').click()
    await page.locator('.document .prose', { hasText: 'Mine' }).waitFor()

    await button(page, 'Versions').click()
    await page.locator('.document-versions li').nth(2).waitFor()
    t.same(await page.locator('.document-versions button').allInnerTexts(), ['Version 3', 'Version 2', 'Version 1'])
    await button(page, 'Version 1').click()
    await button(page, 'Restore version 1').click()
    await page.locator('.document > header', { hasText: 'Version 4' }).waitFor()
    await page.locator('.document .prose h3', { hasText: 'Contain' }).waitFor()
    t.match(await callApi('GET', `/api/documents/${document_id}`), { own_tlp: 'green' }, 'its event is amber')

    await button(page, 'Remove').click()
    await page.locator('[role=alert] .danger').click()
    await page.locator('.document-place .pick').waitFor()
    await page.locator('.document-list a', { hasText: 'Ransomware' }).waitFor({ state: 'detached' })
    t.same([errors, outsideRequests], [[], []])
    await context.close()
  },
)

t.test('[DOC18] a search leads to the heading of what it found, as a link to it does', async (t) => {
  const { document_id } = await store({ title: 'Wiper', content: FILE.slice(FILE.indexOf('# Contain')) })
  const { page, context } = await room.openAsEngineer('erin')
  await page.keyboard.press('Control+k')
  await page.locator('.palette input').fill('documents')
  await page.keyboard.press('Enter')
  await page.locator('.document-list input').fill('copies of before')
  await page.locator('.document-list a', { hasText: 'Wiper › Contain › Restore from backup' }).click()
  const heading = page.locator('.document .heading', { hasText: 'Restore from backup' })
  const isThere = async (what: string) => {
    await page.locator('.heading:focus', { hasText: 'Restore from backup' }).waitFor()
    t.ok(await heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight), what)
  }
  await isThere('the found heading is in view and has the focus')
  t.match(page.url(), `#/documents/${document_id}/restore-from-backup`)
  await page.reload()
  await isThere('a link leads there, too')
  const account = await page.locator('.account').boundingBox()
  t.ok(account && account.y + account.height <= 800, 'a long document leaves the page as high as the window')
  await context.close()
})

t.test('[DOC18] a file of the folder is read, and neither edited nor removed', async (t) => {
  const { page, context } = await room.openAsEngineer('finn')
  await page.goto(`${room.front.url}/#/documents`)
  await page.locator('.document-list a', { hasText: 'VPN accounts' }).click()
  await page.locator('.document', { hasText: 'The file vpn.md in the folder of runbooks' }).waitFor()
  const actions = await page.locator('.document-actions button').allInnerTexts()
  t.same(
    actions.map((text) => text.trim()),
    ['Versions', 'Download'],
  )
  await context.close()
})

t.test('[DOC18] an unsaved text is kept while its writer looks elsewhere', async (t) => {
  const { page, context } = await room.openAsEngineer('gus')
  await store({ title: 'Elsewhere' })
  await page.goto(`${room.front.url}/#/documents/new`)
  await page.getByLabel('Title').fill('Half a thought')
  await page.locator('.document-list a', { hasText: 'Elsewhere' }).click()
  await title(page, 'Elsewhere').waitFor()
  await page.goBack()
  t.equal(await page.getByLabel('Title').inputValue(), 'Half a thought')
  await context.close()
})

t.test('[DOC17] a draft that was left is not saved over what somebody saved meanwhile', async (t) => {
  const { page, context } = await room.openAsEngineer('jon')
  const { document_id } = await store({ title: 'Left alone' })
  await store({ title: 'Another' })
  await page.goto(`${room.front.url}/#/documents/${document_id}`)
  await button(page, 'Edit').click()
  await page.getByLabel('Text in Markdown').fill('Mine')
  await page.locator('.document-list a', { hasText: 'Another' }).click()
  await title(page, 'Another').waitFor()
  await callApi('PUT', `/api/documents/${document_id}`, { title: 'Left alone', content: 'Theirs', version: 1 })
  await page.locator('.document-list a', { hasText: 'Left alone' }).click()
  t.equal(await page.getByLabel('Text in Markdown').inputValue(), 'Mine')
  await button(page, 'Save').click()
  await page.locator('[role=alert]', { hasText: 'Somebody saved another text meanwhile' }).waitFor()
  t.match(await callApi('GET', `/api/documents/${document_id}`), { version: 2, content: 'Theirs' })
  await context.close()
})

t.test('[DOC17] more versions than a page has are listed when the reader asks for them', async (t) => {
  const { document_id } = await store({ title: 'Often changed' })
  for (let version = 1; version <= 50; version += 1) {
    await callApi('PUT', `/api/documents/${document_id}`, {
      title: 'Often changed',
      content: `Text ${version}`,
      version,
    })
  }
  const { page, context } = await room.openAsEngineer('lea')
  await page.goto(`${room.front.url}/#/documents/${document_id}`)
  await button(page, 'Versions').click()
  await page.locator('.document-versions li').nth(49).waitFor()
  t.equal(await page.locator('.document-versions li').count(), 50)
  await page.locator('.document button.plain', { hasText: 'Load more' }).click()
  await page.locator('.document-versions button', { hasText: /^Version 1$/ }).waitFor()
  t.equal(await page.locator('.document-versions li').count(), 51)
  await context.close()
})

t.test('[DOC9] names in everybody’s document are not asked of a restricted event', async (t) => {
  const { document_id } = await store({ title: 'For all' })
  const { page, context } = await room.openAsEngineer('kim')
  const restricted = await room.createEvent(room.alice, { access: 'restricted' })
  const { items } = await callApi<{ items: Person[] }>('GET', `/api/events/${room.event_id}/people`)
  const kim = items.find(({ username }) => username === 'kim')
  await callApi('PUT', `/api/events/${restricted}/members/${kim?.user_id}`, { role: 'responder' })
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${room.front.url}/#/documents/${document_id}`)
  await page.reload()
  await page.locator('.document > header', { hasText: 'by alice' }).waitFor()
  t.same(
    asked.filter((url) => url.includes(`${restricted}/people`)),
    [],
  )
  await context.close()
})

t.test('[SRC9] an answer that cites a document shows its text, and leads to its heading', async (t) => {
  const content = `# Before\n${STEPS}\n# Quarantine\nUnplug the rogue gateway.\n`
  const { document_id } = await store({ title: 'Rogue gateway', content })
  const { page, context } = await room.openAsEngineer('ida')
  const question = { event_id: room.event_id, message: '@AI quarantine of the rogue gateway?' }
  await waitUntil('a worker has indexed the document', async () => {
    const told = await callApi<{ sources: ToldSource[] }>('POST', '/api/engineer-chat/preview', question)
    return told.sources.some((source) => source.document_id === document_id)
  })
  await sendText(page, '@AI quarantine of the rogue gateway [doc1]?')
  const chip = page.locator('.message[data-kind=ai] .prose .cite').first()
  await chip.focus()
  await page.locator('.cite-preview', { hasText: 'Unplug the rogue gateway' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.cite-preview').waitFor({ state: 'detached' })
  await callApi('PUT', `/api/documents/${document_id}`, {
    ...{ title: 'Rogue gateway', content: content.replace('Unplug', 'Power off'), version: 1 },
  })
  await chip.blur()
  await chip.focus()
  await page.locator('.cite-preview', { hasText: 'Power off the rogue gateway' }).waitFor()
  t.match(await page.locator('.rested-on summary').innerText(), /Rested on: event, (?:.*, )?\d documents?$/)
  await chip.click()
  await page.locator('.heading:focus', { hasText: 'Quarantine' }).waitFor()
  t.match(page.url(), `#/documents/${document_id}/quarantine`)
  await context.close()
})

/** Checks both themes and languages, wide and narrow. */
async function nobodyIsKeptOut(t: Test, page: Page, view: string): Promise<void> {
  const violations = async (what: string) => t.same(await listViolations(page), [], `${view}: ${what}`)
  await violations('English, dark')
  await page.locator('[aria-label="Light theme"]').click()
  await violations('English, light')
  await switchToChinese(page)
  await violations('Chinese, light')
  await page.locator('[aria-label="深色主题"]').click()
  await violations('Chinese, dark')
  await page.setViewportSize({ width: 360, height: 740 })
  await violations('360 px')
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360), 'nothing is wider than the screen')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.locator('.account [aria-label="English"]').click()
  await page.locator('html[lang^=en]').waitFor({ state: 'attached' })
}

t.test('[DOC19] axe finds nothing in list, document, form and versions, in both themes and languages', async (t) => {
  const { document_id } = await store({
    title: 'Looked at',
    content: `${'隔离主机。'.repeat(40)}\n\n| a | b |\n|---|---|\n| c | d |\n`,
  })
  const { page, context } = await room.openAsEngineer('hal')
  await page.goto(`${room.front.url}/#/documents`)
  await page.locator('.document-list a').first().waitFor()
  await nobodyIsKeptOut(t, page, 'list')
  await page.goto(`${room.front.url}/#/documents/${document_id}`)
  await title(page, 'Looked at').waitFor()
  await nobodyIsKeptOut(t, page, 'document')
  await button(page, 'Versions').click()
  await page.locator('.document-versions li').first().waitFor()
  await nobodyIsKeptOut(t, page, 'versions')
  await page.goto(`${room.front.url}/#/documents/new`)
  await page.locator('.document-form').waitFor()
  await nobodyIsKeptOut(t, page, 'form')
  await context.close()
})

t.test('[DOC20] an answer to /timeline is taken into the form, saved with links, edited and downloaded', async (t) => {
  const event_id = await room.createEvent(room.alice)
  await room.alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'cut off by hand' })
  const { page, context, errors } = await room.openAsEngineer('ivy', event_id)
  room.model.streamText('Write the timeline', 'Cut off [msg1].\n\n- A guess', { pieceCharacters: 40, pauseMs: 1 })
  await sendText(page, '/timeline')
  await page.locator('.message.own[data-kind=ai] .reply-foot button', { hasText: 'Save as document' }).click()
  t.match(await page.getByLabel('Title').inputValue(), /^Timeline: /)
  t.equal(await page.locator('.document-form select').nth(1).inputValue(), 'timeline')
  t.equal(await page.getByLabel('Who reads it').inputValue(), event_id)
  const text = await page.getByLabel('Text in Markdown').inputValue()
  t.match(text, /^Cut off \(\[alice, .* UTC\]\(http.*#\/events\/.*\/messages\/.*\)\)\.\n\n- A guess \[no source\]$/)
  await button(page, 'Save').click()
  await title(page, 'Timeline: ').waitFor()
  t.same(await listViolations(page), [])
  await button(page, 'Edit').click()
  await page.getByLabel('Text in Markdown').fill(text.replace('- A guess [no source]', '- No more is known'))
  await button(page, 'Save').click()
  await page.locator('.document header', { hasText: 'Version 2' }).waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'Download').click()])
  t.match(file.suggestedFilename(), /^Timeline.*\.md$/)
  await page.locator('.document .prose a', { hasText: 'alice' }).click()
  await page.locator('.message.marked', { hasText: 'cut off by hand' }).waitFor()
  t.same(errors, [])
  await context.close()
})
