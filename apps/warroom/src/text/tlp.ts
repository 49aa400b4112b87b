import type { Model, Tlp, VoiceAbilities } from '@engineer-chat/protocol'

/** Returns true if a question that names this model is accepted. A node of before does not say it. */
export const mayChoose = ({ answers_red }: Pick<Model, 'answers_red'>, tlp: Tlp | undefined): boolean =>
  tlp !== 'red' || answers_red !== false

/** Says whether the AI can be asked about an event with this label, and whether only models inside answer. */
export function findAskingLimits(
  models: ReadonlyArray<Pick<Model, 'answers_red'>>,
  tlp: Tlp | undefined,
): 'none' | 'inside' | 'forbidden' {
  if (tlp !== 'red') return 'none'
  return models.length > 0 && !models.some((model) => mayChoose(model, tlp)) ? 'forbidden' : 'inside'
}

/** Sound and texts of red events go to an endpoint inside alone. A node of before does not say whether it is. */
export const mayUseVoice = ({ inside }: Pick<VoiceAbilities, 'inside'>, tlp: Tlp | undefined): boolean =>
  inside === true || tlp !== 'red'
