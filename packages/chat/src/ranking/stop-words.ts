/** Stop words say nothing about the subject of a question, such as pronouns and auxiliary verbs. */
const ENGLISH_STOP_WORDS = new Set(
  `i me my myself we our ours ourselves you your yours yourself he him his himself she her
  hers herself it its itself they them their theirs themselves what which who whom whose this that these those am is
  are was were be been being have has had having do does did doing would should could can will shall may might must
  ought a an the and but if or because as until while of at by for with about against between into through during
  before after above below to from up down in out on off over under again further then once here there when where
  why how all any both each few more most other some such no nor not only own same so than too very just now also
  anybody anyone anything everybody everyone everything nobody nothing somebody someone something`.split(/\s+/),
)

/**
 * Matches Chinese words that say nothing about the subject of a question. The first alternative that matches is taken.
 * So a longer word has to stand before its own beginning: `怎么办` before `怎么`.
 */
const CHINESE_STOP_WORD = new RegExp(
  [
    '怎么办|怎么样|怎么|怎样|什么|哪些|哪个|哪台|哪里|几点|几个|多少|有没有|没有|是不是|是否|如何|为什么',
    '我们|你们|他们|之前|出现过?|[见遇]过|一下|可以|需要|应该|这个|那个|那次|时候|[的了吗呢吧啊被把在是有谁]',
  ].join('|'),
  'g',
)

/** Replaces each Chinese stop word of a question by a blank. */
export const removeChineseStopWords = (text: string): string => text.replace(CHINESE_STOP_WORD, ' ')

/**
 * Returns true for an English stop word in lower case. It takes the word and not its stem, because the stem of `same` is
 * the name `sam`, and that of `does` is `doe`.
 */
export const isEnglishStopWord = (word: string): boolean => ENGLISH_STOP_WORDS.has(word)
