import { markDeceptive } from '@engineer-chat/markdown'

/** Names the text of the event that a sentence comes from. */
export type SentenceOrigin = 'summary' | 'suggestion' | 'report' | 'context'

export interface Sentence {
  origin: SentenceOrigin
  text: string
}

const MAX_SENTENCE_CHARACTERS = 400
/** Shorter texts are no sentences. A Chinese sentence needs fewer characters. */
const MIN_SENTENCE_CHARACTERS = 12
const MIN_HAN_SENTENCE_CHARACTERS = 4

/** Matches the ends of lines and of sentences, also in `blocked. The host` and `已隔离。`, but not in `10.0.0.1`. */
const SENTENCE_END = /[\r\n]+|(?<=[。！？；])|(?<=[.!?])\s+(?=[\p{Lu}\p{Script=Han}\d`"'(])/u
/** Matches the bullet or number of a line, such as `- `, `# `, `2.` or `（2）`, but not the start of `10.0.0.1`. */
const BULLET = /^\s*(?:[-*+>#]+(?=\s)|•|\d+[.)、](?!\d)|[（(]\d+[)）])\s*/

export const splitSentences = (origin: SentenceOrigin, text: string): Sentence[] =>
  splitIntoSentences(text).map((sentence) => ({ origin, text: sentence }))

/** Splits text into sentences without bullets. It drops short sentences and cuts long ones, which then end with `…`. */
export function splitIntoSentences(text: string): string[] {
  return markDeceptive(text)
    .split(SENTENCE_END)
    .map((part) => part.replace(BULLET, '').trim())
    .filter((part) => part.length >= getMinCharacters(part))
    .map((part) =>
      part.length > MAX_SENTENCE_CHARACTERS ? `${part.slice(0, MAX_SENTENCE_CHARACTERS).toWellFormed()}…` : part,
    )
}

/** Removes the last name of a sentence that was cut, because the end of that name may be missing. */
export const removeCutName = (sentence: string): string => sentence.replace(/(?<![!-~])[!-~]*…$/, '')

const getMinCharacters = (part: string): number =>
  /\p{Script=Han}/u.test(part) ? MIN_HAN_SENTENCE_CHARACTERS : MIN_SENTENCE_CHARACTERS

export const findMatching = (sentences: Sentence[], pattern: RegExp, maxCount: number): Sentence[] =>
  sentences.filter(({ text }) => pattern.test(text)).slice(0, maxCount)

/** A sentence needs a higher score. A single word that every sentence has weighs log 2 = 0.69, which is not enough. */
const MIN_SCORE = 0.7

/** Finds the sentences that share the rarest words with the question. A word weighs more if fewer sentences have it. */
export function findNearest(sentences: Sentence[], question: string, maxCount: number): Sentence[] {
  const questionWords = splitWords(question)
  const wordsBySentence = sentences.map(({ text }) => splitWords(text))
  const getWeight = (word: string) => {
    const count = wordsBySentence.filter((words) => words.has(word)).length
    return count === 0 ? 0 : Math.log(1 + sentences.length / count)
  }
  const weights = new Map([...questionWords].map((word) => [word, getWeight(word)]))
  return sentences
    .map((sentence, index) => ({
      sentence,
      index,
      score: [...weights].reduce((sum, [word, weight]) => sum + (wordsBySentence[index]?.has(word) ? weight : 0), 0),
    }))
    .filter(({ score }) => score > MIN_SCORE)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, maxCount)
    .map(({ sentence }) => sentence)
}

const STOP_WORDS = new Set(
  'about after again been before being could does doing done event from have here into know more most much need only other please should show some tell than that their them then there these they this those very want what when where which while will with would your incident'.split(
    ' ',
  ),
)

/**
 * Extracts pairs of neighbouring Han characters, and Latin words of four letters and more (or with a digit) without
 * their endings, so that "blocked" and "blocks" are the same word.
 */
function splitWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z0-9][a-z0-9._-]{2,}/g) ?? []
  const latinWords = words
    .map((word) => word.replace(/[._-]+$/, ''))
    .filter((word) => (word.length > 3 || /\d/.test(word)) && !STOP_WORDS.has(word))
  const hanPairs = [...text.matchAll(/\p{Script=Han}{2,}/gu)].flatMap(([run]) =>
    [...run].slice(1).map((char, index) => `${[...run][index]}${char}`),
  )
  return new Set([
    ...latinWords.map((word) => word.replace(/(?:ies|ing|ed|es|s)$/, '')),
    ...hanPairs.filter((pair) => !HAN_STOP_WORDS.has(pair)),
  ])
}

const HAN_STOP_WORDS = new Set(
  '什么 怎么 如何 哪些 应该 我们 现在 这个 目前 事件 请问 一下 可以 需要 是否 为什'.split(' '),
)

/** Matches times such as `2026-11-22 12:20`, `9:05`, `11月22日` and `12时20`. */
const DATE_OR_TIME =
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\b\d{1,2}:\d\d(?::\d\d)?\b|\d{1,2}月\d{1,2}日|\d{1,2}[时点]\d{0,2}/

/** Matches words such as `nightly`: what recurs, such as a backup, is not part of a timeline. */
const RECURRING =
  /\b(?:nightly|daily|weekly|hourly|every (?:day|night|week|hour)|business hours|week ?days)\b|每[天日周晚]|工作日|定时/i

/** Returns true if the sentence says when something happened. A question does not say it. */
export const isDated = (text: string): boolean =>
  DATE_OR_TIME.test(text) && !RECURRING.test(text) && !/[?？]$/.test(text)
