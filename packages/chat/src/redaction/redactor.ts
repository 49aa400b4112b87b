import { type SecretKind, type SecretRule, secretRules } from './rules.ts'
import { findSecrets, merged, type Span } from './spans.ts'

/** What was hidden, for the caller's eyes. */
export interface Hidden {
  placeholder: string
  kind: SecretKind
}

/** Of one request: the same secret has the same placeholder in all its texts. */
export interface Redactor {
  hide(text: string): string
  /** What a placeholder stands for; undefined if it is none of ours. */
  secretOf(placeholder: string): string | undefined
  hidden(): Hidden[]
  /** What must not leave by another way either. */
  secrets(): string[]
}

export interface RedactionSettings {
  /** Whether the names of mail addresses are hidden. */
  mail: boolean
}

/** A value this short stands elsewhere for something else, and hiding it there too would tell what it is. */
const LONG_ENOUGH = 8
const HARMLESS: SecretKind[] = ['MAIL', 'TEXT']
const ONCE: SecretKind[] = ['MAIL', 'TEXT', 'COOKIE']

/** Looks through all texts of a request first: a password that is named in one is hidden in all of them. */
export function redactor(texts: string[], settings: RedactionSettings): Redactor {
  const rules = secretRules(settings)
  const found = new Map(texts.map((text) => [text, findSecrets(text, rules)]))
  const known = knownRule(found)
  const placeholders = new Map<string, string>()
  const secrets = new Map<string, Hidden & { secret: string }>()
  const counts = new Map<SecretKind, number>()

  function placeholderFor(kind: SecretKind, secret: string): string {
    const earlier = placeholders.get(secret)
    if (earlier) return earlier
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    const placeholder = `[[${kind}-${number}]]`
    placeholders.set(secret, placeholder)
    secrets.set(placeholder, { placeholder, kind, secret })
    return placeholder
  }

  return {
    hide(text) {
      let out = ''
      let at = 0
      const spans = [...(found.get(text) ?? findSecrets(text, rules)), ...(known ? findSecrets(text, [known]) : [])]
      for (const { start, end, kind } of merged(spans)) {
        out += text.slice(at, start) + placeholderFor(kind, text.slice(start, end))
        at = end
      }
      return out + text.slice(at)
    },
    secretOf: (placeholder) => secrets.get(placeholder)?.secret,
    secrets: () =>
      [...secrets.values()]
        .filter(({ kind, secret }) => !HARMLESS.includes(kind) && secret.length >= LONG_ENOUGH)
        .map(({ secret }) => secret),
    hidden: () => [...secrets.values()].map(({ placeholder, kind }) => ({ placeholder, kind })),
  }
}

/** A rule that finds again what was found anywhere. */
function knownRule(found: Map<string, Span[]>): SecretRule | undefined {
  const values = new Set<string>()
  for (const [text, spans] of found) {
    for (const { start, end, kind } of spans.filter(isWorthFinding)) {
      if (!ONCE.includes(kind)) values.add(text.slice(start, end))
    }
  }
  if (values.size === 0) return undefined
  const longestFirst = [...values].sort((a, b) => b.length - a.length)
  return { kind: 'PASSWORD', pattern: new RegExp(longestFirst.map(RegExp.escape).join('|'), 'g') }
}

const isWorthFinding = ({ start, end }: Span): boolean => end - start >= LONG_ENOUGH
