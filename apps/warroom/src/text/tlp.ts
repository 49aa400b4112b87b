import type { Model, Tlp, VoiceAbilities } from '@engineer-chat/protocol'

/** Returns true if the server accepts a question that names this model. An older node does not report `answers_red`. */
export const mayChooseModel = ({ answers_red }: Pick<Model, 'answers_red'>, tlp: Tlp | undefined): boolean =>
  tlp !== 'red' || answers_red !== false

/**
 * Says whether the AI can be asked about an event with this label, and whether only models that may read TLP:RED
 * answer.
 */
export function findAskingLimits(
  models: ReadonlyArray<Pick<Model, 'answers_red'>>,
  tlp: Tlp | undefined,
): 'none' | 'inside' | 'forbidden' {
  if (tlp !== 'red') return 'none'
  return models.length > 0 && !models.some((model) => mayChooseModel(model, tlp)) ? 'forbidden' : 'inside'
}

/**
 * Only an endpoint that is `inside` may receive sound and texts of TLP:RED events. An older node does not report
 * `inside`.
 */
export const mayUseVoice = ({ inside }: Pick<VoiceAbilities, 'inside'>, tlp: Tlp | undefined): boolean =>
  inside === true || tlp !== 'red'
