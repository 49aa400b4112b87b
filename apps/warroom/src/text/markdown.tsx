import { type Block, type Heading, type List, parseMarkdown, type Span } from '@engineer-chat/markdown'
import { Fragment, memo, type ReactNode } from 'react'
import { CodeBlock } from '../ui/code/code-block.tsx'
import { TableView } from '../ui/tables/table.tsx'
import { toHeadingLevels } from './heading-levels.ts'
import { type MarkdownText, renderInlines } from './inlines.tsx'

interface MarkdownOptions {
  decodesReferences?: boolean
  /** Sets the level of the text's first heading: one more than the level of the page's heading above the text. */
  firstLevel?: number
}

/**
 * Renders Markdown as elements. No text is ever parsed as HTML, so nothing has to be sanitised: a tag is shown as its
 * characters, and an image becomes a link.
 */
export function renderMarkdown(
  source: string,
  { decodesReferences = false, firstLevel = 3 }: MarkdownOptions = {},
): ReactNode {
  const text = { read: ({ start, end }: Span) => source.slice(start, end), decodesReferences }
  return <MarkdownBlocks blocks={parseMarkdown(source)} text={text} firstLevel={firstLevel} />
}

interface TextProps {
  text: MarkdownText
}

export function MarkdownBlocks({
  blocks,
  text,
  firstLevel = 3,
}: { blocks: Block[]; firstLevel?: number } & TextProps): ReactNode {
  const levels = toHeadingLevels(blocks, firstLevel)
  return blocks.map((block, index) => <MarkdownBlock key={index} block={block} text={text} level={levels[index]} />)
}

const MarkdownBlock = memo(function MarkdownBlock({
  block,
  text,
  level,
}: { block: Block; level?: number | undefined } & TextProps) {
  switch (block.type) {
    case 'heading':
      return <HeadingView heading={block} text={text} level={level} />
    case 'paragraph':
      return <p>{renderInlines(block.inlines, text)}</p>
    case 'list':
      return <ListView list={block} text={text} />
    case 'code_block':
      return <CodeBlock code={block} />
    case 'quote':
      return (
        <blockquote>
          {block.blocks.map((inner, index) => (
            <MarkdownBlock key={index} block={inner} text={text} />
          ))}
        </blockquote>
      )
    case 'table':
      return <TableView table={block} text={text} />
    case 'rule':
      return <hr />
    default:
      block satisfies never
  }
})

/**
 * Renders a heading. Without a level, as in a quote or a list, it is a paragraph and not part of the page's outline.
 */
function HeadingView({ heading, text, level }: { heading: Heading; level: number | undefined } & TextProps): ReactNode {
  const content = renderInlines(heading.inlines, text)
  if (level === undefined) return <p className="heading">{content}</p>
  const Level = LEVELS[level] ?? 'h6'
  return <Level className="heading">{content}</Level>
}

const LEVELS: Record<number, 'h2' | 'h3' | 'h4' | 'h5' | 'h6'> = { 2: 'h2', 3: 'h3', 4: 'h4', 5: 'h5', 6: 'h6' }

function ListView({ list, text }: { list: List } & TextProps): ReactNode {
  const listItems = list.items.map((item, index) => <ListItem key={index} item={item} text={text} />)
  return list.firstNumber === undefined ? <ul>{listItems}</ul> : <ol start={list.firstNumber}>{listItems}</ol>
}

/** Renders an item of a list. The text of its only paragraph stands directly in the item, without margins. */
const ListItem = memo(function ListItem({
  item: { blocks, checked },
  text,
}: { item: List['items'][number] } & TextProps) {
  const hasOneParagraph = blocks.filter(({ type }) => type === 'paragraph').length === 1
  return (
    <li className={checked === undefined ? undefined : 'task'}>
      {checked !== undefined && (
        <span className="task-mark" aria-hidden="true">
          {checked ? '☑ ' : '☐ '}
        </span>
      )}
      {blocks.map((block, blockIndex) =>
        block.type === 'paragraph' && hasOneParagraph ? (
          <Fragment key={blockIndex}>{renderInlines(block.inlines, text)}</Fragment>
        ) : (
          <MarkdownBlock key={blockIndex} block={block} text={text} />
        ),
      )}
    </li>
  )
})
