import { GrowingText } from '@engineer-chat/markdown'
import { type ReactNode, useState } from 'react'
import { MarkdownBlocks, type MarkdownText } from '../../text/markdown.tsx'

/** Draws an answer while it is written and afterwards. A finished block is drawn once, so a selection in it stays. */
export function AnswerText({ text }: { text: string }): ReactNode {
  const [growing] = useState(() => new GrowingAnswer())
  return <MarkdownBlocks blocks={growing.read(text)} text={growing.text} level={2} />
}

class GrowingAnswer {
  readonly #reader = new GrowingText()
  #source = ''
  readonly text: MarkdownText = { decodesReferences: true, read: ({ start, end }) => this.#source.slice(start, end) }

  read(source: string) {
    this.#source = source
    return this.#reader.read(source)
  }
}
