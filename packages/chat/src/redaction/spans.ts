import type { SecretKind, SecretRule } from './rules.ts'

export interface Span {
  start: number
  end: number
  kind: SecretKind
}

/** Everything in a text that a rule takes for a secret. Spans may overlap. */
export function findSecrets(text: string, rules: SecretRule[]): Span[] {
  return rules.flatMap(({ kind, pattern, accept }) =>
    [...text.matchAll(pattern)].flatMap((match): Span[] => {
      const secret = match.groups?.secret ?? match.groups?.quoted ?? match.groups?.single ?? match[0]
      if (accept && !accept(secret)) return []
      const inside = match[0].lastIndexOf(secret) // what is hidden stands last, or before what only closes it
      const start = match.index + inside
      return [{ start, end: start + secret.length, kind }]
    }),
  )
}

/** What overlaps becomes one: a rule that sees more of a secret than another must not be cut short by it. */
export function merged(spans: Span[]): Span[] {
  const out: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end)
    else out.push({ ...span })
  }
  return out
}
