import {
  type Block,
  type Heading,
  type Inline,
  type Leaf,
  type List,
  lex,
  type Span,
  type Table,
  visibleInlines,
} from '@engineer-chat/markdown'
import { Fragment, memo, type ReactNode } from 'react'
import { Link } from '../ui/parts/link.tsx'
import { MessageText } from '../ui/parts/message-text.tsx'
import { CodeBlock } from './code-block.tsx'
import { toHeadingLevels } from './heading-levels.ts'

/** Holds what is true of a whole text. It stays the same object while the text grows, so finished blocks are drawn once. */
export interface MarkdownText {
  /** Reads a part of the source. */
  read(span: Span): string
  /** True for what the AI wrote: in others' texts `&lt;` is evidence and stays. */
  decodes: boolean
}

interface MarkdownOptions {
  decodes?: boolean
  /** The level of the text's first headings, one below the heading that it stands under. */
  level?: number
}

/**
 * Markdown as elements. No HTML is ever made of anybody's text, so there is none to sanitise: what looks like a tag is
 * shown as the characters that it is, and images become links.
 */
export function renderMarkdown(source: string, { decodes = false, level = 3 }: MarkdownOptions = {}): ReactNode {
  const text = { read: ({ start, end }: Span) => source.slice(start, end), decodes }
  return <MarkdownBlocks blocks={lex(source)} text={text} level={level} />
}

interface Within {
  text: MarkdownText
}

export function MarkdownBlocks({ blocks, text, level = 3 }: { blocks: Block[]; level?: number } & Within): ReactNode {
  const levels = toHeadingLevels(blocks, level)
  return blocks.map((block, index) => <Part key={index} block={block} text={text} level={levels[index]} />)
}

const Part = memo(function Part({ block, text, level }: { block: Block; level?: number | undefined } & Within) {
  switch (block.type) {
    case 'heading':
      return <Title heading={block} text={text} level={level} />
    case 'paragraph':
      return <p>{inlines(block.inlines, text)}</p>
    case 'list':
      return <Items list={block} text={text} />
    case 'code_block':
      return <CodeBlock code={block} />
    case 'quote':
      return (
        <blockquote>
          {block.blocks.map((inner, index) => (
            <Part key={index} block={inner} text={text} />
          ))}
        </blockquote>
      )
    case 'table':
      return <Cells table={block} text={text} />
    case 'rule':
      return <hr />
  }
})

/** A heading within a quote or a list has no place in the page's outline. */
function Title({ heading, text, level }: { heading: Heading; level: number | undefined } & Within): ReactNode {
  const words = inlines(heading.inlines, text)
  if (level === undefined) return <p className="heading">{words}</p>
  const Level = LEVELS[level] ?? 'h6'
  return <Level className="heading">{words}</Level>
}

const LEVELS: Record<number, 'h2' | 'h3' | 'h4' | 'h5' | 'h6'> = { 2: 'h2', 3: 'h3', 4: 'h4', 5: 'h5', 6: 'h6' }

function Items({ list, text }: { list: List } & Within): ReactNode {
  const entries = list.items.map((item, index) => <Entry key={index} item={item} text={text} />)
  return list.first === undefined ? <ul>{entries}</ul> : <ol start={list.first}>{entries}</ol>
}

const Entry = memo(function Entry({ item: { blocks, checked }, text }: { item: List['items'][number] } & Within) {
  const isSingle = blocks.filter(({ type }) => type === 'paragraph').length === 1
  return (
    <li className={checked === undefined ? undefined : 'task'}>
      {checked !== undefined && <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>}
      {blocks.map((block, at) =>
        block.type === 'paragraph' && isSingle ? (
          <Fragment key={at}>{inlines(block.inlines, text)}</Fragment>
        ) : (
          <Part key={at} block={block} text={text} />
        ),
      )}
    </li>
  )
})

function Cells({ table, text }: { table: Table } & Within): ReactNode {
  return (
    <div className="table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col">
                {inlines(cell.inlines, text)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            <Row key={line} row={row} text={text} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Row = memo(function Row({ row, text }: { row: Leaf[] } & Within) {
  return (
    <tr>
      {row.map((cell, index) => (
        <td key={index}>{inlines(cell.inlines, text)}</td>
      ))}
    </tr>
  )
})

const inlines = (nodes: Inline[], text: MarkdownText): ReactNode =>
  nodes.map((node, index) => <Fragment key={index}>{inline(node, text)}</Fragment>)

function inline(node: Inline, text: MarkdownText): ReactNode {
  switch (node.type) {
    case 'text':
      return <MessageText text={node.map && !text.decodes ? text.read(node) : node.value} place={node} />
    case 'strong':
      return <strong>{inlines(node.children, text)}</strong>
    case 'emphasis':
      return <em>{inlines(node.children, text)}</em>
    case 'strike':
      return <del>{inlines(node.children, text)}</del>
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
      const words = visibleInlines(node.children)
      return <Link href={node.address} words={words} raw={text.read(node)} image={node.type === 'image'} />
    }
  }
}
