import type { ConfiguredModels } from '@engineer-chat/adapters/llm'
import { isAnalyst, isInside } from '@engineer-chat/chat/models'
import { type Finding, pass, warn } from './finding.ts'

const CHECK_NAME = 'TLP:RED'

/** Names the models that may read red events. `redEventCount` is undefined if MySQL did not answer. */
export function checkTlp(
  { models, analyst, isFromFile }: ConfiguredModels,
  redEventCount: number | undefined,
): Finding {
  const inside = models.filter((model) => isInside(model) && !isAnalyst(model)).map(({ id }) => id)
  if (inside.length > 0) return pass(CHECK_NAME, `inside: ${inside.join(', ')}`)
  const hasAnalyst = analyst !== undefined || models.some(isAnalyst)
  const lackText = hasAnalyst ? 'no model but the offline analyst is inside' : 'no model is inside'
  if (!redEventCount) return pass(CHECK_NAME, lackText)
  const consequence = hasAnalyst ? 'only the offline analyst answers' : 'questions are refused'
  const fix = isFromFile
    ? 'Set "inside": true for a model that you run yourself, as docs/models.md describes.'
    : 'Set LLM_INSIDE=true if you run the model yourself.'
  const countedEvents = `${redEventCount} red event${redEventCount === 1 ? '' : 's'}`
  return warn(CHECK_NAME, `${lackText}, and ${consequence} in ${countedEvents}`, fix)
}
