import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import {
  addMessages,
  addNewerPage,
  addOlderPage,
  applyFrame,
  createRoomState,
  findMessage,
  findReplyInProgress,
  findShownRange,
  leaveOlderRange,
  type RoomFrame,
  type RoomState,
  showOlderRange,
} from '../src/index.ts'
import {
  createAnsweredReply,
  createDelta,
  createEvent,
  createMessage,
  createMessageChanged,
  createSnapshot,
  createSubscribed,
  createThinkingReply,
  ROOM,
} from './sample-data.ts'

const createRoom = (...frames: RoomFrame[]): RoomState => frames.reduce(applyFrame, createRoomState(ROOM))
const findText = (room: RoomState, message_id: string) => findReplyInProgress(room, message_id)?.text

t.test(
  '[CLIENT5] rows are sorted by position, and of two versions of a row the one with the higher seq wins',
  async (t) => {
    const changed = createMessage(2, { seq: 7, message_content: { content: 'changed' } })
    const room = createRoom(
      createSubscribed(3, [createMessage(1), createMessage(3)]),
      createMessageChanged(changed),
      createMessageChanged(createMessage(2)),
      createMessageChanged(changed),
    )
    t.strictSame(
      room.messages.map(({ message_content }) => message_content.content),
      ['text 1', 'changed', 'text 3'],
    )
    t.equal(room.lastSeq, 7)
    t.equal(
      applyFrame(room, createMessageChanged(changed)),
      room,
      'a frame that changes nothing returns the same object',
    )
  },
)

t.test('[CLIENT5] `lastSeq` is the highest number of all subscribed, message, event and cursor frames', async (t) => {
  const roomBeforePage = applyFrame(createRoomState(ROOM), createMessageChanged(createMessage(9)))
  t.equal(roomBeforePage.lastSeq, null, 'a row before the first page does not set it')
  const cursor: RoomFrame = { type: 'cursor', event_id: ROOM, seq: 12 }
  const renamed: RoomFrame = {
    type: 'event',
    event_id: ROOM,
    seq: 14,
    event: { ...createEvent(14), event_name: 'Renamed' },
  }
  const room = [createSubscribed(5), cursor, renamed, createMessageChanged(createMessage(11))].reduce(
    applyFrame,
    roomBeforePage,
  )
  t.equal(room.lastSeq, 14)
  t.equal(room.event?.event_name, 'Renamed')
  t.equal(applyFrame(room, { ...renamed, seq: 13, event: createEvent(13) }).event?.event_name, 'Renamed')
})

t.test(
  '[CLIENT6] deltas join in order, and those that come twice, late or from a lower attempt change nothing',
  async (t) => {
    let room = createRoom(createSubscribed(2, [createMessage(1), createThinkingReply(2)]))
    room = [
      createDelta('m-2', { attempt: 1, index: 0, text: 'a' }),
      createDelta('m-2', { attempt: 1, index: 1, text: 'b' }),
      createDelta('m-2', { attempt: 1, index: 0, text: 'a' }),
    ].reduce(applyFrame, room)
    t.equal(findText(room, 'm-2'), 'ab')
    room = [
      createDelta('m-2', { attempt: 2, index: 0, text: 'x' }),
      createDelta('m-2', { attempt: 1, index: 2, text: 'c' }),
    ].reduce(applyFrame, room)
    t.equal(findText(room, 'm-2'), 'x', 'a higher attempt begins with an empty text')
  },
)

t.test(
  '[CLIENT6] while a delta is missing, the text is a correct beginning, and a snapshot completes it',
  async (t) => {
    let room = createRoom(
      createSubscribed(2, [createThinkingReply(2)]),
      createDelta('m-2', { attempt: 1, index: 0, text: 'a' }),
      createDelta('m-2', { attempt: 1, index: 3, text: 'd' }),
    )
    t.match(findReplyInProgress(room, 'm-2'), { text: 'a', hasMissingDeltas: true })
    room = applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: 3, text: 'abc' }))
    t.match(findReplyInProgress(room, 'm-2'), { text: 'abcd', hasMissingDeltas: false })
    t.equal(
      applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: 2, text: 'ab' })),
      room,
      'an older snapshot changes nothing',
    )
    t.equal(
      applyFrame(room, createSnapshot('m-2', { attempt: 0, next_index: 0, text: '' })),
      room,
      'a snapshot of a lower attempt changes nothing',
    )
  },
)

t.test('[CLIENT6] deltas that were dropped, because too many were early, count as missing', async (t) => {
  const earlyDeltas = Array.from({ length: 4_097 }, (_, index) =>
    createDelta('m-2', { attempt: 1, index: index + 1, text: 'x' }),
  )
  let room = createRoom(createSubscribed(2, [createThinkingReply(2)]), ...earlyDeltas)
  room = applyFrame(room, createDelta('m-2', { attempt: 1, index: 0, text: 'a' }))
  t.match(findReplyInProgress(room, 'm-2'), { text: 'a', hasMissingDeltas: true })
  room = applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: 4_000, text: 'abc' }))
  t.match(findReplyInProgress(room, 'm-2'), { text: 'abc', hasMissingDeltas: true })
  room = applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: 4_098, text: 'abcd' }))
  t.match(findReplyInProgress(room, 'm-2'), { text: 'abcd', hasMissingDeltas: false })
})

t.test(
  '[CLIENT6] no delta is appended to a text that the server truncated: the text between them is missing',
  async (t) => {
    const follow = (truncated?: true) => {
      const snapshot = createSnapshot('m-2', { attempt: 1, next_index: 9, text: 'abc' })
      const room = applyFrame(createRoom(), { ...snapshot, ...(truncated && { truncated }) })
      return applyFrame(room, createDelta('m-2', { attempt: 1, index: 9, text: 'xyz' })).repliesInProgress.get('m-2')
    }
    t.equal(follow(true)?.text, 'abc')
    t.equal(follow(true)?.nextIndex, 10)
    t.equal(follow()?.text, 'abcxyz')
  },
)

t.test('[CLIENT6] a delta that comes before its row and its predecessors is shown when these have come', async (t) => {
  let room = createRoom(
    createSubscribed(1, [createMessage(1)]),
    createDelta('m-2', { attempt: 1, index: 4, text: 'e' }),
  )
  t.equal(findReplyInProgress(room, 'm-2'), undefined)
  room = [
    createMessageChanged(createThinkingReply(2)),
    createSnapshot('m-2', { attempt: 1, next_index: 4, text: 'abcd' }),
  ].reduce(applyFrame, room)
  t.match(findReplyInProgress(room, 'm-2'), { text: 'abcde', hasMissingDeltas: false })
})

t.test('[CLIENT6] the final row removes the live text, and a retry begins with an empty one', async (t) => {
  let room = createRoom(
    createSubscribed(2, [createThinkingReply(2)]),
    createDelta('m-2', { attempt: 3, index: 0, text: 'half' }),
    createMessageChanged(createAnsweredReply(2, 5, 'whole')),
  )
  t.equal(findReplyInProgress(room, 'm-2'), undefined)
  room = applyFrame(room, createDelta('m-2', { attempt: 3, index: 1, text: ' late' }))
  t.equal(findReplyInProgress(room, 'm-2'), undefined)
  room = [
    createMessageChanged(createThinkingReply(2, 6)),
    createDelta('m-2', { attempt: 3, index: 2, text: ' another' }),
  ].reduce(applyFrame, room)
  t.equal(findReplyInProgress(room, 'm-2'), undefined, 'the ended attempt stays ended')
  room = applyFrame(room, createDelta('m-2', { attempt: 4, index: 0, text: 'again' }))
  t.equal(findText(room, 'm-2'), 'again')
})

t.test('[CLIENT7] a reset removes the messages and the texts of replies, and keeps who is present', async (t) => {
  const room = createRoom(
    createSubscribed(3, [createMessage(1), createThinkingReply(2)]),
    createDelta('m-2', { attempt: 1, index: 0, text: 'a' }),
    { type: 'presence', event_id: ROOM, users: ['u-bob'], count: 1 },
    { ...createSubscribed(900, [createMessage(800)]), has_more: true },
  )
  t.strictSame(
    room.messages.map(({ position }) => position),
    [800],
  )
  t.match(room, { lastSeq: 900, hasOlder: true, newestRangeStart: 800, presentUserIds: ['u-bob'] })
  t.equal(room.repliesInProgress.size, 0)
})

t.test(
  '[CLIENT7] if the first page has no older rows, a row that comes later at a lower position is shown, too',
  async (t) => {
    const room = createRoom(
      createSubscribed(3, [createMessage(2), createMessage(3)]),
      createMessageChanged(createMessage(1, { seq: 4 })),
    )
    t.strictSame(
      room.messages.map(({ position }) => position),
      [1, 2, 3],
    )
    t.match(findShownRange(room), { first: 0, hasOlder: false })
  },
)

t.test('[CLIENT7] a resume adds to the loaded rows, and older pages are put before them', async (t) => {
  let room = createRoom({ ...createSubscribed(12, [createMessage(11), createMessage(12)]), has_more: true })
  room = applyFrame(room, createSubscribed(15, [createMessage(11, { seq: 15 }), createMessage(14)], { reset: false }))
  room = addOlderPage(room, { messages: [createMessage(9), createMessage(10)], seq: 15, has_more: false })
  t.strictSame(
    room.messages.map(({ position }) => position),
    [9, 10, 11, 12, 14],
  )
  t.match(room, { lastSeq: 15, hasOlder: false, newestRangeStart: 0 })
  t.equal(findMessage(room, 'm-11')?.seq, 15)
})

t.test('[CLIENT7] once an older page or a jump has reached the beginning, earlier rows are shown, too', async (t) => {
  const newestRows = createRoom({ ...createSubscribed(12, [createMessage(11), createMessage(12)]), has_more: true })
  const createPage = (positions: number[], has_more: boolean) => ({
    messages: positions.map((position) => createMessage(position)),
    seq: 12,
    has_more,
  })
  const rooms = {
    'an older page': addOlderPage(newestRows, createPage([9, 10], false)),
    'an empty older page': addOlderPage(newestRows, createPage([], false)),
    'a jump': showOlderRange(newestRows, createPage([5, 6], false)),
    'a jump to the newest rows': showOlderRange(newestRows, createPage([9, 11], false)),
    'an older page after a jump': addOlderPage(
      showOlderRange(newestRows, createPage([5], true)),
      createPage([4], false),
    ),
    'an empty older page after a jump': addOlderPage(
      showOlderRange(newestRows, createPage([5], true)),
      createPage([], false),
    ),
  }
  for (const [name, room] of Object.entries(rooms)) {
    const withSharedRow = applyFrame(room, createMessageChanged(createMessage(2, { seq: 13 })))
    t.match(findShownRange(withSharedRow), { first: 0, hasOlder: false }, name)
  }
  const olderPage = addOlderPage(newestRows, createPage([9, 10], true))
  t.match(
    findShownRange(olderPage),
    { first: 9, hasOlder: true },
    'until the beginning is reached, an older page brings such a row',
  )
})

t.test(
  '[CLIENT18] a range of older rows is separate, grows at both ends, and joins the newest rows once no row is missing',
  async (t) => {
    const createPage = (positions: number[], has_more: boolean) => ({
      messages: positions.map((position) => createMessage(position)),
      seq: 100,
      has_more,
    })
    const listShownPositions = (room: RoomState) => {
      const range = findShownRange(room)
      if (!range) return null
      const isInRange = ({ position }: Message) => position >= range.first && position <= range.last
      return [room.messages.filter(isInRange).map(({ position }) => position), range.hasOlder]
    }
    t.equal(findShownRange(createRoomState(ROOM)), null)
    const newestRows = createRoom({ ...createSubscribed(100, [createMessage(98), createMessage(100)]), has_more: true })
    let room = showOlderRange(newestRows, createPage([40, 42], true))
    t.strictSame(listShownPositions(room), [[40, 42], true])
    room = [
      createMessageChanged(createMessage(101)),
      createMessageChanged(createMessage(20, { seq: 102 })),
      createMessageChanged(createMessage(42, { seq: 103 })),
    ].reduce(applyFrame, room)
    t.strictSame(
      listShownPositions(room),
      [[40, 42], true],
      'a new row, and a changed row from outside, do not extend the range',
    )
    t.equal(findMessage(room, 'm-42')?.seq, 103)
    room = addOlderPage(room, createPage([20, 38], false))
    t.strictSame(listShownPositions(room), [[20, 38, 40, 42], false])
    t.strictSame(listShownPositions(leaveOlderRange(room)), [[98, 100, 101], true], 'the newest rows are shown again')
    room = addNewerPage(room, createPage([50, 90], true))
    t.strictSame(
      listShownPositions(room),
      [[20, 38, 40, 42, 50, 90], false],
      '90 and 98 are not joined: has_more says that rows follow 90, and they may come before 98',
    )
    const withLastPage = addNewerPage(room, createPage([98, 100, 101], false))
    const joinedRows = [[20, 38, 40, 42, 50, 90, 98, 100, 101], false]
    t.strictSame(listShownPositions(withLastPage), joinedRows)
    t.match(withLastPage, { olderRange: null, newestRangeStart: 0, hasOlder: false })
    t.strictSame(
      listShownPositions(addNewerPage(room, createPage([98], true))),
      joinedRows,
      'one common row joins the ranges',
    )
    t.strictSame(
      listShownPositions(addNewerPage(room, createPage([], false))),
      joinedRows,
      'an empty last page joins the ranges',
    )
    t.strictSame(
      listShownPositions(showOlderRange(newestRows, createPage([90, 98], true))),
      [[90, 98, 100], true],
      'a first page that overlaps the newest rows is joined immediately',
    )
    t.strictSame(listShownPositions(showOlderRange(newestRows, createPage([98, 100], true))), [[98, 100], true])
    const filledRoom = createRoom(createSubscribed(1), createMessageChanged(createMessage(2)))
    t.strictSame(listShownPositions(filledRoom), [[2], false], 'a room that began empty has loaded all of its rows')
    t.equal(showOlderRange(filledRoom, createPage([2], false)).olderRange, null)
    t.equal(showOlderRange(newestRows, createPage([], false)), newestRows)
    t.equal(
      addNewerPage(newestRows, createPage([1], false)),
      newestRows,
      'a page that comes after `leaveOlderRange` is ignored',
    )
    const afterReset = applyFrame(room, { ...createSubscribed(900, [createMessage(800)]), has_more: true })
    t.strictSame(listShownPositions(afterReset), [[800], true])
  },
)

t.test('[CLIENT7] a row that the socket truncated is replaced by the complete one', async (t) => {
  const complete = createMessage(1, { seq: 4, message_content: { content: 'all of it' } })
  const room = createRoom(createSubscribed(4, [{ ...complete, message_content: { content: 'all' }, truncated: true }]))
  t.strictSame(addMessages(room, [complete]).messages, [complete])
})

t.test('[CLIENT5] frames in any order, some of them twice, lead to the final rows', async (t) => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = createRandom(seed)
    const { frames, finalRows } = createRoomFrames(random)
    const shuffledFrames = [
      createSubscribed(0),
      ...shuffle([...frames, ...frames.filter(() => random() < 0.4)], random),
    ]
    const room = shuffledFrames.reduce<RoomState>(
      (state, frame) => applyFrame(state, frame as RoomFrame),
      createRoomState(ROOM),
    )
    const unfinished = room.messages.filter(({ message_id }) => findReplyInProgress(room, message_id))
    if (!t.strictSame([room.messages, unfinished], [finalRows, []], `seed ${seed}`)) return
  }
})

t.test(
  '[CLIENT6] while deltas are lost and snapshots come, the text is always a beginning of the complete text',
  async (t) => {
    const mistakes: string[] = []
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = createRandom(seed)
      const texts = Array.from({ length: 20 }, (_, index) => `${index},`)
      let room = createRoom(createSubscribed(2, [createThinkingReply(2)]))
      for (const [index, text] of texts.entries()) {
        const sentText = texts.slice(0, index + 1).join('')
        if (random() < 0.7) room = applyFrame(room, createDelta('m-2', { attempt: 1, index, text }))
        const oldIndex = Math.floor(random() * index)
        if (random() < 0.2)
          room = applyFrame(room, createDelta('m-2', { attempt: 1, index: oldIndex, text: texts[oldIndex] ?? '' }))
        if (random() < 0.2)
          room = applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: index + 1, text: sentText }))
        if (!sentText.startsWith(findText(room, 'm-2') ?? '')) mistakes.push(`${seed}: ${findText(room, 'm-2')}`)
      }
      room = applyFrame(room, createSnapshot('m-2', { attempt: 1, next_index: 20, text: texts.join('') }))
      if (findText(room, 'm-2') !== texts.join('')) mistakes.push(`${seed} is incomplete`)
    }
    t.strictSame(mistakes, [])
  },
)

/** Generates the frames of a room, with replies that are written, retried and ended, and its final rows. */
function createRoomFrames(random: () => number): { frames: RoomFrame[]; finalRows: Message[] } {
  const frames: RoomFrame[] = []
  const finalRows: Message[] = []
  let seq = 0
  for (let position = 1; position <= 12; position += 1) {
    seq += 1
    if (random() < 0.5) {
      finalRows.push(createMessage(position, { seq }))
      frames.push(createMessageChanged(createMessage(position, { seq })))
      continue
    }
    const attempts = 1 + Math.floor(random() * 3)
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      frames.push(createMessageChanged(createThinkingReply(position, seq)))
      const words = Array.from({ length: Math.floor(random() * 5) }, (_, index) => `${attempt}.${index} `)
      frames.push(...words.map((word, index) => createDelta(`m-${position}`, { attempt, index, text: word })))
      frames.push(createSnapshot(`m-${position}`, { attempt, next_index: words.length, text: words.join('') }))
      frames.push(createMessageChanged(createAnsweredReply(position, seq + 1, words.join(''))))
      seq += 2
    }
    finalRows.push((frames.at(-1) as { message: Message }).message)
  }
  return { frames, finalRows }
}

function shuffle<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, sortKey: random() }))
    .sort((a, b) => a.sortKey - b.sortKey)
    .map(({ item }) => item)
}

/** Creates a generator of pseudo-random numbers (Mulberry32). The same seed gives the same numbers. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
