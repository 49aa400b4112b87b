import t from 'tap'
import { listMentionedNames } from '../../src/rooms/mentions/list-names.ts'

const listNames = (text: string) => listMentionedNames(text).map(([name]) => name)

t.test('[MENTION1] a name follows an @ that begins a word', async (t) => {
  t.same(listNames('@ada look, and @bob-2: (@eve) 请@mei看'), ['ada', 'bob-2', 'eve', 'mei'])
  t.same(listNames('@Ada and @ada again'), ['ada'], 'in any case, and once')
  t.same(listNames('mail ada@example.com, path a/@bob, @@eve, @ mei, @'), [])
})

t.test('[MENTION1] a name that ends a sentence is read with and without the full stop', async (t) => {
  t.same(listMentionedNames('Ask @ada. Or @bob.smith.'), [
    ['ada.', 'ada'],
    ['bob.smith.', 'bob.smith'],
  ])
})

t.test('[MENTION1] each mark at the end of a name may belong to the name or to the sentence', async (t) => {
  t.same(listMentionedNames('Ask @ada_. Or @bob-…'), [
    ['ada_.', 'ada_', 'ada'],
    ['bob-', 'bob'],
  ])
  const [spellings = []] = listMentionedNames(`@a${'._-'.repeat(30)}`)
  t.equal(spellings.length, 64, 'as many as a name has characters')
  t.equal(spellings[0]?.length, 64)
  t.equal(spellings.at(-1), 'a')
})

t.test('[MENTION2] an @ within code names nobody', async (t) => {
  t.same(listNames('`@ada` and ``x ` @bob`` but @eve'), ['eve'])
  t.same(listNames('a\n```sh\n@ada\n```\n@eve'), ['eve'], 'in a fenced block')
  t.same(listNames('one ` is text, @ada'), ['ada'])
})

t.test('[MENTION2] an @ that the page shows in plain text names a person, whatever stands before it', async (t) => {
  t.same(listNames('```\n10:22 login failed\n\n@ada please look'), ['ada'], 'after a fence that nothing closes')
  t.same(listNames('~~~\n@bob\n~~~'), ['bob'], 'tildes are no fence in a post')
  t.same(listNames('`a\n@ada` look'), ['ada'], 'a span ends on its line')
  t.same(listNames('don`t wait for @ada`s answer'), ['ada'], 'backticks within words')
})

t.test('[MENTION3] a post names at most 50 people', async (t) => {
  const names = Array.from({ length: 51 }, (_, index) => `@u${index}`)
  t.equal(listNames(names.slice(0, 50).join(' ')).length, 50)
  t.equal(listNames(names.join(' ')).length, 50)
})
