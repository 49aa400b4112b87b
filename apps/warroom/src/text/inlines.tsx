import { type Inline, type Span, type Text, toVisibleInlines } from '@engineer-chat/markdown'
import { Fragment, type ReactNode } from 'react'
import { CitedText } from '../ui/citations/cited-text.tsx'
import { Link } from '../ui/parts/link.tsx'
import { MessageText } from '../ui/parts/message-text.tsx'

/**
 * Gives all blocks access to the text's source. While an answer grows, this object stays the same, so finished blocks
 * are rendered only once.
 */
export interface MarkdownText {
  /** Reads a part of the source. */
  read(span: Span): string
  /** Says whether the AI wrote the text. In other texts `&lt;` is evidence and stays. */
  decodesReferences: boolean
}

export const renderInlines = (nodes: Inline[], text: MarkdownText): ReactNode =>
  nodes.map((node, index) => <Fragment key={index}>{renderInline(node, text)}</Fragment>)

/** Returns a node's text. A node has `sourcePositions` if the parser has decoded character references in its value. */
const readText = (node: Text, text: MarkdownText): string =>
  node.sourcePositions && !text.decodesReferences ? text.read(node) : node.value

function renderInline(node: Inline, text: MarkdownText): ReactNode {
  switch (node.type) {
    case 'text':
      return <CitedText text={readText(node, text)} place={node} />
    case 'strong':
      return <strong>{renderInlines(node.children, text)}</strong>
    case 'emphasis':
      return <em>{renderInlines(node.children, text)}</em>
    case 'strike':
      return <del>{renderInlines(node.children, text)}</del>
    case 'code':
      return (
        <code>
          <MessageText text={node.value} place={node} />
        </code>
      )
    case 'break':
      return <br />
    case 'autolink':
      return <MessageText text={node.address} place={node} />
    case 'link':
    case 'image': {
      const linkText = toVisibleInlines(node.children)
      return <Link href={node.address} text={linkText} source={text.read(node)} isImage={node.type === 'image'} />
    }
    default:
      node satisfies never
  }
}
