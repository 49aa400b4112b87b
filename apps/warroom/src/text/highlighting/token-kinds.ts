/** Lists the kinds of tokens. A style sheet has a colour for each: `::highlight(code-keyword)`. */
export const TOKEN_KINDS = ['keyword', 'string', 'number', 'comment', 'name'] as const

export type TokenKind = (typeof TOKEN_KINDS)[number]
