import type { ReplyStream } from '../../shared/index.ts'
import type { TextTransform } from '../redaction/restorer.ts'

/** The end of a text that may be the beginning of what is broken up. */
const BEGUN = /(?:!|<\/?[a-z]{0,7})$/i
const IMAGE = /!\[/g
const LOADS =
  /<(?=\/?(?:img|image|picture|source|video|audio|iframe|object|embed|link|script|style|svg|input|form|meta|base)(?![a-z]))/gi

/**
 * For an answer that is still being written: what a page would fetch by itself is broken up. Links wait for the final text, which
 * replaces this one; they do nothing until somebody opens them.
 */
export function createStreamFilter(): TextTransform {
  let held = ''
  return {
    push(text) {
      const all = held + text
      const from = BEGUN.exec(all)?.index ?? all.length
      held = all.slice(from)
      return breakMarkup(all.slice(0, from))
    },
    end() {
      const rest = held
      held = ''
      return breakMarkup(rest)
    },
  }
}

const breakMarkup = (text: string): string => text.replace(LOADS, '&lt;').replace(IMAGE, '!\\[')

/** The same, of a reply that is followed live. */
export function filterReplyStream(live: ReplyStream): ReplyStream {
  const filter = createStreamFilter()
  const say = (text: string) => {
    if (text !== '') live.append(text)
  }
  return {
    append: (text) => say(filter.push(text)),
    end() {
      say(filter.end())
      live.end()
    },
  }
}
