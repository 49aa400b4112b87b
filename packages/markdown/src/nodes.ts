/** Covers a part of the source, in UTF-16 units. */
export interface Span {
  start: number
  end: number
}

export interface Text extends Span {
  type: 'text'
  /** Holds the visible text: character references are decoded, but backslashes are kept, except in a cell's `\|`. */
  value: string
  /** Maps each unit of `value` to its position in the source; undefined if `value` equals the source of the span. */
  sourcePositions?: number[]
}

export interface CodeSpan extends Span {
  type: 'code'
  value: string
}

export interface Emphasis extends Span {
  type: 'emphasis' | 'strong' | 'strike'
  children: Inline[]
}

export interface Link extends Span {
  type: 'link' | 'image'
  address: string
  /** Covers the source of the link text or of the image description, without the brackets. */
  textSpan: Span
  children: Inline[]
}

export interface Autolink extends Span {
  type: 'autolink'
  address: string
}

/** Is a line break. Its span extends from the end of a line to the start of the text in the next line. */
export interface Break extends Span {
  type: 'break'
}

export type Inline = Text | CodeSpan | Emphasis | Link | Autolink | Break

/** Describes a node whose content is inlines: a paragraph, a heading or a table's cell. */
export interface TextBlock extends Span {
  inlines: Inline[]
}

export interface Paragraph extends TextBlock {
  type: 'paragraph'
}

export interface Heading extends TextBlock {
  type: 'heading'
  depth: number
}

export interface Code extends Span {
  type: 'code_block'
  value: string
  /** Holds CommonMark's info string: the text after the opening fence, usually a language. It is shown to readers. */
  info: string
}

export interface Quote extends Span {
  type: 'quote'
  blocks: Block[]
}

export interface Item {
  blocks: Block[]
  /** States whether an item of a task list is done. */
  checked?: boolean
}

export interface List extends Span {
  type: 'list'
  /** Is the first number of an ordered list, or undefined for bullets. */
  firstNumber: number | undefined
  items: Item[]
}

export interface Table extends Span {
  type: 'table'
  header: TextBlock[]
  rows: TextBlock[][]
}

/** Is a thematic break (CommonMark), such as `---`. */
export interface Rule extends Span {
  type: 'rule'
}

export type Block = Paragraph | Heading | Code | Quote | List | Table | Rule
