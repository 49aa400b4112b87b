export type { ModelCapacity } from './capacity.ts'
export type { Catalogue, ModelEntry, Prices } from './catalogue.ts'
export { listForbiddenTlp, listModelChain, listPossibleFirstModels, refuseUnknownModel } from './choose-models.ts'
export {
  countUtf16UnitsThatFit,
  createTokenCalibration,
  estimateTokens,
  TOKENS_PER_TURN,
  type TokenCalibration,
} from './estimate-tokens.ts'
export {
  type FailedModel,
  isFromBusyModel,
  type Llm,
  LlmError,
  type LlmRequest,
  type LlmStreamPart,
  type Turn,
} from './llm.ts'
export { isInside, mayRead, type TextReceiver } from './may-read.ts'
export {
  type CallTimeLimits,
  isAnalyst,
  type LimitedModel,
  type ModelCandidate,
  type ModelChains,
} from './model-chain.ts'
