import type { Test } from 'tap'
import { listAudiences } from '../../../src/people/access.ts'
import { createId } from '../../../src/shared/ids.ts'
import { answer, aPlace, idsOf, type MakeHarness, newSession, post, question, suite } from '../harness.ts'

export const timelineContract = (t: Test, make: MakeHarness) =>
  suite(t, 'timeline', make, (t, { stores }) => {
    const { timeline, messages } = stores

    t.test('[PAGE1] pages go back from the newest, each the oldest first', async (t) => {
      const place = await aPlace(stores)
      for (let index = 0; index < 5; index += 1) await post(stores, place)
      const positions = async (query: { before?: number; limit: number }) => {
        const page = await timeline.readPage(place.event_id, ['all'], query)
        return { at: page.rows.map((row) => row.message.position), has_more: page.has_more, seq: page.seq }
      }
      t.same(await positions({ limit: 2 }), { at: [4, 5], has_more: true, seq: 5 })
      t.same(await positions({ limit: 2, before: 4 }), { at: [2, 3], has_more: true, seq: 5 })
      t.same(await positions({ limit: 2, before: 2 }), { at: [1], has_more: false, seq: 5 })
      t.same(await positions({ limit: 5 }), { at: [1, 2, 3, 4, 5], has_more: false, seq: 5 })
    })

    t.test('[PAGE6] pages go on from a position, and a message is found where its reader may see it', async (t) => {
      const place = await aPlace(stores)
      const rows = []
      for (let index = 0; index < 5; index += 1) rows.push((await post(stores, place)).row)
      const secret = await messages.ask(question(place))
      const positions = async (query: { after: number; limit: number }) => {
        const page = await timeline.readPage(place.event_id, ['all'], query)
        return { at: page.rows.map((row) => row.message.position), has_more: page.has_more }
      }
      t.same(await positions({ after: 0, limit: 2 }), { at: [1, 2], has_more: true })
      t.same(await positions({ after: 2, limit: 3 }), { at: [3, 4, 5], has_more: false }, 'others’ rows are no more')
      t.same(await positions({ after: 5, limit: 3 }), { at: [], has_more: false })
      const at = (audiences: string[], message_id: string, event_id = place.event_id) =>
        timeline.findPosition(event_id, audiences, message_id)
      const { message_id } = secret.question.message
      t.equal(await at(['all'], rows[2]?.message.message_id ?? ''), 3)
      t.equal(await at(['all', 'people', place.owner], message_id), 6)
      t.equal(await at(['all', 'people', place.other], message_id), undefined)
      t.equal(await at(['all', 'people', place.owner], message_id, createId()), undefined)
      t.equal(await at(['all'], createId()), undefined)
    })

    t.test('[PAGE2] readers see their audiences’ rows alone', async (t) => {
      const place = await aPlace(stores)
      const agents = await post(stores, place)
      const mine = await messages.ask(question(place))
      const theirs = await messages.ask(question(place, { user_id: place.other, visibility: 'room' }))
      const secret = await messages.ask(question({ ...place, owner: createId() }))
      const seen = async (caller: Parameters<typeof listAudiences>[0]) => {
        const page = await timeline.readPage(place.event_id, listAudiences(caller), { limit: 50 })
        const changes = await timeline.readChanges(place.event_id, listAudiences(caller), 0, 50)
        t.same(changes?.rows, page.rows, 'pages and changes agree')
        return idsOf(page.rows)
      }
      const asked = (one: typeof mine) => [one.question.message.message_id, one.reply.message.message_id]
      const shared = [agents.row.message.message_id]
      t.same(await seen({ user_id: place.owner, role: 'engineer' }), [...shared, ...asked(mine), ...asked(theirs)])
      t.same(await seen({ user_id: place.other, role: 'admin' }), [...shared, ...asked(theirs)], 'an admin neither')
      t.same(await seen({ user_id: place.owner, role: 'agent' }), shared)
      const all = await timeline.readChanges(place.event_id, null, 0, 50)
      t.same(idsOf(all?.rows ?? []).slice(-2), asked(secret), 'a node’s own cache has them all')
    })

    t.test('[PAGE3] changes come by number, each row once and as it is now', async (t) => {
      const place = await aPlace(stores)
      const { reply, question: asked } = await messages.ask(question(place))
      const posted = await post(stores, place)
      const { row } = await answer(stores, reply.message.message_id)
      const audiences = ['all', 'people', place.owner]
      const changes = await timeline.readChanges(place.event_id, audiences, 0, 10)
      t.match(changes, { seq: 4, complete: true, event: { event_id: place.event_id, seq: 4 } })
      t.same(changes?.rows, [asked, posted.row, row])
      t.same((await timeline.readChanges(place.event_id, audiences, 3, 10))?.rows, [row])
      t.same((await timeline.readChanges(place.event_id, audiences, 4, 10))?.rows, [])
      const some = await timeline.readChanges(place.event_id, audiences, 0, 2)
      t.match(some, { rows: [asked, posted.row], complete: false })
      t.match(await timeline.readChanges(place.event_id, audiences, 0, 3), { complete: true })
      t.equal(await timeline.readChanges(createId(), audiences, 0, 10), undefined)
    })

    t.test('[PAGE4] a session’s page', async (t) => {
      const place = await aPlace(stores)
      const first = await messages.ask(question(place))
      const second = await messages.ask(question(place))
      await post(stores, place)
      await newSession(stores, place)
      await messages.ask(question(place))
      const page = await timeline.readSessionPage(first.session_id, { limit: 3 })
      t.same(page.rows, [first.reply, second.question, second.reply])
      t.match(page, { has_more: true, seq: 7 })
      const before = first.reply.message.position
      t.match(await timeline.readSessionPage(first.session_id, { limit: 3, before }), {
        rows: [first.question],
        has_more: false,
      })
    })

    t.test('[PAGE5] unfinished replies of a room, and the numbers of many', async (t) => {
      const [place, elsewhere] = await Promise.all([aPlace(stores), aPlace(stores)])
      const finished = await messages.ask(question(place))
      await answer(stores, finished.reply.message.message_id)
      const mine = await messages.ask(question(place))
      const theirs = await messages.ask(question(place, { user_id: place.other }))
      const thinking = await timeline.listThinkingReplies(place.event_id)
      t.same(new Set(idsOf(thinking)), new Set(idsOf([mine.reply, theirs.reply])))
      const seqs = await timeline.readSeqs([place.event_id, elsewhere.event_id, createId()])
      t.same(
        [...seqs].sort(),
        [
          ...new Map([
            [place.event_id, 7],
            [elsewhere.event_id, 0],
          ]),
        ].sort(),
      )
      t.equal((await timeline.readSeqs([])).size, 0)
    })

    t.test('[PAGE1] how far a user has read is kept', async (t) => {
      const place = await aPlace(stores)
      await timeline.markRead(place.event_id, place.owner, 2)
      await timeline.markRead(place.event_id, place.owner, 1)
      t.pass('and never refused for going back')
    })
  })
