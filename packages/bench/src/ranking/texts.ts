import { createSeededRandom, type SeededRandom } from '@engineer-chat/chat/testing'

const WORDS = 20_000
const CHARACTERS = 3_000
const FIRST_CHARACTER = 0x4e00
const HOSTS = 400

/** Writes messages and questions in which words are as frequent as in real text: the n-th has a share of about 1/n. */
export interface TextWriter {
  writeMessage(): string
  /** Writes short questions in both languages, some about an address, and each tenth about a pasted log. */
  writeQuestion(): string
}

export function createTextWriter(seed: number): TextWriter {
  const random = createSeededRandom(seed)
  const english = (words: number) => repeat(words, () => `w${pickFrequent(random, WORDS).toString(36)}`).join(' ')
  const chinese = (length: number) =>
    repeat(length, () => String.fromCodePoint(FIRST_CHARACTER + pickFrequent(random, CHARACTERS))).join('')
  const address = () => `198.51.${random.below(20)}[.]${random.below(250)}`
  const host = () => `ws-${pickFrequent(random, HOSTS)}`
  const logLine = () =>
    `2026-03-0${1 + random.below(9)} 10:${10 + random.below(50)} ${host()} sshd[${random.below(9_999)}]: Failed password for root from ${address()}`
  const write = (words: number) => (random.below(2) === 0 ? english(words) : chinese(words * 2))
  return {
    writeMessage: () => {
      const about = random.below(3) === 0 ? ` ${host()} ${address()}` : ''
      return random.below(10) === 0 ? repeat(5, logLine).join('\n') : `${write(5 + random.below(40))}${about}.`
    },
    writeQuestion: () => {
      const question = `${write(4 + random.below(12))}?`
      if (random.below(10) === 0) return `${question}\n${repeat(40, logLine).join('\n')}`
      return random.below(3) === 0 ? `${question} ${host()} ${address()}` : question
    },
  }
}

const pickFrequent = (random: SeededRandom, count: number): number => Math.floor(count ** random.next()) - 1

const repeat = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
