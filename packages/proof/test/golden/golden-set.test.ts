import { readGoldenSet } from '@engineer-chat/proof/golden'
import t from 'tap'

const LANGUAGES = ['en', 'zh'] as const
const { documents, queries, rooms, events, chatter } = readGoldenSet()
const answeredQueries = queries.filter((query) => query.documents.length > 0)
const unansweredQueries = queries.filter((query) => query.documents.length === 0)
const documentIds = new Set(documents.map(({ id }) => id))
const questions = rooms.flatMap((room) => room.questions.map((question) => ({ room, question })))

t.test(
  '[GOLD1] there are at least 200 documents, 120 queries with an answer and 30 without, half of each Chinese',
  (t) => {
    for (const language of LANGUAGES) {
      const count = (items: Array<{ language: string }>) => items.filter((item) => item.language === language).length
      t.ok(count(documents) >= 100, `${count(documents)} documents`)
      t.ok(count(answeredQueries) >= 60, `${count(answeredQueries)} queries with an answer`)
      t.ok(count(unansweredQueries) >= 15, `${count(unansweredQueries)} queries without an answer`)
      for (const kind of ['indicator', 'keyword', 'paraphrase', 'command', 'typo'])
        t.ok(answeredQueries.filter((query) => query.language === language && query.kind === kind).length >= 8, kind)
    }
    t.end()
  },
)

t.test('[GOLD1] a query names documents that exist in its language, and no document occurs twice', (t) => {
  const namedDocuments = answeredQueries.flatMap((query) =>
    query.documents.map((id) => ({ id, language: query.language })),
  )
  t.same(
    namedDocuments.filter(({ id, language }) => !documentIds.has(id) || !id.startsWith(`${language}/`)),
    [],
  )
  t.same(
    documents.filter(({ id, language }) => !id.startsWith(`${language}/`)),
    [],
    'a document is in the folder of its language',
  )
  t.same(listDuplicates(documents.map(({ title }) => title)), [])
  t.same(listDuplicates(documents.map(({ content }) => content)), [])
  t.same(listDuplicates(queries.map(({ id }) => id)), [])
  t.same(listDuplicates(queries.map(({ text }) => text)), [])
  t.end()
})

t.test('[GOLD1] a document has 200 to 3,500 characters, and is written in its language', (t) => {
  for (const { id, language, content } of documents) {
    t.ok(content.length >= 200 && content.length <= 3_500, `${id} has ${content.length} characters`)
    const chineseCount = content.match(/\p{Script=Han}/gu)?.length ?? 0
    t.ok(language === 'zh' ? chineseCount >= 100 : chineseCount === 0, `${id} has ${chineseCount} Chinese characters`)
  }
  t.end()
})

t.test(
  '[GOLD2] there are 200 questions of rooms, half of them Chinese, each of which needs a message, a pin or a document',
  (t) => {
    t.equal(questions.length, 200)
    t.equal(questions.filter(({ room }) => room.language === 'zh').length, 100)
    for (const language of LANGUAGES) {
      const neededKinds = questions.filter(({ room }) => room.language === language).map(findNeededKind)
      for (const [kind, minimum] of Object.entries({ message: 40, pin: 15, document: 30 }))
        t.ok(neededKinds.filter((neededKind) => neededKind === kind).length >= minimum, `${language} needs ${kind}`)
      t.ok(chatter[language].length >= 40)
    }
    t.end()
  },
)

t.test('[GOLD2] the message or document that a question needs exists once, among others that are not needed', (t) => {
  t.same(
    questions.filter((roomQuestion) => findNeededKind(roomQuestion) === undefined).map(({ question }) => question),
    [],
  )
  for (const { id, messages } of rooms) {
    t.ok(messages.length >= 15, id)
    t.same(listDuplicates(messages.map((message) => message.id)), [], id)
    t.same(listDuplicates(messages.map(({ text }) => text)), [], id)
  }
  t.same(listDuplicates(questions.map(({ question }) => question.text)), [])
  t.end()
})

t.test(
  '[GOLD7] there are at least 60 events, half of them Chinese: some similar, some with a common indicator, some single',
  (t) => {
    t.same(listDuplicates(events.map(({ id }) => id)), [])
    t.same(listDuplicates(events.map(({ message }) => message)), [])
    for (const language of LANGUAGES) {
      const languageEvents = events.filter((event) => event.language === language)
      t.ok(languageEvents.length >= 30, `${languageEvents.length} events`)
      const groups = [...Map.groupBy(languageEvents, ({ group }) => group)].filter(([, { length }]) => length > 1)
      t.ok(groups.filter(([group]) => !group.startsWith('shared-')).length >= 5, 'groups of similar events')
      t.ok(groups.filter(([group]) => group.startsWith('shared-')).length >= 3, 'groups that share an indicator')
      t.ok(languageEvents.filter(({ group }) => group.startsWith('single-')).length >= 8, 'single events')
    }
    t.end()
  },
)

function findNeededKind({ room, question }: (typeof questions)[number]): 'message' | 'pin' | 'document' | undefined {
  if ('document' in question) return documentIds.has(question.document) ? 'document' : undefined
  const needed = room.messages.find(({ id }) => id === question.message)
  return needed && (needed.pinned ? 'pin' : 'message')
}

function listDuplicates(values: string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}
