/** Says what an endpoint answers, write by write, and how the reply must end. */
export interface StreamCase {
  name: string
  provider: 'openai-compatible' | 'anthropic'
  /** Links a public report of the same problem, or names what the case is a sample of. */
  seen_at: string
  response: { status: number; headers?: Record<string, string>; writes: Write[] }
  expected: ExpectedEnd
}

export interface Write {
  text?: string
  /** `<<x*2000000>>` in the text stands for this many x. */
  text_with_run?: string
  base64?: string
  wait_ms?: number
  /** The connection is cut here. */
  cut?: boolean
  end?: boolean
}

export interface ExpectedEnd {
  ends_as: string
  content?: string
  /** This is a regular expression. */
  content_matches?: string
  reasoning?: string
  finish_reason?: string
  code?: string
  /** Counts the requests that the endpoint gets from a chain of one model. */
  calls?: number
}

export function toBytes({ text, text_with_run, base64 }: Write): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text)
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  if (text_with_run === undefined) return undefined
  return Buffer.from(text_with_run.replace(/<<(.)\*(\d+)>>/g, (_, unit, count) => unit.repeat(Number(count))))
}
