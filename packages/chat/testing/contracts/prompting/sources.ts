import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { answer, aPlace, claimed, type MakeHarness, type Place, post, question, suite } from '../harness.ts'

export const materialsContract = (t: Test, make: MakeHarness) =>
  suite(t, 'materials', make, (t, { stores }) => {
    const { materials, messages, replies, sessions, timeline, events, reviews } = stores
    const all = (place: Place, unread = false) =>
      materials.getCommandSources({
        event_id: place.event_id,
        user_id: place.owner,
        audiences: ['all', 'people', place.owner],
        unread,
      })

    t.test(
      '[CMD1] summaries, changes and people’s messages, the oldest first; nothing of agents or chats',
      async (t) => {
        const place = await aPlace(stores)
        await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
        await post(stores, place, 'all', 'an agent’s word')
        await say(stores, place, 'I isolated host 7.')
        await events.update(place.event_id, { severity: 'critical', context: 'Secret text.' })
        await events.addSummary(place.event_id, { round_id: 2, event_summary: 'Second.', event_suggestion: 'Wait.' })
        await say(stores, { ...place, owner: place.other }, 'Thank you.')
        const { reply } = await messages.ask(question(place, { text: 'a chat’s word', visibility: 'room' }))
        await answer(stores, reply.message.message_id, { content: 'an answer’s word' })
        const material = await all(place)
        t.match(material, {
          since: null,
          summaries: [{ event_summary: 'First.' }, { event_summary: 'Second.', event_suggestion: 'Wait.' }],
          posts: [{ content: 'I isolated host 7.', username: `user-${place.owner}` }, { content: 'Thank you.' }],
        })
        t.same(
          material.changes.map(({ changed }) => changed),
          [{ severity: 'critical', context: null }],
        )
        t.notMatch(JSON.stringify(material), 'word')
        t.notMatch(JSON.stringify(material), 'Secret text')
      },
    )

    t.test('[CMD2] what is unread is what stands behind the place where the user had read up to', async (t) => {
      const place = await aPlace(stores)
      await say(stores, place, 'old')
      await events.addSummary(place.event_id, { round_id: 1, event_summary: 'Old.' })
      t.match(await all(place, true), { since: null, posts: [{ content: 'old' }] }, 'never read: all of it')
      const seq = (await timeline.readSeqs([place.event_id])).get(place.event_id) ?? 0
      await timeline.markRead(place.event_id, place.owner, seq)
      t.match(
        await all(place, true),
        { since: 0, posts: [{ content: 'old' }] },
        'read in this visit: still new to them',
      )
      await say(stores, { ...place, owner: place.other }, 'new')
      t.equal((await all({ ...place, owner: place.other }, true)).posts.length, 2, 'another’s mark is their own')
    })

    t.test('[CMD3] a question that isn’t stored has the context that it would have', async (t) => {
      const place = await aPlace(stores)
      await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
      const asked = await messages.ask(question(place, { text: 'Why?' }))
      await answer(stores, asked.reply.message.message_id, { content: 'Money.' })
      await events.addSummary(place.event_id, { round_id: 2, event_summary: 'Second.' })
      const now = { event_id: place.event_id, session_id: asked.session_id, question: 'And now?' }
      const context = await materials.findContext(now, 20)
      const stored = await messages.ask(question(place, { text: 'And now?' }))
      const expected = await replies.findContext(stored.reply.message.message_id, 20)
      t.same({ ...context, event: null }, { ...expected, event: null })
      t.match(context, { summary_updated: true, history: [{ question: 'Why?', answer: 'Money.' }] })
      t.match(await materials.findContext({ ...now, session_id: null }, 20), { history: [], summary_updated: false })
      t.equal(await materials.findContext({ ...now, event_id: createId() }, 20), undefined)
    })

    t.test('[CMD4] what a session was given of the one before it is in its questions’ contexts', async (t) => {
      const place = await aPlace(stores)
      const { event_id, owner: user_id } = place
      const session_id = createId()
      const carried_over = 'Q: Why?\nA: Money.'
      await sessions.create({ session_id, event_id, user_id, visibility: 'private', max_rounds: 10, carried_over })
      const { reply } = await messages.ask(question(place, { text: 'And now?' }))
      t.match(await replies.findContext(reply.message.message_id, 20), { carried_over })
      t.match(await materials.findContext({ event_id, session_id, question: 'x' }, 20), { carried_over })
      const other = await messages.ask(question(place, { user_id: place.other }))
      t.match(await replies.findContext(other.reply.message.message_id, 20), { carried_over: null })
    })

    t.test('[FILTER6] the write that finishes a reply flags it; a verdict is the last one’s', async (t) => {
      const place = await aPlace(stores)
      const { reply } = await messages.ask(question(place))
      const { message_id } = reply.message
      const hits = [{ kind: 'remote_image' as const, count: 2, examples: ['hxxps://evil[.]example/a.png'] }]
      const content = { content: 'Look.', model: 'm', prompt_version: 'answer/2' }
      const finish = async () =>
        replies.finish({ message_id, attempt: await claimed(stores, message_id) }, { type: 'chat', content, hits })
      await replies.finish({ message_id, attempt: 99 }, { type: 'chat', content, hits })
      t.equal((await flagged(message_id))?.reply.message_id, undefined, 'not by a write that the fence kept out')
      await finish()
      const found = await flagged(message_id)
      const { event_id, owner: user_id } = place
      t.match(found, {
        text: 'Look.',
        audience: user_id,
        reply: { message_id, event_id, user_id, visibility: 'private', model: 'm', hits, verdict: null, text: null },
      })
      const judged = await reviews.judge(message_id, { verdict: 'harmless', note: 'a logo', user_id: place.other })
      t.match(judged?.reply, { verdict: 'harmless', note: 'a logo', reviewed_by: place.other })
      t.equal((await flagged(message_id, true))?.reply.message_id, undefined, 'and it is no longer open')
      await messages.retry(place.owner, message_id)
      t.equal((await flagged(message_id))?.text, null, 'its text stands there no more')
      await finish()
      t.match((await flagged(message_id, true))?.reply, { verdict: null, note: null }, 'flagged anew')
      t.equal(await reviews.judge(createId(), { verdict: 'harmful', note: null, user_id: place.other }), undefined)
    })

    t.test('[FILTER6] a failure is flagged for what broke off, and shows that part alone', async (t) => {
      const place = await aPlace(stores)
      const { message_id } = (await messages.ask(question(place))).reply.message
      const hits = [{ kind: 'remote_image' as const, count: 1, examples: [] }]
      const error = { code: 'llm_stream_cut', retryable: true } as const
      const content = { content: 'Sorry.', error, partial: 'Isolate x' }
      await replies.finish({ message_id, attempt: await claimed(stores, message_id) }, { type: 'error', content, hits })
      t.match(await flagged(message_id), { text: 'Isolate x', reply: { hits } })
    })

    t.test('[FILTER6] flagged replies are listed page by page, the newest first', async (t) => {
      const place = await aPlace(stores)
      const hits = [{ kind: 'html' as const, count: 1, examples: [] }]
      const ids: string[] = []
      for (let at = 0; at < 3; at++) {
        const { reply } = await messages.ask(question(place))
        const { message_id } = reply.message
        const attempt = await claimed(stores, message_id)
        await replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'x' }, hits })
        ids.push(message_id)
      }
      const first = await reviews.list({ limit: 2 })
      const rest = await reviews.list({ limit: 10, cursor: first.next_cursor ?? '' })
      const listed = [...first.items, ...rest.items].map(({ reply }) => reply.message_id)
      t.same(listed.filter((id) => ids.includes(id)).toSorted(), ids.toSorted())
      t.equal(new Set(listed).size, listed.length)
    })

    t.test('[FILTER6] they are found by their verdict and by what was hit', async (t) => {
      const place = await aPlace(stores)
      const hits = [
        { kind: 'mark_repeated' as const, count: 1, examples: [] },
        { kind: 'secret_in_link' as const, count: 2, examples: ['remote_image'] },
      ]
      const message_id = (await messages.ask(question(place))).reply.message.message_id
      const attempt = await claimed(stores, message_id)
      await replies.finish({ message_id, attempt }, { type: 'chat', content: { content: 'x' }, hits })
      const isFound = async (filter: Parameters<typeof reviews.list>[0]) =>
        (await reviews.list(filter)).items.some(({ reply }) => reply.message_id === message_id)
      t.ok(await isFound({ limit: 100, verdict: 'none', kind: 'secret_in_link' }))
      t.notOk(await isFound({ limit: 100, kind: 'remote_image' }), 'an example is no kind')
      await reviews.judge(message_id, { verdict: 'wrong', note: null, user_id: place.owner })
      t.ok(await isFound({ limit: 100, verdict: 'wrong', kind: 'mark_repeated' }))
      t.notOk(await isFound({ limit: 100, verdict: 'harmful' }))
      t.notOk(await isFound({ limit: 100, verdict: 'none' }))
    })

    async function flagged(message_id: string, open = false) {
      const { items } = await reviews.list({ limit: 100, ...(open && { verdict: 'none' as const }) })
      return items.find(({ reply }) => reply.message_id === message_id)
    }
  })

async function say(stores: Stores, place: Place, content: string): Promise<void> {
  await stores.messages.post({
    message_id: createId(),
    event_id: place.event_id,
    user_id: place.owner,
    category: 'room',
    message_from: place.owner,
    message_type: 'chat',
    content: { content },
    round_id: null,
    audience: 'all',
  })
}
