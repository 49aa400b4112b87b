import { type Llm, LlmError, type LlmPiece } from '@engineer-chat/chat'
import { type Finding, good, warning, wrong } from './finding.ts'

const SLOW_FIRST_TOKEN_MS = 5_000

/** Asks for one word, and looks at how it comes. `request` is the smallest there is. */
export async function judgeLlm(
  llm: Llm,
  request: Parameters<Llm['stream']>[0],
  patience_ms: number,
): Promise<Finding[]> {
  const began = performance.now()
  const pieces: Array<LlmPiece & { at: number }> = []
  try {
    for await (const piece of llm.stream(request, AbortSignal.timeout(patience_ms))) {
      pieces.push({ ...piece, at: performance.now() - began })
    }
  } catch (error) {
    return [failed(llm, error)]
  }
  return [good('LLM', `${llm.model} answers`), ...streaming(pieces), ...quirks(pieces)]
}

function streaming(pieces: Array<LlmPiece & { at: number }>): Finding[] {
  const texts = pieces.filter(({ type }) => type === 'text')
  const first = texts[0]?.at ?? 0
  const total = pieces.at(-1)?.at ?? 0
  const told = `first token after ${Math.round(first)} ms, all after ${Math.round(total)} ms, in ${texts.length} pieces`
  const found: Finding[] = []
  if (first > SLOW_FIRST_TOKEN_MS) {
    found.push(warning('LLM latency', told, 'Take a quicker model, or switch thinking off by LLM_EXTRA_BODY.'))
  } else found.push(good('LLM latency', told))
  if (texts.length < 2) {
    found.push(
      warning(
        'LLM streaming',
        'the whole answer came at once',
        'Let nothing between here and the model buffer text/event-stream.',
      ),
    )
  } else found.push(good('LLM streaming', 'in pieces'))
  return found
}

/** What the product bears, and an operator should know. */
function quirks(pieces: LlmPiece[]): Finding[] {
  const end = pieces.find((piece) => piece.type === 'finish')
  const found: Finding[] = []
  if (end?.type === 'finish' && end.usage === null) {
    found.push(
      warning(
        'LLM usage',
        'tokens are not told',
        'Budgets count by estimate; ask the provider for stream_options.include_usage.',
      ),
    )
  }
  if (pieces.some(({ type }) => type === 'reasoning')) {
    found.push(
      warning(
        'LLM thinking',
        'it thinks first, which takes time',
        'If answers may be quicker, switch thinking off by LLM_EXTRA_BODY.',
      ),
    )
  }
  return found
}

const FIXES: Partial<Record<string, string>> = {
  llm_unauthorized: 'Set LLM_API_KEY to a key that the provider accepts.',
  llm_rejected:
    'Check LLM_MODEL, and that LLM_BASE_URL ends before /chat/completions; remove fields of LLM_EXTRA_BODY.',
  llm_unreachable: 'Check LLM_BASE_URL, and that this machine may open connections to it.',
  llm_rate_limited: 'Raise the account’s limit, or lower WORKER_CONCURRENCY.',
  llm_stream_cut: 'Look at what stands between here and the model: it ends streams early.',
  llm_timeout: 'Raise ENGINEER_CHAT_AI_TIMEOUT, or take a quicker model.',
}

function failed({ model }: Llm, error: unknown): Finding {
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  const code = error instanceof LlmError ? error.code : isLate ? 'llm_timeout' : 'internal'
  return wrong('LLM', `${model}: ${code}`, FIXES[code] ?? 'See the provider’s status page.')
}
