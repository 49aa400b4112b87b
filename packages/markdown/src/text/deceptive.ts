/**
 * Matches invisible characters: zero-width ones, bidi controls, tag characters, variation selectors, fillers, and
 * control characters except tabs and line ends. U+2028 and U+2029 are included, because browsers show no line end for
 * them.
 */
const HIDDEN = String.raw`[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{2028}\u{2029}\u{2800}\u{FFF9}-\u{FFFB}[\p{Cc}--[\t\n\r]]]`
const PICTURE = String.raw`\p{Extended_Pictographic}[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]?`
/**
 * Matches characters of scripts that join or separate letters with zero-width characters: Arabic, Mongolian, the
 * scripts of India and those of its neighbours.
 */
const JOINING =
  '[\\p{sc=Arabic}\\p{sc=Syriac}\\p{sc=Mongolian}\\p{sc=Devanagari}\\p{sc=Bengali}\\p{sc=Gurmukhi}\\p{sc=Gujarati}\\p{sc=Oriya}\\p{sc=Tamil}\\p{sc=Telugu}\\p{sc=Kannada}\\p{sc=Malayalam}\\p{sc=Sinhala}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Tibetan}]'
/**
 * Matches hidden characters that are part of visible text: complete emoji, variants of Chinese characters, and single
 * joiners in a word.
 */
const KEPT = [
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  String.raw`[\d#*]\u{FE0F}\u{20E3}`,
  String.raw`${PICTURE}(?:\u{200D}${PICTURE})*`,
  String.raw`\p{sc=Han}[\u{FE00}-\u{FE02}\u{E0100}-\u{E01EF}]`,
  String.raw`(?<=\p{sc=Mongolian})[\u{180B}-\u{180F}]`,
  String.raw`(?<=${JOINING})[\u{200C}\u{200D}](?=${JOINING})`,
  String.raw`(?<=\p{sc=Arabic})\u{200D}(?!${HIDDEN})`,
].join('|')
const KEPT_OR_HIDDEN = new RegExp(`(?<kept>${KEPT})|${HIDDEN}+`, 'gv')
const HAS_HIDDEN = new RegExp(HIDDEN, 'v')
/** Limits the marks of one sequence. Further characters are counted, so that marks cannot fill a page or a prompt. */
const MAX_MARKS = 16

const HOST_CHARACTER = String.raw`[\p{L}\p{N}\p{M}._\-]`
/** Matches full-width dots, which browsers read as a dot in an address. Before Chinese text they end a sentence. */
const WIDE_DOT = String.raw`[\u{3002}\u{FF0E}\u{FF61}](?=[[\p{L}\p{N}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]])`
/** Matches what may be a host name: labels with dots between them. */
const HOST_CANDIDATES = new RegExp(`(?<!${HOST_CHARACTER})${HOST_CHARACTER}+(?:${WIDE_DOT}${HOST_CHARACTER}+)*`, 'gv')
const LABEL = /[^.\u{3002}\u{FF0E}\u{FF61}]+/gu
const LATIN = /\p{Script=Latin}/u
/**
 * Matches letters that genuine addresses do not mix with Latin ones. Chinese, Japanese and Korean letters are excluded,
 * because such text may directly follow an address.
 */
const FOREIGN =
  /[\p{L}--[\p{sc=Latin}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Common}\p{sc=Inherited}]]/gv
const HAS_FOREIGN = new RegExp(FOREIGN.source, 'v')
/** These letters and their capitals look like Latin ones. */
const LATIN_LIKE = 'аеорсухіјѕԁԝԛһӏмтвкнοανρυικτ'
/** These letters look like Latin ones only as capitals. */
const LATIN_LIKE_CAPITALS = 'ҮΒΕΖΗΜΧ'
/** Matches a label whose letters all look like Latin ones. */
const LOOKS_LATIN = new RegExp(`^[${LATIN_LIKE}${LATIN_LIKE.toUpperCase()}${LATIN_LIKE_CAPITALS}\\d\\-]+$`, 'u')
const TOP_LEVEL = /^(?!\d)[\p{L}\p{M}-]{2,63}$/u

/** Matches a mark of `markDeceptive`: `⟨U+202E⟩`, `⟨U+200B ×3⟩`, or `⟨+484⟩` for characters that are only counted. */
const MARK = /⟨U\+[0-9A-F]{4,6}(?: ×\d+)?⟩|⟨\+\d+⟩/g

/**
 * Marks deceptive characters. An invisible one becomes its code point (`⟨U+202E⟩`). In an address, each foreign letter
 * gets a mark after it (`pа⟨U+0430⟩ypal.com`) if its label also has Latin letters, or if the label only looks Latin and
 * the top level is Latin. Emoji are not changed, and neither is text that is already marked.
 */
export function markDeceptive(text: string): string {
  const marked = HAS_HIDDEN.test(text) ? text.replace(KEPT_OR_HIDDEN, markHidden) : text
  return HAS_FOREIGN.test(marked)
    ? marked.replace(HOST_CANDIDATES, (candidate, offset: number) => markForeign(candidate, marked, offset))
    : marked
}

/** Removes the marks, to compare texts or to check whether any visible text remains. */
export const removeDeceptiveMarks = (text: string): string => text.replace(MARK, '')

/** Escapes the characters that `markDeceptive` marks as hidden, in JSON. The value stays the same. */
export const escapeHiddenInJson = (json: string): string =>
  HAS_HIDDEN.test(json)
    ? json.replace(KEPT_OR_HIDDEN, (match: string, kept?: string) =>
        kept === undefined
          ? Array.from({ length: match.length }, (_, offset) => toEscape(match.charCodeAt(offset))).join('')
          : match,
      )
    : json

const toEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`

const toMark = (character: string, times = 1): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return times === 1 ? `⟨U+${code}⟩` : `⟨U+${code} ×${times}⟩`
}

function markHidden(hidden: string, kept?: string): string {
  if (kept !== undefined) return kept
  const groups: Array<{ character: string; times: number }> = []
  for (const character of hidden) {
    const last = groups.at(-1)
    if (last?.character === character) last.times += 1
    else groups.push({ character, times: 1 })
  }
  const shown = groups.slice(0, MAX_MARKS).map(({ character, times }) => toMark(character, times))
  const unmarkedCount = groups.slice(MAX_MARKS).reduce((sum, { times }) => sum + times, 0)
  return shown.join('') + (unmarkedCount > 0 ? `⟨+${unmarkedCount}⟩` : '')
}

function markForeign(candidate: string, text: string, offset: number): string {
  if (!HAS_FOREIGN.test(candidate)) return candidate
  const labels = candidate.match(LABEL) ?? []
  const topLevel = labels.at(-1) ?? ''
  const isAfterSchemeOrAt = /(?::\/\/|@)$/.test(text.slice(Math.max(0, offset - 3), offset))
  if (!isAfterSchemeOrAt && (labels.length < 2 || !TOP_LEVEL.test(topLevel))) return candidate
  const hasLatinTopLevel = labels.length > 1 && /^[a-z]+$/i.test(topLevel)
  return candidate.replace(LABEL, (label, labelOffset: number) => {
    const isDeceptive = LATIN.test(label) ? HAS_FOREIGN.test(label) : hasLatinTopLevel && LOOKS_LATIN.test(label)
    return isDeceptive ? markLetters(label, text, offset + labelOffset) : label
  })
}

/** Adds a mark to each foreign letter that has none. */
const markLetters = (label: string, text: string, labelStart: number): string =>
  label.replace(FOREIGN, (letter: string, offset: number) => {
    const mark = toMark(letter)
    return text.startsWith(mark, labelStart + offset + letter.length) ? letter : letter + mark
  })
