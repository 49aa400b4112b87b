import { parsePlain } from '@engineer-chat/markdown'
import { MAX_MENTIONS } from '@engineer-chat/protocol'

/** Matches the name in `@ada` and `请@ada`, but not in the mail address `mail@ada` or in the path `a/@ada`. */
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g

/**
 * Lists the names that follow an `@` outside of code, in the order of the text: at most `MAX_MENTIONS`, in lower case,
 * and each only once. For each name, the result has a list of its possible spellings. `@ada.` has the spellings `ada.`
 * and `ada`, because the full stop may belong to the sentence.
 */
export function listMentionedNames(text: string): string[][] {
  const spellingsByName = new Map<string, string[]>()
  for (const [, written = ''] of replaceCode(text).matchAll(NAME)) {
    const name = written.toLowerCase()
    if (spellingsByName.has(name)) continue
    spellingsByName.set(name, [...new Set([name, removeTrailingPunctuation(name)])])
    if (spellingsByName.size === MAX_MENTIONS) break
  }
  return [...spellingsByName.values()]
}

/** Removes every `.`, `_` and `-` at the end of a name. */
function removeTrailingPunctuation(name: string): string {
  let length = name.length
  while (length > 0 && '._-'.includes(name.charAt(length - 1))) length -= 1
  return name.slice(0, length)
}

/**
 * Replaces each code span and each closed fenced block by one backtick, so that the texts before and after it do not
 * become one word. Code is what the page shows as code, so a name that a reader sees in plain text is always found.
 */
const replaceCode = (text: string): string =>
  parsePlain(text)
    .map((part) => (part.type === 'text' ? part.value : '`'))
    .join('')
