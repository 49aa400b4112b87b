import type { DescribedModels } from '@engineer-chat/adapters/llm'
import { isAnalyst, isInside } from '@engineer-chat/chat/models'
import { type Finding, pass, warn } from './finding.ts'

const CHECK_NAME = 'TLP:RED'

/** Says which models may read red events. Undefined means that it is not known how many there are. */
export function checkTlp({ models, analyst, isFromFile }: DescribedModels, redEvents: number | undefined): Finding {
  const inside = models.filter((model) => isInside(model) && !isAnalyst(model)).map(({ id }) => id)
  if (inside.length > 0) return pass(CHECK_NAME, `inside: ${inside.join(', ')}`)
  const hasAnalyst = analyst !== undefined || models.some(isAnalyst)
  const who = hasAnalyst ? 'no model but the offline analyst is inside' : 'no model is inside'
  if (!redEvents) return pass(CHECK_NAME, who)
  const answer = hasAnalyst ? 'it alone answers' : 'questions are refused'
  const fix = isFromFile
    ? 'Set "inside": true for a model of your own, as docs/models.md says.'
    : 'Set LLM_INSIDE=true if the model is your own.'
  return warn(CHECK_NAME, `${who}, and ${answer} in ${redEvents} red event${redEvents === 1 ? '' : 's'}`, fix)
}
