import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '@engineer-chat/proof'
import type { AnswerSource, KnowledgeDocument, Person } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { sendText, TEST_FILE_TIMEOUT_MS } from '../testing/browser.ts'
import { checkEveryLanguageAndTheme, NARROW, WIDE } from '../testing/every-language-and-theme.ts'
import { startWarRoom } from '../testing/war-room.ts'

const folder = join(t.testdir({}), 'runbooks')
await mkdir(folder)
await writeFile(join(folder, 'vpn.md'), '---\ntitle: VPN accounts\n---\n# Lock\nLock the account.\n')
const warRoom = await startWarRoom({ env: { KNOWLEDGE_DIR: folder, KNOWLEDGE_INTERVAL: '1' } })
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

const STEPS = Array.from({ length: 60 }, (_, index) => `Step ${index} of many.\n`).join('\n')
const MARKDOWN_FILE = `---\ntitle: Ransomware\nkind: runbook\ntlp: TLP:GREEN\n---\n# Contain\nIsolate.\n\n${STEPS}\n## Restore from backup\nUse earlier copies.\n`

async function callApi<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await warRoom.alice.call<T>(warRoom.getApiUrl(0), method, path, body)
  if (response.status >= 300) throw new Error(response.text)
  return response.body
}

const createDocument = (fields: object) =>
  callApi<KnowledgeDocument>('POST', '/api/documents', {
    title: 'Phishing',
    kind: 'runbook',
    content: '# Reset\nReset it.',
    access: 'everybody',
    ...fields,
  })

const getButton = (page: Page, text: string) => page.locator('.document-place button', { hasText: text })
const getTitle = (page: Page, text: string) => page.locator('.document h2', { hasText: text })
/** Gives the page enough time to draw a response that has arrived. */
const drawFrames = (page: Page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame)
  })

t.test(
  '[DOC17] a document of the event is filled from a file, edited after a conflict, restored and removed',
  async (t) => {
    const { page, context, errors, externalRequests } = await warRoom.openAsEngineer('dora')
    const tabs = page.locator('.details [role=tab]')
    t.ok(
      await tabs.evaluateAll((all) => all.every((tab) => tab.scrollWidth <= tab.clientWidth)),
      'the name of each tab is completely visible',
    )
    await tabs.filter({ hasText: 'Docs' }).click()
    await page.locator('.room-documents a', { hasText: 'New document for this event' }).click()
    await page
      .locator('.document-form input[type=file]')
      .setInputFiles({ name: 'r.md', mimeType: 'text/markdown', buffer: Buffer.from(MARKDOWN_FILE) })
    t.equal(await page.getByLabel('Title').inputValue(), 'Ransomware')
    t.equal(await page.getByLabel('Who reads it').inputValue(), warRoom.event_id)
    await getButton(page, 'Preview').click()
    await page.locator('.document-preview h3', { hasText: 'Contain' }).waitFor()
    await getButton(page, 'Save').click()
    await getTitle(page, 'Ransomware').waitFor()
    t.match(
      await page.locator('.document > header').innerText(),
      /Runbook[\s\S]*TLP:AMBER[\s\S]*Version 1[\s\S]*by dora/,
    )

    const document_id = page.url().split('/').at(-1) ?? ''
    await getButton(page, 'Edit').click()
    await page.getByLabel('Text in Markdown').fill('Mine')
    await callApi('PUT', `/api/documents/${document_id}`, { title: 'Ransomware', content: 'Theirs', version: 1 })
    await getButton(page, 'Save').click()
    await page.locator('[role=alert]', { hasText: 'Somebody saved another text meanwhile' }).waitFor()
    await getButton(page, 'Show their text').click()
    await page.locator('.document-preview', { hasText: 'Theirs' }).waitFor()
    t.equal(await page.getByLabel('Text in Markdown').inputValue(), 'Mine')
    await getButton(page, 'Save mine as the next version').click()
    await page.locator('.document .prose', { hasText: 'Mine' }).waitFor()

    await getButton(page, 'Versions').click()
    await page.locator('.document-versions li').nth(2).waitFor()
    t.same(await page.locator('.document-versions button').allInnerTexts(), ['Version 3', 'Version 2', 'Version 1'])
    await getButton(page, 'Version 1').click()
    await getButton(page, 'Restore version 1').click()
    await page.locator('.document > header', { hasText: 'Version 4' }).waitFor()
    await page.locator('.document .prose h3', { hasText: 'Contain' }).waitFor()
    t.match(
      await callApi('GET', `/api/documents/${document_id}`),
      { own_tlp: 'green' },
      'its own label is green, although its event is amber',
    )

    await getButton(page, 'Remove').click()
    await page.locator('[role=alert] .danger').click()
    await page.locator('.document-place .pick').waitFor()
    await page.locator('.document-list a', { hasText: 'Ransomware' }).waitFor({ state: 'detached' })
    t.same([errors, externalRequests], [[], []])
    await context.close()
  },
)

t.test('[DOC18] a search result and a link open the document at the heading', async (t) => {
  const { document_id } = await createDocument({
    title: 'Wiper',
    content: MARKDOWN_FILE.slice(MARKDOWN_FILE.indexOf('# Contain')),
  })
  const { page, context } = await warRoom.openAsEngineer('erin')
  await page.keyboard.press('Control+k')
  await page.locator('.palette input').fill('documents')
  await page.keyboard.press('Enter')
  await page.locator('.document-list input').fill('earlier copies')
  await page.locator('.document-list a', { hasText: 'Wiper › Contain › Restore from backup' }).click()
  const heading = page.locator('.document .heading', { hasText: 'Restore from backup' })
  const expectHeadingInView = async (expectation: string) => {
    await page.locator('.heading:focus', { hasText: 'Restore from backup' }).waitFor()
    t.ok(await heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight), expectation)
  }
  await expectHeadingInView('the found heading is in view and has the focus')
  t.match(page.url(), `#/documents/${document_id}/restore-from-backup`)
  await page.reload()
  await expectHeadingInView('a link leads to the heading, too')
  const accountBox = await page.locator('.account').boundingBox()
  const accountBottom = accountBox ? accountBox.y + accountBox.height : Number.POSITIVE_INFINITY
  t.ok(accountBottom <= WIDE.height, 'a long document does not make the page higher than the window')
  await context.close()
})

t.test('[DOC18] a document from the folder can be read, but neither edited nor removed', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('finn')
  await page.goto(`${warRoom.proxy.url}/#/documents`)
  await page.locator('.document-list a', { hasText: 'VPN accounts' }).click()
  await page.locator('.document', { hasText: 'The file vpn.md in the folder of runbooks' }).waitFor()
  const actionLabels = await page.locator('.document-actions button').allInnerTexts()
  t.same(
    actionLabels.map((text) => text.trim()),
    ['Versions', 'Download'],
  )
  await context.close()
})

t.test('[DOC18] an unsaved text is kept while its writer visits another part of the page', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('gus')
  await createDocument({ title: 'Elsewhere' })
  await page.goto(`${warRoom.proxy.url}/#/documents/new`)
  await page.getByLabel('Title').fill('Half a thought')
  await page.locator('.document-list a', { hasText: 'Elsewhere' }).click()
  await getTitle(page, 'Elsewhere').waitFor()
  await page.goBack()
  t.equal(await page.getByLabel('Title').inputValue(), 'Half a thought')
  await context.close()
})

t.test('[DOC17] a reopened draft does not overwrite a version that was saved in between', async (t) => {
  const { page, context } = await warRoom.openAsEngineer('jon')
  const { document_id } = await createDocument({ title: 'Left alone' })
  await createDocument({ title: 'Another' })
  await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
  await getButton(page, 'Edit').click()
  await page.getByLabel('Text in Markdown').fill('Mine')
  await page.locator('.document-list a', { hasText: 'Another' }).click()
  await getTitle(page, 'Another').waitFor()
  await callApi('PUT', `/api/documents/${document_id}`, { title: 'Left alone', content: 'Theirs', version: 1 })
  await page.locator('.document-list a', { hasText: 'Left alone' }).click()
  t.equal(await page.getByLabel('Text in Markdown').inputValue(), 'Mine')
  await getButton(page, 'Save').click()
  await page.locator('[role=alert]', { hasText: 'Somebody saved another text meanwhile' }).waitFor()
  t.match(await callApi('GET', `/api/documents/${document_id}`), { version: 2, content: 'Theirs' })
  await context.close()
})

t.test('[DOC17] “Load more” lists the next page of versions', async (t) => {
  const { document_id } = await createDocument({ title: 'Often changed' })
  for (let version = 1; version <= 50; version += 1) {
    await callApi('PUT', `/api/documents/${document_id}`, {
      title: 'Often changed',
      content: `Text ${version}`,
      version,
    })
  }
  const { page, context } = await warRoom.openAsEngineer('lea')
  await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
  await getButton(page, 'Versions').click()
  await page.locator('.document-versions li').nth(49).waitFor()
  t.equal(await page.locator('.document-versions li').count(), 50)
  await page.locator('.document button.plain', { hasText: 'Load more' }).click()
  await page.locator('.document-versions button', { hasText: /^Version 1$/ }).waitFor()
  t.equal(await page.locator('.document-versions li').count(), 51)
  await context.close()
})

t.test('[DOC9] the names in a document for everybody are not loaded from a restricted event', async (t) => {
  const { document_id } = await createDocument({ title: 'For all' })
  const { page, context } = await warRoom.openAsEngineer('kim')
  const restrictedEventId = await warRoom.createEvent(warRoom.alice, { access: 'restricted' })
  const { items } = await callApi<{ items: Person[] }>('GET', `/api/events/${warRoom.event_id}/people`)
  const kim = items.find(({ username }) => username === 'kim')
  await callApi('PUT', `/api/events/${restrictedEventId}/members/${kim?.user_id}`, { role: 'responder' })
  const requestedUrls: string[] = []
  page.on('request', (request) => requestedUrls.push(request.url()))
  await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
  await page.reload()
  await page.locator('.document > header', { hasText: 'by alice' }).waitFor()
  t.same(
    requestedUrls.filter((url) => url.includes(`${restrictedEventId}/people`)),
    [],
  )
  await context.close()
})

t.test('[SRC9] a citation of a document shows the cited text, and leads to its heading', async (t) => {
  const content = `# Before\n${STEPS}\n# Quarantine\nUnplug the rogue gateway.\n`
  const { document_id } = await createDocument({ title: 'Rogue gateway', content })
  const { page, context } = await warRoom.openAsEngineer('ida')
  const question = { event_id: warRoom.event_id, message: '@AI quarantine of the rogue gateway?' }
  await waitUntil('a worker has indexed the document', async () => {
    const preview = await callApi<{ sources: AnswerSource[] }>('POST', '/api/engineer-chat/preview', question)
    return preview.sources.some((source) => source.document_id === document_id)
  })
  await sendText(page, '@AI quarantine of the rogue gateway [doc1]?')
  const citation = page.locator('.message[data-kind=ai] .prose .cite').first()
  await citation.focus()
  await page.locator('.cite-preview', { hasText: 'Unplug the rogue gateway' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.cite-preview').waitFor({ state: 'detached' })
  await callApi('PUT', `/api/documents/${document_id}`, {
    title: 'Rogue gateway',
    content: content.replace('Unplug', 'Power off'),
    version: 1,
  })
  await citation.blur()
  await citation.focus()
  await page.locator('.cite-preview', { hasText: 'Power off the rogue gateway' }).waitFor()
  t.match(await page.locator('.answer-sources summary').innerText(), /Sources: event, (?:.*, )?\d documents?$/)
  await citation.click()
  await page.locator('.heading:focus', { hasText: 'Quarantine' }).waitFor()
  t.match(page.url(), `#/documents/${document_id}/quarantine`)
  await context.close()
})

t.test(
  '[DOC19] axe finds no violation in list, document, form and versions, in both themes and languages',
  async (t) => {
    const { document_id } = await createDocument({
      title: 'In every look',
      content: `${'隔离主机。'.repeat(40)}\n\n| ${'a | b '.repeat(9)}|\n|${'---|'.repeat(18)}\n| ${'c | d '.repeat(9)}|\n\n\`\`\`sh\n${'cat '.repeat(60)}\n\`\`\`\n`,
    })
    const { page, context } = await warRoom.openAsEngineer('hal')
    await page.goto(`${warRoom.proxy.url}/#/documents`)
    await page.locator('.document-list a').first().waitFor()
    await checkEveryLanguageAndTheme(t, page, 'list')
    await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
    await getTitle(page, 'In every look').waitFor()
    await checkEveryLanguageAndTheme(t, page, 'document')
    await page.setViewportSize(NARROW)
    const documentArea = page.locator('.document-place')
    t.ok(
      await documentArea.evaluate((element) => element.scrollWidth <= element.clientWidth),
      'wide code and tables scroll in their own boxes',
    )
    await page.setViewportSize(WIDE)
    await getButton(page, 'Versions').click()
    await page.locator('.document-versions li').first().waitFor()
    await checkEveryLanguageAndTheme(t, page, 'versions')
    await page.goto(`${warRoom.proxy.url}/#/documents/new`)
    await page.locator('.document-form').waitFor()
    await checkEveryLanguageAndTheme(t, page, 'form')
    await context.close()
  },
)

t.test(
  '[DOC17] of two versions that are chosen quickly, the last one is shown, also if it arrives first',
  async (t) => {
    const { document_id } = await createDocument({ title: 'Hurried', content: 'Text one' })
    for (const [version, content] of ['Text two', 'Text three'].entries())
      await callApi('PUT', `/api/documents/${document_id}`, { title: 'Hurried', content, version: version + 1 })
    const { page, context } = await warRoom.openAsEngineer('max')
    await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
    await getButton(page, 'Versions').click()
    const { promise: delay, resolve: endDelay } = Promise.withResolvers<void>()
    await page.route(/\?version=1$/, async (route) => {
      await delay
      await route.continue()
    })
    const lateResponse = page.waitForResponse(/\?version=1$/)
    await getButton(page, 'Version 1').click()
    await getButton(page, 'Version 2').click()
    await page.locator('.document .prose', { hasText: 'Text two' }).waitFor()
    endDelay()
    await (await lateResponse).finished()
    await drawFrames(page)
    t.equal(await page.locator('.document .prose').innerText(), 'Text two')
    t.equal(await page.locator('.document-versions [aria-pressed=true]').innerText(), 'Version 2')
    await context.close()
  },
)

t.test('[DOC9] a page that was requested before the list was filtered is not added to the new list', async (t) => {
  const document = await createDocument({ title: 'In the earlier list' })
  const { page, context } = await warRoom.openAsEngineer('ned')
  const { promise: delay, resolve: endDelay } = Promise.withResolvers<void>()
  await page.route(/\/api\/documents\?/, async (route) => {
    if (route.request().url().includes('cursor=')) {
      await delay
      const items = [{ ...document, document_id: 'late', title: 'Too late' }]
      await route.fulfill({ json: { items, next_cursor: null } })
      return
    }
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), next_cursor: 'next' } })
  })
  const documentList = page.locator('.document-list')
  await page.goto(`${warRoom.proxy.url}/#/documents`)
  const lateResponse = page.waitForResponse(/cursor=next/)
  await documentList.locator('button', { hasText: 'Load more' }).click()
  await documentList.locator('select').selectOption('note')
  await documentList.locator('a', { hasText: 'In the earlier list' }).waitFor({ state: 'detached' })
  endDelay()
  await (await lateResponse).finished()
  await drawFrames(page)
  t.equal(await documentList.locator('a', { hasText: 'Too late' }).count(), 0)
  await context.close()
})
