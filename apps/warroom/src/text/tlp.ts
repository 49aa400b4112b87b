import type { Message, Model, Tlp, VoiceAbilities } from '@engineer-chat/protocol'

/** Returns true if the server accepts a question that names this model. An older node does not report `answers_red`. */
export const mayChooseModel = ({ answers_red }: Pick<Model, 'answers_red'>, tlp: Tlp | undefined): boolean =>
  tlp !== 'red' || answers_red !== false

/**
 * Says which models may answer in an event with this label. `none`: there is no restriction, and all models may answer.
 * `inside`: only models that may read TLP:RED may answer. `forbidden`: no model may answer, so the AI cannot be asked.
 */
export function findModelRestriction(
  models: ReadonlyArray<Pick<Model, 'answers_red'>>,
  tlp: Tlp | undefined,
): 'none' | 'inside' | 'forbidden' {
  if (tlp !== 'red') return 'none'
  return models.length > 0 && !models.some((model) => mayChooseModel(model, tlp)) ? 'forbidden' : 'inside'
}

/**
 * Returns true if the configured voice endpoint may receive sound and texts of an event with this label. Those of
 * TLP:RED events need an endpoint that is `inside`. An older node does not report `inside`.
 */
export const mayUseVoice = ({ inside }: Pick<VoiceAbilities, 'inside'>, tlp: Tlp | undefined): boolean =>
  inside === true || tlp !== 'red'

/**
 * Returns the TLP label of an answer: the event's, or `red` if the answer used a red text. A truncated answer has no
 * sources, so it counts as red until the whole answer is loaded.
 */
export function findAnswerTlp(
  { message_content: { sources = [] }, truncated }: Pick<Message, 'message_content' | 'truncated'>,
  eventTlp: Tlp | undefined,
): Tlp | undefined {
  return truncated || sources.some(({ tlp }) => tlp === 'red') ? 'red' : eventTlp
}
