import { parsePlain } from '@engineer-chat/markdown'
import { MAX_MENTIONS } from '@engineer-chat/protocol'

/** Matches the name in `@ada` and `请@ada`, but not in the mail address `mail@ada` or in the path `a/@ada`. */
const NAME = /(?<![A-Za-z0-9._@/+-])@([A-Za-z0-9][A-Za-z0-9._-]{0,63})/g

/**
 * Lists the names that follow an `@` outside of code, in the order of the text: at most `MAX_MENTIONS`, in lower case,
 * and each only once. For each name, the result has a list of its possible spellings, the longest first. `@ada_.` has
 * the spellings `ada_.`, `ada_` and `ada`, because each mark at the end may belong to the name or to the sentence.
 */
export function listMentionedNames(text: string): string[][] {
  const spellingsByName = new Map<string, string[]>()
  for (const [, written = ''] of replaceCode(text).matchAll(NAME)) {
    const name = written.toLowerCase()
    if (spellingsByName.has(name)) continue
    spellingsByName.set(name, listSpellings(name))
    if (spellingsByName.size === MAX_MENTIONS) break
  }
  return [...spellingsByName.values()]
}

/** A name has at most 64 characters, so it has at most 64 spellings. */
function listSpellings(name: string): string[] {
  const spellings = [name]
  for (let end = name.length - 1; end > 0 && '._-'.includes(name.charAt(end)); end -= 1) {
    spellings.push(name.slice(0, end))
  }
  return spellings
}

/**
 * Replaces each code span and each closed fenced block by one backtick, so that the texts before and after it do not
 * become one word. Code is what the page shows as code, so a name that a reader sees in plain text is always found.
 */
const replaceCode = (text: string): string =>
  parsePlain(text)
    .map((part) => (part.type === 'text' ? part.value : '`'))
    .join('')
