import type { Hit, HitKind } from '@engineer-chat/protocol'
import { outsideCode } from './code.ts'
import { isMisleading, type LinkContext, shownAddress } from './links.ts'

export interface FilterContext extends LinkContext {
  /** Of the prompt's fences; empty if there was none. */
  mark: string
}

export interface Filtered {
  text: string
  /** What is worth a look: kinds, how often, and a few examples. */
  hits: Hit[]
}

const MOST_EXAMPLES = 5

const TARGET =
  '\\(\\s*(?:<([^<>\\n]*)>|((?:[^\\s()<>]|\\([^\\s()]*\\))*))(?:\\s+(?:"[^"\\n]*"|\'[^\'\\n]*\'|\\([^()\\n]*\\)))?\\s*\\)'
const WORDS = '\\[((?:[^\\[\\]\\n]|\\[[^\\[\\]\\n]*\\]){0,500})\\]'
const IMAGE = new RegExp(`!${WORDS}${TARGET}`, 'g')
const LINK = new RegExp(`${WORDS}${TARGET}`, 'g')
const DEFINITION = /^ {0,3}\[([^[\]\n]{1,200})\]:[ \t]*\n?[ \t]*<?([^\s<>]+)>?[^\n]*$/gm
const REFERENCE = /(!?)\[([^[\]\n]{1,500})\]\[([^[\]\n]{0,200})\]/g
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>/gi
const TAG = /<(?=[a-z/!?])/gi
const LOADS =
  /^<(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)\b/i
const BARE = /(?<![\w/@`])(?:https?|ftp):\/\/[^\s<>"'`|\\^{}，。；：、！？（）【】《》「」『』“”‘’\uE000\uE001]+/gi

/**
 * An answer as it may be shown: nothing in it is loaded from elsewhere, every link is written out, those that lead to the incident's own
 * addresses can't be opened, and HTML is text. Code is left as it is.
 */
export function filterAnswer(text: string, context: FilterContext): Filtered {
  const found = new Map<HitKind, { count: number; examples: Set<string> }>()
  const hit = (kind: HitKind, example: string) => {
    const { count, examples } = found.get(kind) ?? { count: 0, examples: new Set<string>() }
    if (examples.size < MOST_EXAMPLES) examples.add(example)
    found.set(kind, { count: count + 1, examples })
  }
  const show = (address: string): string => {
    const { kind, text: shown, example } = shownAddress(address, context)
    if (kind !== 'plain') hit(kind, example)
    return shown
  }
  const image = (words: string, address: string): string => {
    hit('remote_image', shownAddress(address, context).example)
    return `${words.trim() === '' ? '' : `${words} `}(${show(address)})`
  }
  const link = (words: string, address: string): string => {
    if (isMisleading(words, address))
      hit('misleading_link', `${words.slice(0, 80)} → ${shownAddress(address, context).example}`)
    return words.trim() === address || words.trim() === '' ? show(address) : `${words} (${show(address)})`
  }

  const unmarked = withoutMark(text, context.mark, () => hit('mark_repeated', 'the mark of the data'))
  const safe = outsideCode(unmarked, (prose) => {
    const shown: string[] = []
    // What was shown once is kept apart, so that the next rule doesn't take it for something of the model's.
    const keep = (markdown: string): string => `\uE002${shown.push(markdown) - 1}\uE003`
    const definitions = new Map<string, string>()
    const rewritten = prose
      .replace(/[\uE002\uE003]/g, '\uFFFD')
      .replace(DEFINITION, (_, label: string, address: string) => {
        definitions.set(label.trim().toLowerCase(), address)
        return ''
      })
      .replace(REFERENCE, (all, bang: string, words: string, label: string) => {
        const address = definitions.get((label || words).trim().toLowerCase())
        if (address === undefined) return all
        return keep(bang ? image(words, address) : link(words, address))
      })
      .replace(IMAGE, (_, words: string, pointed?: string, bare?: string) => keep(image(words, pointed ?? bare ?? '')))
      .replace(LINK, (_, words: string, pointed?: string, bare?: string) => keep(link(words, pointed ?? bare ?? '')))
      .replace(AUTOLINK, (_, address: string) => keep(show(address)))
      .replace(TAG, (_, at: number, all: string) => {
        if (LOADS.test(all.slice(at, at + 20))) hit('html', all.slice(at + 1, at + 12).replace(/[^a-z].*$/i, ''))
        return '&lt;'
      })
      .replace(BARE, (address) => {
        const end = /[.,;:!?)\]'*_]+$/.exec(address)?.[0] ?? ''
        return keep(show(address.slice(0, address.length - end.length))) + end
      })
      .replaceAll('![', '!\\[')
      .replaceAll('](', ']\\(')
    return unkept(rewritten, shown)
  })
  const hits = [...found].map(([kind, { count, examples }]): Hit => ({ kind, count, examples: [...examples] }))
  return { text: safe, hits }
}

/** A kept piece may stand inside of another one's words. */
function unkept(text: string, shown: string[]): string {
  let out = text
  for (let depth = 0; depth < 4 && /\uE002/.test(out); depth++) {
    out = out.replace(/\uE002(\d+)\uE003/g, (_, at) => shown[Number(at)] ?? '')
  }
  return out
}

function withoutMark(text: string, mark: string, onHit: () => void): string {
  if (mark === '' || !text.includes(mark)) return text
  onHit()
  return text.replaceAll(`<<<${mark}`, '').replaceAll(`${mark}>>>`, '').replaceAll(mark, '')
}
