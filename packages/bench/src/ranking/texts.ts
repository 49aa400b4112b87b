import { createSeededRandom, type SeededRandom } from '@engineer-chat/chat/testing'

const ENGLISH_WORDS = 20_000
const CHINESE_CHARACTERS = 3_000
/** The Chinese characters of Unicode begin here. */
const FIRST_CHINESE_CHARACTER = 0x4e00
const HOSTS = 400

/** Writes messages and questions with word frequencies as in real text: the n-th word has a share of about 1/n. */
export interface TextWriter {
  /**
   * Writes a message. About a tenth of the messages are logs of five lines, and a third of the others name a host and
   * an address.
   */
  writeMessage(): string
  /**
   * Writes a question of up to 15 words, in English or Chinese. About a tenth of the questions also contain a pasted
   * log, and a third of the others name a host and an address.
   */
  writeQuestion(): string
}

export function createTextWriter(seed: number): TextWriter {
  const random = createSeededRandom(seed)
  const writeEnglish = (words: number) =>
    repeat(words, () => `w${drawRank(random, ENGLISH_WORDS).toString(36)}`).join(' ')
  const writeChinese = (length: number) =>
    repeat(length, () => String.fromCodePoint(FIRST_CHINESE_CHARACTER + drawRank(random, CHINESE_CHARACTERS))).join('')
  const writeAddress = () => `198.51.${random.below(20)}[.]${random.below(250)}`
  const writeHost = () => `ws-${drawRank(random, HOSTS)}`
  const writeLogLine = () =>
    `2026-03-0${1 + random.below(9)} 10:${10 + random.below(50)} ${writeHost()} sshd[${random.below(9_999)}]: Failed password for root from ${writeAddress()}`
  const writeText = (words: number) => (random.below(2) === 0 ? writeEnglish(words) : writeChinese(words * 2))
  return {
    writeMessage: () => {
      const hostAndAddress = random.below(3) === 0 ? ` ${writeHost()} ${writeAddress()}` : ''
      if (random.below(10) === 0) return repeat(5, writeLogLine).join('\n')
      return `${writeText(5 + random.below(40))}${hostAndAddress}.`
    },
    writeQuestion: () => {
      const question = `${writeText(4 + random.below(12))}?`
      if (random.below(10) === 0) return `${question}\n${repeat(40, writeLogLine).join('\n')}`
      return random.below(3) === 0 ? `${question} ${writeHost()} ${writeAddress()}` : question
    },
  }
}

/** Draws a number from 0 to `count - 1`. The number `n` has a share of about 1/(n + 1). */
const drawRank = (random: SeededRandom, count: number): number => Math.floor(count ** random.next()) - 1

const repeat = <T>(count: number, create: () => T): T[] => Array.from({ length: count }, create)
