import { test } from 'tap'
import { splitMentions } from '../src/text/mentions.ts'

/** Maps user names to user ids. */
const people = new Map([
  ['ann', 'id-ann'],
  ['b.lee', 'id-lee'],
  ['dot.', 'id-dot'],
  ['ada_', 'id-ada'],
])
const listMarkedNames = (text: string) =>
  splitMentions(text, people)
    .filter(({ user_id }) => user_id !== undefined)
    .map(({ text, user_id }) => `${text} ${user_id}`)

test('[ROOM73] the names that the server found are marked, in any case and before a full stop', async (t) => {
  t.same(listMarkedNames('@ann and @B.Lee. Also 请@ANN看'), ['@ann id-ann', '@B.Lee id-lee', '@ANN id-ann'])
  t.same(listMarkedNames('@dot. is a name'), ['@dot. id-dot'])
  t.same(listMarkedNames('Ask @ada_. Or @Ann_.-'), ['@ada_ id-ada', '@Ann id-ann'])
  t.same(
    listMarkedNames('@annie ann@ann.example x/@ann @zoe'),
    [],
    'longer names, addresses, paths and other names are not marked',
  )
})

test('[ROOM73] the joined segments equal the text, and each segment has its offset', async (t) => {
  const text = 'hello @ann, see @b.lee and @ann'
  const segments = splitMentions(text, people)
  t.equal(segments.map((segment) => segment.text).join(''), text)
  for (const { start, text: segmentText } of segments)
    t.equal(text.slice(start, start + segmentText.length), segmentText)
})

test('[ROOM73] a long text is split in linear time', async (t) => {
  const startedAtMs = performance.now()
  splitMentions('@'.repeat(200_000), people)
  splitMentions('@ann-'.repeat(40_000), people)
  splitMentions(`@${'a.'.repeat(100_000)}`, people)
  t.ok(performance.now() - startedAtMs < 1_000)
})
