import type { Tlp } from '@engineer-chat/protocol'
import { isAnalyst, mayRead } from '../models/index.ts'
import { ChatError, type ReplyContext } from '../shared/index.ts'
import { detectQuestionLanguage, parseCommand } from './command.ts'
import { createFenceMarker } from './fence.ts'
import { fitPrompt } from './fit-prompt.ts'
import { createReviewFunctions } from './output/review-answer.ts'
import type { PreparedPrompt, PromptSettings, PromptTarget } from './prepared-prompt.ts'
import { redactParts, toPromptParts } from './prompt-parts.ts'
import { choosePromptTemplate } from './prompts/choose-prompt-template.ts'
import { type Language, type PromptTemplate, toPromptVersion } from './prompts/prompt-template.ts'
import { PROMPT_TEXTS } from './prompts/prompt-texts.ts'
import { buildSystemPrompt } from './prompts/system.ts'
import { writeQuote } from './quotes.ts'
import { createRestorer } from './redaction/restorer.ts'
import { toAnswerSource } from './sources/answer-source.ts'
import { findRoundTlp } from './sources/answer-tlp.ts'
import { isSwitchedOn } from './sources/context-source-kinds.ts'
import { listRoundSources, listSources, type Source } from './sources/list-sources.ts'
import { MAX_PROMPT_PIECES } from './sources/plan-room-query.ts'
import { trimParts } from './trim.ts'

/** Keeps at most `MAX_PROMPT_PIECES` pieces of documents: the first ones, because `sources` has the best ones first. */
function limitPieces(sources: Source[]): Source[] {
  const best = sources.filter(({ kind }) => kind === 'document').slice(0, MAX_PROMPT_PIECES)
  return sources.filter((source) => source.kind !== 'document' || best.includes(source))
}

/**
 * Leaves out the rounds and sources that this model may not read, and the sources that are switched off. Of the pieces
 * of documents, `limitPieces` keeps the best ones. The sources that stay keep their ids.
 */
function selectForModel(context: ReplyContext, model: PromptTarget, settings: PromptSettings) {
  // A source or round without a label has the label of the event.
  const isReadable = (tlp: Tlp = context.event.tlp): boolean => mayRead(model, tlp)
  const sources = listSources(context)
  return {
    readableContext: { ...context, history: context.history.filter((round) => isReadable(findRoundTlp(round))) },
    sources: limitPieces(
      sources.filter((source) => isSwitchedOn(source, settings.sourceKinds) && isReadable(source.tlp)),
    ),
  }
}

/**
 * Builds what one call sends to this model, and the functions that process the model's answer.
 * @throws ChatError tlp_forbids_model, if the model may not read the event at all
 */
export function buildPrompt(context: ReplyContext, model: PromptTarget, settings: PromptSettings): PreparedPrompt {
  if (!mayRead(model, context.event.tlp)) throw new ChatError('tlp_forbids_model')
  const language = detectQuestionLanguage(context)
  return isAnalyst(model)
    ? buildAnalystPrompt(context, language)
    : buildRemotePrompt(context, language, model, settings)
}

/** The offline analyst reads the context itself. So this prompt has no turns, and no text is hidden, fenced or cut. */
function buildAnalystPrompt(context: ReplyContext, language: Language): PreparedPrompt {
  return {
    language,
    prompt_version: toPromptVersion(chooseTemplateForContext(context)),
    turns: [],
    tokens: 0,
    maxTokens: 0,
    redactions: [],
    sources: limitPieces(listSources(context)).map(toAnswerSource),
    recordUsage: () => {},
    createRestorer: () => ({ push: (text) => text, end: () => '' }),
    restore: (text) => text,
    // The offline analyst does not read the session's rounds.
    ...createReviewFunctions(context, { includedIds: 'all', roundSources: [] }, { fenceMarker: '', secrets: [] }),
  }
}

function buildRemotePrompt(
  context: ReplyContext,
  language: Language,
  model: PromptTarget,
  settings: PromptSettings,
): PreparedPrompt {
  const template = chooseTemplateForContext(context)
  const { readableContext, sources } = selectForModel(context, model, settings)
  const maxTokens = computeMaxTokens(model, settings)
  // For a question, the prioritized sources have a lower limit. For a command, they may take all of the tokens.
  const maxPrioritizedTokens = parseCommand(context.question) ? maxTokens : settings.roomTokens
  const trimmed = trimParts(toPromptParts(readableContext, sources, language), maxTokens, maxPrioritizedTokens)
  const { parts, unredactedTexts, redactor } = redactParts(trimmed, settings)
  const fenceMarker = createFenceMarker(unredactedTexts)
  const isSummarySwitchedOn = settings.sourceKinds.has('summary')
  const systemPromptInput = {
    language,
    fenceMarker,
    summary_updated: context.summary_updated && isSummarySwitchedOn,
    hasNoSummary: context.summary === null && isSummarySwitchedOn,
    totals: context.room?.totals,
  }
  const { turns, tokens, includedIds } = fitPrompt(
    parts,
    { maxTokens, maxPrioritizedTokens },
    {
      writeSystem: (fittedSources) => buildSystemPrompt(template, { ...systemPromptInput, sources: fittedSources }),
      writeQuote: (quote) => writeQuote(fenceMarker, quote),
      writeCutNote: PROMPT_TEXTS[language].writeCutNote,
    },
  )
  const restore = (text: string): string => {
    const restorer = createRestorer(redactor)
    return restorer.push(text) + restorer.end()
  }
  const roundSources = listRoundSources(readableContext)
  const filterContext = { fenceMarker, secrets: redactor.listSecretsNotAllowedInLinks() }
  const reviewFunctions = createReviewFunctions(context, { includedIds, roundSources }, filterContext)
  return {
    ...reviewFunctions,
    language,
    prompt_version: toPromptVersion(template),
    turns,
    tokens,
    maxTokens,
    redactions: redactor.listRedactions(),
    sources: [...sources.filter(({ id }) => includedIds.has(id)), ...roundSources].map(toAnswerSource),
    recordUsage: (usage) => settings.calibration.recordUsage(model.id, tokens, usage),
    createRestorer: () => createRestorer(redactor),
    restore,
    reviewReasoning: (text) => reviewFunctions.reviewReasoning(restore(text)),
  }
}

const chooseTemplateForContext = ({ question }: ReplyContext): PromptTemplate =>
  choosePromptTemplate(parseCommand(question)?.command)

/**
 * Returns how many tokens the turns may take, as `estimateTokens` counts them: the model's window minus the tokens that
 * are reserved for the answer, divided by the model's calibration factor. The answer gets at most half of the window.
 */
function computeMaxTokens(model: PromptTarget, { contextWindow, answerTokens, calibration }: PromptSettings): number {
  const window = model.context_window ?? contextWindow
  const reservedTokens = Math.min(model.max_tokens ?? answerTokens, Math.floor(window / 2))
  return Math.floor((window - reservedTokens) / calibration.getFactor(model.id))
}
