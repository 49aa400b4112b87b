import type { Test } from 'tap'
import { listAudiences } from '../../../src/people/access.ts'
import { createId } from '../../../src/shared/ids.ts'
import { answer, aPlace, getSeq, idsOf, type MakeHarness, post, question, suite } from '../harness.ts'

export const pinsContract = (t: Test, make: MakeHarness) =>
  suite(t, 'pins', make, (t, { stores }) => {
    const { pins, messages, timeline } = stores
    const person = (user_id: string) => ({ user_id, audiences: listAudiences({ user_id, role: 'engineer' }) })

    t.test('[PIN1] a pin is a change of the row, which keeps its place; so is taking it off', async (t) => {
      const place = await aPlace(stores)
      const { row } = await post(stores, place)
      await post(stores, place)
      const { message_id } = row.message
      const pinned = await pins.pin(place.event_id, message_id, person(place.other))
      t.match(pinned.row.message, { position: 1, seq: 3, pinned: { user_id: place.other } })
      t.equal(pinned.row.message.created_at, row.message.created_at, 'at its original time')
      t.equal(pinned.row.message.pinned?.at, pinned.row.message.updated_at)
      t.match(pinned.change, { event_id: place.event_id, first_seq: 3, seq: 3, rows: [pinned.row] })
      const changes = await timeline.readChanges(place.event_id, ['all'], 2, 10)
      t.same(changes?.rows, [pinned.row], 'whoever resumes learns of it')

      const again = await pins.pin(place.event_id, message_id, person(place.owner))
      t.same(again, { row: pinned.row, change: null }, 'the first one stays')
      t.equal(await getSeq(stores, place), 3)

      const off = await pins.unpin(place.event_id, message_id, person(place.owner))
      t.match(off, { row: { message: { position: 1, seq: 4 } }, change: { first_seq: 4, seq: 4 } })
      t.notOk('pinned' in off.row.message)
      t.same(await pins.unpin(place.event_id, message_id, person(place.owner)), { row: off.row, change: null })
      t.same((await timeline.readPage(place.event_id, ['all'], { limit: 5 })).rows[0], off.row)
    })

    t.test('[PIN2] evidence is listed as it was said, page by page, for whoever may see it', async (t) => {
      const place = await aPlace(stores)
      const [first, second, third] = [await post(stores, place), await post(stores, place), await post(stores, place)]
      const shared = await messages.ask(question(place, { visibility: 'room' }))
      for (const { row } of [third, first, { row: shared.question }]) {
        await pins.pin(place.event_id, row.message.message_id, person(place.other))
      }
      const listed = async (audiences: string[], after: number, limit: number) => {
        const page = await pins.list(place.event_id, audiences, { after, limit })
        return [idsOf(page.rows), page.has_more]
      }
      const ids = [first.row, third.row, shared.question].map(({ message }) => message.message_id)
      const people = person(place.other).audiences
      t.same(await listed(people, 0, 5), [ids, false])
      t.same(await listed(people, 0, 2), [ids.slice(0, 2), true])
      t.same(await listed(people, 3, 2), [ids.slice(2), false])
      t.same(await listed(['all'], 0, 5), [ids.slice(0, 2), false], 'an agent sees no chat')
      t.same(await listed(people, 0, 1), [ids.slice(0, 1), true])
      t.same((await pins.list(createId(), people, { after: 0, limit: 5 })).rows, [])
      t.ok(second.row.message.pinned === undefined)
    })

    t.test('[PIN3] a private message is pinned once it is shared; to others it does not exist', async (t) => {
      const place = await aPlace(stores)
      const asked = await messages.ask(question(place))
      await answer(stores, asked.reply.message.message_id)
      const { message_id } = asked.reply.message
      const code = (code: string) => ({ code })
      await t.rejects(pins.pin(place.event_id, message_id, person(place.owner)), code('message_private'))
      await t.rejects(pins.pin(place.event_id, message_id, person(place.other)), code('message_not_found'))
      await t.rejects(pins.unpin(place.event_id, message_id, person(place.other)), code('message_not_found'))
      await messages.share(place.owner, asked.session_id)
      const agent = { user_id: createId(), audiences: ['all'] }
      await t.rejects(pins.pin(place.event_id, message_id, agent), code('message_not_found'))
      t.match(await pins.pin(place.event_id, message_id, person(place.other)), { row: { audience: 'people' } })
      t.same((await pins.list(place.event_id, ['all'], { after: 0, limit: 5 })).rows, [])
    })

    t.test('[PIN4] what is unfinished, of another event, or nowhere, is not pinned', async (t) => {
      const [place, elsewhere] = [await aPlace(stores), await aPlace(stores)]
      const asked = await messages.ask(question(place, { visibility: 'room' }))
      const { row } = await post(stores, elsewhere)
      const before = await getSeq(stores, place)
      for (const message_id of [asked.reply.message.message_id, row.message.message_id, createId()]) {
        await t.rejects(pins.pin(place.event_id, message_id, person(place.owner)), { code: 'message_not_found' })
      }
      await t.rejects(pins.pin(createId(), row.message.message_id, person(place.owner)), { code: 'message_not_found' })
      t.equal(await getSeq(stores, place), before, 'and no number is spent')
      t.same((await pins.list(place.event_id, ['all', 'people'], { after: 0, limit: 5 })).rows, [])
    })

    t.test('[PIN6] a pinned reply is not asked again before it is unpinned, also when both are raced', async (t) => {
      const place = await aPlace(stores)
      const asked = await messages.ask(question(place, { visibility: 'room' }))
      const { message_id } = asked.reply.message
      await answer(stores, message_id)
      const pinned = await pins.pin(place.event_id, message_id, person(place.other))
      await t.rejects(messages.retry(place.owner, message_id), { code: 'message_pinned' })
      t.same(await messages.findOwnReply(place.owner, message_id), pinned.row)
      t.equal(await getSeq(stores, place), pinned.row.message.seq, 'and no number is spent')
      await pins.unpin(place.event_id, message_id, person(place.other))
      const race = await Promise.allSettled([
        messages.retry(place.owner, message_id),
        pins.pin(place.event_id, message_id, person(place.other)),
      ])
      t.equal(race.filter(({ status }) => status === 'fulfilled').length, 1)
    })

    t.test('[PIN1] pinned by everybody at once it is pinned once', async (t) => {
      const place = await aPlace(stores)
      const { row } = await post(stores, place)
      const all = await Promise.all(
        Array.from({ length: 8 }, () => pins.pin(place.event_id, row.message.message_id, person(createId()))),
      )
      t.equal(all.filter(({ change }) => change !== null).length, 1)
      t.equal(new Set(all.map((one) => one.row.message.pinned?.user_id)).size, 1)
    })
  })
