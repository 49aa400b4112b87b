import { markDeceptive } from '@engineer-chat/markdown'

export type SentenceSource = 'summary' | 'suggestion' | 'report' | 'context'

export interface Sentence {
  source: SentenceSource
  text: string
}

const MAX_SENTENCE_CHARACTERS = 400

/**
 * Splits text into lines and sentences and removes their bullets. It keeps an address that begins a line and drops
 * short sentences.
 */
export function splitSentences(source: SentenceSource, text: string): Sentence[] {
  return markDeceptive(text)
    .split(/[\r\n]+|(?<=[。！？；])|(?<=[.!?])\s+(?=[\p{Lu}\p{Script=Han}\d`"'(])/u)
    .map((part) => part.replace(/^\s*(?:[-*+>#]+(?=\s)|•|\d+[.)、](?!\d)|[（(]\d+[)）])\s*/, '').trim())
    .filter((part) => part.length >= (/\p{Script=Han}/u.test(part) ? 4 : 12))
    .map((part) => ({
      source,
      text: part.length > MAX_SENTENCE_CHARACTERS ? `${part.slice(0, MAX_SENTENCE_CHARACTERS).toWellFormed()}…` : part,
    }))
}

export const findMatching = (sentences: Sentence[], pattern: RegExp, maxCount: number): Sentence[] =>
  sentences.filter(({ text }) => pattern.test(text)).slice(0, maxCount)

/** Finds the sentences that share the rarest words with the question. A word weighs more if fewer sentences have it. */
export function findNearest(sentences: Sentence[], question: string, maxCount: number): Sentence[] {
  const questionWords = splitWords(question)
  const words = sentences.map(({ text }) => splitWords(text))
  const getWeight = (word: string) => {
    const count = words.filter((set) => set.has(word)).length
    return count === 0 ? 0 : Math.log(1 + sentences.length / count)
  }
  const weights = new Map([...questionWords].map((word) => [word, getWeight(word)]))
  // A single word that every sentence has weighs log 2 = 0.69, which is not enough.
  return sentences
    .map((sentence, index) => ({
      sentence,
      index,
      score: [...weights].reduce((sum, [word, weight]) => sum + (words[index]?.has(word) ? weight : 0), 0),
    }))
    .filter(({ score }) => score > 0.7)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, maxCount)
    .map(({ sentence }) => sentence)
}

const STOP_WORDS = new Set(
  'about after again been before being could does doing done event from have here into know more most much need only other please should show some tell than that their them then there these they this those very want what when where which while will with would your incident'.split(
    ' ',
  ),
)

/** Extracts Latin words of four letters and more (or with a digit), and pairs of Han characters. */
function splitWords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z0-9][a-z0-9._-]{2,}/g) ?? []
  const latinWords = words
    .map((word) => word.replace(/[._-]+$/, ''))
    .filter((word) => (word.length > 3 || /\d/.test(word)) && !STOP_WORDS.has(word))
  const han = [...text.matchAll(/\p{Script=Han}{2,}/gu)].flatMap(([run]) =>
    [...run].slice(1).map((char, index) => `${[...run][index]}${char}`),
  )
  return new Set([
    ...latinWords.map((word) => word.replace(/(?:ies|ing|ed|es|s)$/, '')),
    ...han.filter((pair) => !HAN_STOP_WORDS.has(pair)),
  ])
}

const HAN_STOP_WORDS = new Set(
  '什么 怎么 如何 哪些 应该 我们 现在 这个 目前 事件 请问 一下 可以 需要 是否 为什'.split(' '),
)

const DATE_OR_TIME =
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\b\d{1,2}:\d\d(?::\d\d)?\b|\d{1,2}月\d{1,2}日|\d{1,2}[时点]\d{0,2}/

/** Matches words of repetition, because events that recur daily are not part of a timeline. */
const RECURRING =
  /\b(?:nightly|daily|weekly|hourly|every (?:day|night|week|hour)|business hours|week ?days)\b|每[天日周晚]|工作日|定时/i

/** Tells if a sentence says when something happened. A question does not. */
export const isDated = (text: string): boolean =>
  DATE_OR_TIME.test(text) && !RECURRING.test(text) && !/[?？]$/.test(text)
