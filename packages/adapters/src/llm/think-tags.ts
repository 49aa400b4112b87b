export type Spoken = { type: 'text' | 'reasoning'; text: string }

const OPEN = '<think>'
const CLOSE = '</think>'

export interface ThinkTags {
  push(text: string): Spoken[]
  end(): Spoken[]
}

/**
 * Some servers leave a model's thinking in its content, between `<think>` tags that chunks may split. It counts only before the
 * answer begins: further on, the tag is something that the answer speaks of.
 */
export function thinkTags(): ThinkTags {
  let state: 'before' | 'thinking' | 'answer' = 'before'
  let held = ''

  function step(out: Spoken[]): boolean {
    if (state === 'before') return beforeAnswer(out)
    if (state === 'thinking') return thinking(out)
    if (held !== '') out.push({ type: 'text', text: held })
    held = ''
    return false
  }

  function beforeAnswer(out: Spoken[]): boolean {
    const text = held.trimStart()
    if (text.startsWith(OPEN)) {
      held = text.slice(OPEN.length)
      state = 'thinking'
      return true
    }
    if (OPEN.startsWith(text)) return false // white space, or the beginning of a tag
    held = text
    state = 'answer'
    return step(out)
  }

  function thinking(out: Spoken[]): boolean {
    const close = held.indexOf(CLOSE)
    const said = close === -1 ? held.slice(0, held.length - heldBack(held)) : held.slice(0, close)
    if (said !== '') out.push({ type: 'reasoning', text: said })
    held = held.slice(close === -1 ? said.length : close + CLOSE.length)
    if (close === -1) return false
    state = 'before'
    return true
  }

  return {
    push(text) {
      const out: Spoken[] = []
      held += text
      while (step(out));
      return out
    },
    end() {
      const rest = state === 'before' ? held.trimStart() : held
      held = ''
      return rest === '' ? [] : [{ type: state === 'thinking' ? 'reasoning' : 'text', text: rest }]
    },
  }
}

/** How much of the end may be the beginning of the closing tag. */
function heldBack(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(CLOSE.slice(0, length))) return length
  }
  return 0
}
