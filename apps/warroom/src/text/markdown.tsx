import type { Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { Link } from '../ui/link.tsx'
import { Words } from '../ui/words.tsx'
import { lex } from './lex.ts'

/**
 * Markdown as elements. No HTML is ever made of anybody's text, so there is none to sanitise: what looks like a tag is
 * shown as the characters that it is, images become links, and a selection survives while the rest is still written.
 */
export function markdown(text: string): ReactNode {
  const tokens = lex(text)
  return tokens ? blocks(tokens) : <p className="text">{text}</p>
}

const blocks = (tokens: Token[]): ReactNode =>
  tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>)

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading {...(token as Tokens.Heading)} />
    case 'paragraph':
      return <p>{inlines((token as Tokens.Paragraph).tokens)}</p>
    case 'list':
      return <List {...(token as Tokens.List)} />
    case 'code':
      return <Code {...(token as Tokens.Code)} />
    case 'blockquote':
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens)}</blockquote>
    case 'table':
      return <Table {...(token as Tokens.Table)} />
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'text':
      return inlines((token as Tokens.Text).tokens ?? [token])
    case 'html':
      return (
        <p>
          <Words text={token.raw.trim()} />
        </p>
      )
    default:
      return inline(token)
  }
}

/** The page has its own first levels. */
function Heading({ depth, tokens }: Tokens.Heading): ReactNode {
  const Level = depth <= 1 ? 'h3' : depth === 2 ? 'h4' : 'h5'
  return <Level>{inlines(tokens)}</Level>
}

function List({ ordered, start, items }: Tokens.List): ReactNode {
  const entries = items.map((item, index) => (
    <li key={index} className={item.task ? 'task' : undefined}>
      {item.task && <span aria-hidden="true">{item.checked ? '☑ ' : '☐ '}</span>}
      {blocks(item.tokens.filter((token) => token.type !== 'checkbox'))}
    </li>
  ))
  return ordered ? <ol start={start === '' ? 1 : start}>{entries}</ol> : <ul>{entries}</ul>
}

const Code = ({ text, lang }: Tokens.Code): ReactNode => (
  <pre tabIndex={0} data-language={lang === '' ? undefined : lang}>
    <code>{text}</code>
  </pre>
)

function Table({ header, rows }: Tokens.Table): ReactNode {
  return (
    <div className="table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col">
                {inlines(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, index) => (
                <td key={index}>{inlines(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const inlines = (tokens: Token[]): ReactNode =>
  tokens.map((token, index) => <Fragment key={index}>{inline(token)}</Fragment>)

/** Elsewhere a backslash is evidence: `\\\\FS-01\\c$` and `D:\\Temp\\~wd` are paths. */
const ESCAPED = /^\\[*_`[\]#>|<]$/

function inline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines((token as Tokens.Strong).tokens)}</strong>
    case 'em':
      return <em>{inlines((token as Tokens.Em).tokens)}</em>
    case 'del':
      return <del>{inlines((token as Tokens.Del).tokens)}</del>
    case 'codespan':
      return (
        <code>
          <Words text={(token as Tokens.Codespan).text} />
        </code>
      )
    case 'br':
      return <br />
    case 'link':
      return <Link href={(token as Tokens.Link).href} words={(token as Tokens.Link).text} raw={token.raw} />
    case 'image':
      return <Link href={(token as Tokens.Image).href} words={(token as Tokens.Image).text} raw={token.raw} image />
    case 'escape':
      return ESCAPED.test(token.raw) ? (token as Tokens.Escape).text : token.raw
    case 'text': {
      const { tokens, text } = token as Tokens.Text
      return tokens ? inlines(tokens) : <Words text={text} />
    }
    default:
      return token.raw // what we don't know is shown as it was written
  }
}
