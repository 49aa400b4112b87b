import {
  type Block,
  type Code,
  type Heading,
  type Inline,
  type Leaf,
  type List,
  lex,
  markDeceptive,
  type Table,
  visibleInlines,
} from '@engineer-chat/markdown'
import { Fragment, type ReactNode } from 'react'
import { Link } from '../ui/parts/link.tsx'
import { MessageText } from '../ui/parts/message-text.tsx'

/**
 * Markdown as elements. No HTML is ever made of anybody's text, so there is none to sanitise: what looks like a tag is
 * shown as the characters that it is, images become links, and a selection survives while the rest is still written.
 */
export function renderMarkdown(text: string): ReactNode {
  return <Parts blocks={lex(text)} source={text} />
}

interface Within {
  /** The text that the places of all nodes speak of. */
  source: string
}

function Parts({ blocks, source }: { blocks: Block[] } & Within): ReactNode {
  return blocks.map((block, index) => <Part key={index} block={block} source={source} />)
}

function Part({ block, source }: { block: Block } & Within): ReactNode {
  switch (block.type) {
    case 'heading':
      return <Title heading={block} source={source} />
    case 'paragraph':
      return (
        <p>
          <Line leaf={block} source={source} />
        </p>
      )
    case 'list':
      return <Items list={block} source={source} />
    case 'code_block':
      return <CodeBlock code={block} />
    case 'quote':
      return (
        <blockquote>
          <Parts blocks={block.blocks} source={source} />
        </blockquote>
      )
    case 'table':
      return <Cells table={block} source={source} />
    case 'rule':
      return <hr />
  }
}

/** The page has its own first levels. */
function Title({ heading, source }: { heading: Heading } & Within): ReactNode {
  const Level = heading.depth <= 1 ? 'h3' : heading.depth === 2 ? 'h4' : 'h5'
  return (
    <Level>
      <Line leaf={heading} source={source} />
    </Level>
  )
}

function Items({ list, source }: { list: List } & Within): ReactNode {
  const entries = list.items.map(({ blocks, checked }, index) => (
    <li key={index} className={checked === undefined ? undefined : 'task'}>
      {checked !== undefined && <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>}
      {blocks.map((block, at) =>
        block.type === 'paragraph' && blocks.filter(({ type }) => type === 'paragraph').length === 1 ? (
          <Line key={at} leaf={block} source={source} />
        ) : (
          <Part key={at} block={block} source={source} />
        ),
      )}
    </li>
  ))
  return list.first === undefined ? <ul>{entries}</ul> : <ol start={list.first}>{entries}</ol>
}

export const CodeBlock = ({ code: { value, language } }: { code: Code }): ReactNode => (
  <pre tabIndex={0} data-language={language === '' ? undefined : language}>
    <code>{markDeceptive(value)}</code>
  </pre>
)

function Cells({ table, source }: { table: Table } & Within): ReactNode {
  return (
    <div className="table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col">
                <Line leaf={cell} source={source} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, index) => (
                <td key={index}>
                  <Line leaf={cell} source={source} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Line = ({ leaf, source }: { leaf: Leaf } & Within): ReactNode => inlines(leaf.inlines, source)

const inlines = (nodes: Inline[], source: string): ReactNode =>
  nodes.map((node, index) => <Fragment key={index}>{inline(node, source)}</Fragment>)

function inline(node: Inline, source: string): ReactNode {
  switch (node.type) {
    case 'text':
      return <MessageText text={node.value} place={node} />
    case 'strong':
      return <strong>{inlines(node.children, source)}</strong>
    case 'emphasis':
      return <em>{inlines(node.children, source)}</em>
    case 'strike':
      return <del>{inlines(node.children, source)}</del>
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
      const raw = source.slice(node.start, node.end)
      return <Link href={node.address} words={words} raw={raw} image={node.type === 'image'} />
    }
  }
}
