import { readFile } from 'node:fs/promises'
import type { KnowledgeDocument, Person } from '@engineer-chat/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { listViolations } from '../testing/axe.ts'
import { goToRoom, jumpTo, sendText, signIn, TEST_FILE_TIMEOUT_MS, visit } from '../testing/browser.ts'
import { PASSWORD, startWarRoom } from '../testing/war-room.ts'

const warRoom = await startWarRoom()
t.setTimeout(TEST_FILE_TIMEOUT_MS)
t.teardown(() => warRoom.stop())

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
const getKindSelect = (page: Page) => page.locator('.document-form select').nth(1)
const getLabelSelect = (page: Page) => page.locator('.document-form select').last()

t.test('[DOC20] an answer to /timeline is copied into the form, saved with links, edited and downloaded', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice)
  await warRoom.alice.call(warRoom.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
    message: 'cut off by hand',
  })
  const { page, context, errors } = await warRoom.openAsEngineer('ivy', event_id)
  warRoom.model.streamText('Write the timeline', 'Cut off [msg1].\n\n- A guess', { deltaCharacters: 40, pauseMs: 1 })
  await sendText(page, '/timeline')
  await page.locator('.message.own[data-kind=ai] .reply-foot button', { hasText: 'Save as document' }).click()
  t.match(await page.getByLabel('Title').inputValue(), /^Timeline: /)
  t.equal(await getKindSelect(page).inputValue(), 'timeline')
  t.equal(await page.getByLabel('Who reads it').inputValue(), event_id)
  const text = await page.getByLabel('Text in Markdown').inputValue()
  t.match(text, /^Cut off \(\[alice, .* UTC\]\(http.*#\/events\/.*\/messages\/.*\)\)\.\n\n- A guess \[no source\]$/)
  await getButton(page, 'Save').click()
  await getTitle(page, 'Timeline: ').waitFor()
  t.same(await listViolations(page), [])
  await getButton(page, 'Edit').click()
  await page.getByLabel('Text in Markdown').fill(text.replace('- A guess [no source]', '- No more is known'))
  await getButton(page, 'Save').click()
  await page.locator('.document header', { hasText: 'Version 2' }).waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), getButton(page, 'Download').click()])
  t.match(file.suggestedFilename(), /^Timeline.*\.md$/)
  t.match(await readFile(await file.path(), 'utf8'), /^---\ntitle: "Timeline: .*\n[\s\S]*- No more is known$/)
  await jumpTo(page, 'cut off by hand', () => page.locator('.document .prose a', { hasText: 'alice' }).click())
  t.same(errors, [])
  await context.close()
})

t.test('[DOC22] an observer of an event reads its documents and gets no control that changes them', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { access: 'restricted', event_name: 'Watched' })
  await warRoom.createUser('nia')
  const usersResponse = await warRoom.admin.call<{ items: Person[] }>(
    warRoom.getApiUrl(0),
    'GET',
    '/api/users?limit=100',
  )
  const nia = usersResponse.body.items.find(({ username }) => username === 'nia')
  await callApi('PUT', `/api/events/${event_id}/members/${nia?.user_id}`, { role: 'observer' })
  const { document_id } = await createDocument({ title: 'Watched text', access: 'event', event_id })
  await callApi('PUT', `/api/documents/${document_id}`, { title: 'Watched text', content: 'Second', version: 1 })
  const { page, context } = await visit(warRoom.browser, warRoom.proxy.url)
  await signIn(page, 'nia', PASSWORD)
  await goToRoom(page, warRoom.proxy.url, event_id)

  await page.locator('#tab-documents').click()
  await page.locator('.room-documents a', { hasText: 'Watched text' }).waitFor()
  t.equal(await page.locator('.room-documents a', { hasText: 'New document' }).count(), 0)
  const membersResponse = page.waitForResponse((response) => response.url().includes(`${event_id}/members`))
  await page.locator('.room-documents a', { hasText: 'Watched text' }).click()
  await membersResponse // The page knows the observer's rights after this.
  await page.locator('.document .prose', { hasText: 'Second' }).waitFor()
  const actionLabels = await page.locator('.document-actions button').allInnerTexts()
  t.same(
    actionLabels.map((text) => text.trim()),
    ['Versions', 'Download'],
  )
  await getButton(page, 'Versions').click()
  await getButton(page, 'Version 1').click()
  await page.locator('.document .prose', { hasText: 'Reset it.' }).waitFor()
  t.equal(await getButton(page, 'Restore').count(), 0)

  await page.goto(`${warRoom.proxy.url}/#/documents/new/${event_id}`)
  await page.locator('[role=alert]', { hasText: 'You observe this event' }).waitFor()
  t.ok(await getButton(page, 'Save').isDisabled())
  await page.getByLabel('Who reads it').selectOption('')
  await page.locator('[role=alert]').waitFor({ state: 'detached' })
  t.notOk(await getButton(page, 'Save').isDisabled(), 'every engineer can write documents for everybody')
  await context.close()
})

t.test('[DOC22] a writer who does not manage a document can raise its label but not lower it', async (t) => {
  const { document_id } = await createDocument({ title: 'Labelled', tlp: 'amber' })
  const { page, context } = await warRoom.openAsEngineer('oli')
  await page.goto(`${warRoom.proxy.url}/#/documents/${document_id}`)
  await getButton(page, 'Edit').click()
  t.same(await getLabelSelect(page).locator('option').evaluateAll(listValues), ['amber', 'amber+strict', 'red'])
  await getLabelSelect(page).selectOption('red')
  await getButton(page, 'Save').click()
  await page.locator('.document > header', { hasText: 'TLP:RED' }).waitFor()
  await context.close()
})

const listValues = (options: Element[]) => options.map((option) => option.getAttribute('value'))

t.test('[DOC10] a search is cancelled when the reader types another one', async (t) => {
  await createDocument({})
  const { page, context } = await warRoom.openAsEngineer('pam')
  await page.goto(`${warRoom.proxy.url}/#/documents`)
  const requestedUrls: string[] = []
  const failedUrls: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/documents/search')) requestedUrls.push(request.url())
  })
  page.on('requestfailed', (request) => failedUrls.push(request.url()))
  await page.route('**/documents/search?q=isolat&*', () => {}) // This request is never answered.
  await page.locator('.document-list input').fill('isolat')
  await page.waitForRequest(/search\?q=isolat&/)
  await page.locator('.document-list input').fill('reset it')
  const searchResult = page.locator('.document-list a', { hasText: 'Phishing › Reset' })
  t.match(
    await searchResult.first().locator('.excerpt').innerText(),
    /^Reset it\.$/,
    'the excerpt has neither Markdown nor the heading',
  )
  t.match(await searchResult.first().innerText(), 'TLP:AMBER')
  t.equal(requestedUrls.length, 2)
  t.match(failedUrls, [/q=isolat&/])
  await context.close()
})

t.test('[EXPORT8] a postmortem is drafted, saved, edited, and exported with the room', async (t) => {
  const event_id = await warRoom.createEvent(warRoom.alice, { event_name: 'Phish at noon' })
  await callApi('POST', `/api/events/${event_id}/messages`, { message: 'isolated at noon' })
  const { page, context, errors } = await warRoom.openAsEngineer('quin', event_id, { acceptDownloads: true })
  warRoom.model.streamText('draft of the postmortem', '### Summary\n\nIsolated [msg1].', {
    deltaCharacters: 40,
    pauseMs: 1,
  })
  await sendText(page, '/postmortem')
  await page.locator('.message.own[data-kind=ai] .reply-foot button', { hasText: 'Save as document' }).click()
  await page.getByLabel('Title').fill('复盘：钓鱼邮件')
  await getButton(page, 'Save').click()
  await getTitle(page, '复盘：钓鱼邮件').waitFor()
  await getButton(page, 'Edit').click()
  await page.getByLabel('Text in Markdown').fill('### 摘要\n\n中午已隔离。')
  await getLabelSelect(page).selectOption('red')
  await getButton(page, 'Save').click()
  await page.locator('.document > header', { hasText: 'Version 2' }).waitFor()

  await page.goto(`${warRoom.proxy.url}/#/events/${event_id}`)
  await page.locator('#tab-evidence').click()
  await page.locator('.panel button', { hasText: 'Export the room' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('dialog[open] button[type=submit]').click(),
  ])
  const text = await readFile(await file.path(), 'utf8')
  t.match(text, '**TLP:RED**')
  t.match(text, /- \*\*复盘：钓鱼邮件\*\* · Postmortem · version 2 · \*\*TLP:RED\*\* · by quin, /)
  t.match(text, '> ### 摘要\n>\n> 中午已隔离。\n')
  t.same(errors, [])
  await context.close()
})
