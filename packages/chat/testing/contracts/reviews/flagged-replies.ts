import type { FilterFinding } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { aPlace, aQuestion, claimReply, type Harness, type MakeHarness, type Place, runSuite } from '../harness.ts'

const IMAGE: FilterFinding = { kind: 'remote_image', count: 2, examples: ['hxxps://evil[.]example/a.png'] }
const CONTENT = { content: 'Look.', model: 'm', prompt_version: 'answer/2' }

/** Proves that finished replies are flagged, and the ReviewStore. */
export const reviewsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'reviews', make, proveFlagging, proveVerdicts, proveFlaggedLists)

function proveFlagging(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[FILTER6] the write that finishes a reply flags it', async (t) => {
    const { place, message_id } = await aReply(stores)

    await finish(stores, message_id, [IMAGE])

    const { event_id, owner: user_id } = place
    t.match(await findFlagged(stores, message_id), {
      text: 'Look.',
      reply: { message_id, event_id, user_id, visibility: 'private', model: 'm', hits: [IMAGE], verdict: null },
    })
  })

  t.test('[FILTER6] a write that the fence token refuses flags nothing', async (t) => {
    const { message_id } = await aReply(stores)
    await replies.finish({ message_id, attempt: 99 }, { type: 'chat', content: CONTENT, findings: [IMAGE] })
    t.equal(await findFlagged(stores, message_id), undefined)
  })

  t.test('[FILTER6] an answer that broke off is flagged, and the review shows its partial alone', async (t) => {
    const { message_id } = await aReply(stores)
    const error = { code: 'llm_stream_cut', retryable: true } as const
    const content = { content: 'Sorry.', error, partial: 'Isolate x' }
    const ref = { message_id, attempt: await claimReply(stores, message_id) }

    await replies.finish(ref, { type: 'error', content, findings: [IMAGE] })

    t.match(await findFlagged(stores, message_id), { text: 'Isolate x', reply: { hits: [IMAGE] } })
  })
}

function proveVerdicts(t: Test, { stores }: Harness): void {
  const { messages, reviews } = stores

  t.test('[FILTER6] a verdict names who gave it, and a judged reply is no longer listed as open', async (t) => {
    const { place, message_id } = await aReply(stores)
    await finish(stores, message_id, [IMAGE])

    const judged = await reviews.judge(message_id, { verdict: 'harmless', note: 'a logo', user_id: place.other })

    t.match(judged?.reply, { verdict: 'harmless', note: 'a logo', reviewed_by: place.other })
    t.equal(await findFlagged(stores, message_id, { verdict: 'none' }), undefined)
  })

  t.test('[FILTER6] a retried reply has no text in the reviews until it is flagged again', async (t) => {
    const { place, message_id } = await aReply(stores)
    await finish(stores, message_id, [IMAGE])
    await reviews.judge(message_id, { verdict: 'harmless', note: 'a logo', user_id: place.other })

    await messages.retry(place.owner, message_id)
    const meanwhile = await findFlagged(stores, message_id)
    await finish(stores, message_id, [IMAGE])

    t.equal(meanwhile?.text, null)
    t.match((await findFlagged(stores, message_id, { verdict: 'none' }))?.reply, { verdict: null, note: null })
  })

  t.test('[FILTER6] a reply that was never flagged cannot be judged', async (t) => {
    const verdict = { verdict: 'harmful', note: null, user_id: createId() } as const
    t.equal(await reviews.judge(createId(), verdict), undefined)
  })
}

function proveFlaggedLists(t: Test, { stores }: Harness): void {
  const { reviews } = stores

  t.test('[FILTER6] flagged replies are listed page by page, each once', async (t) => {
    const flagged = await Promise.all([aReply(stores), aReply(stores), aReply(stores)])
    const ids = flagged.map(({ message_id }) => message_id)
    for (const message_id of ids) await finish(stores, message_id, [IMAGE])

    const firstPage = await reviews.list({ limit: 2 })
    const secondPage = await reviews.list({ limit: 10, cursor: firstPage.next_cursor ?? '' })

    const listed = [...firstPage.items, ...secondPage.items].map(({ reply }) => reply.message_id)
    t.same(listed.filter((id) => ids.includes(id)).toSorted(), ids.toSorted())
    t.equal(new Set(listed).size, listed.length)
  })

  t.test('[FILTER6] flagged replies are found by the kind of a finding', async (t) => {
    const { message_id } = await aReply(stores)
    await finish(stores, message_id, [
      { kind: 'mark_repeated', count: 1, examples: [] },
      { kind: 'secret_in_link', count: 2, examples: ['remote_image'] },
    ])
    t.ok(await findFlagged(stores, message_id, { verdict: 'none', kind: 'mark_repeated' }))
    t.ok(await findFlagged(stores, message_id, { verdict: 'none', kind: 'secret_in_link' }))
    t.notOk(await findFlagged(stores, message_id, { kind: 'remote_image' }), 'an example is not a kind')
  })

  t.test('[FILTER6] flagged replies are found by their verdict', async (t) => {
    const { place, message_id } = await aReply(stores)
    await finish(stores, message_id, [IMAGE])

    await reviews.judge(message_id, { verdict: 'wrong', note: null, user_id: place.owner })

    t.ok(await findFlagged(stores, message_id, { verdict: 'wrong', kind: 'remote_image' }))
    t.notOk(await findFlagged(stores, message_id, { verdict: 'harmful' }))
    t.notOk(await findFlagged(stores, message_id, { verdict: 'none' }))
  })
}

type Filter = Omit<Parameters<Stores['reviews']['list']>[0], 'limit'>

async function findFlagged({ reviews }: Stores, message_id: string, filter: Filter = {}) {
  const { items } = await reviews.list({ limit: 100, ...filter })
  return items.find(({ reply }) => reply.message_id === message_id)
}

async function finish({ replies }: Stores, message_id: string, findings: FilterFinding[]): Promise<void> {
  const claim = await replies.claim(message_id, 60_000)
  const attempt = claim?.row.attempt ?? 0
  await replies.finish({ message_id, attempt }, { type: 'chat', content: CONTENT, findings })
}

async function aReply(stores: Stores): Promise<{ message_id: string; place: Place }> {
  const place = await aPlace(stores)
  const { reply } = await stores.messages.ask(aQuestion(place))
  return { place, message_id: reply.message.message_id }
}
