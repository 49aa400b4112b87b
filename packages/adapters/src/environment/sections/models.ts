import {
  Choice,
  createSection,
  DecimalNumber,
  JsonObject,
  MoneyBudget,
  optional,
  Switch,
  secondsToMs,
  TextValue,
  TokenBudget,
  WholeNumber,
} from '../variable-types.ts'

// These variables set the models, their time limits and their budgets.

export const llmSection = createSection('Models', {
  baseUrl: optional(
    TextValue('LLM_BASE_URL', {
      description:
        "This is the URL of the model's OpenAI-compatible endpoint, without `/chat/completions` at its end. If it is not set, the built-in offline analyst answers.",
      expected: 'a URL that begins with http:// or https://',
      pattern: '^https?://\\S+$',
      example: 'https://api.deepseek.com/v1',
    }),
  ),
  apiKey: optional(
    TextValue('LLM_API_KEY', {
      description: 'The endpoint gets this key as a `Bearer` token.',
      example: 'sk-0123456789',
      pattern: '^[\\x21-\\x7e]+$',
      secret: true,
    }),
  ),
  model: optional(
    TextValue('LLM_MODEL', {
      description: 'The endpoint is asked for this model. It is required with `LLM_BASE_URL`.',
      minLength: 1,
      example: 'deepseek-chat',
    }),
  ),
  temperature: optional(
    DecimalNumber('LLM_TEMPERATURE', {
      description:
        'The temperature is sent only if it is set, because some models refuse every value but their own default.',
      minimum: 0,
      maximum: 2,
      example: '0.3',
    }),
  ),
  extraBody: optional(
    JsonObject('LLM_EXTRA_BODY', {
      description: 'These fields are added to each request, for providers that require more than the standard ones.',
      expected: 'a JSON object',
      example: '{"enable_thinking":false}',
    }),
  ),
  isInside: Switch('LLM_INSIDE', {
    description:
      'If `true`, the model of `LLM_MODEL` may read events that are TLP:RED. Set it only for a model that runs within your organisation. In a models file, each model has the field `inside` instead.',
    default: false,
    example: 'true',
  }),
  modelsFile: optional(
    TextValue('LLM_MODELS_FILE', {
      description:
        'This JSON file describes several models and replaces the variables above: see [models](models.md). API nodes and workers need the same file.',
      minLength: 1,
      expected: 'the path of a JSON file',
      example: '/etc/engineer-chat/models.json',
    }),
  ),
  timeoutMs: secondsToMs(
    WholeNumber('ENGINEER_CHAT_AI_TIMEOUT', {
      description: 'One call to a model may take this time in total.',
      unit: 's',
      default: 30,
      minimum: 1,
      maximum: 3_600,
      example: '30',
    }),
  ),
  firstTokenTimeoutMs: secondsToMs(
    WholeNumber('LLM_FIRST_TOKEN_TIMEOUT', {
      description:
        'A model may take this time until its first token, which may be a part of its thinking. A keep-alive comment does not count as a token.',
      unit: 's',
      default: 20,
      minimum: 1,
      maximum: 3_600,
      example: '20',
    }),
  ),
  idleTimeoutMs: secondsToMs(
    WholeNumber('LLM_IDLE_TIMEOUT', {
      description: 'A model may be silent for this time between one token and the next.',
      unit: 's',
      default: 15,
      minimum: 1,
      maximum: 3_600,
      example: '15',
    }),
  ),
  fallback: Choice('LLM_FALLBACK', ['offline', 'none'], {
    description:
      'With `offline`, the built-in offline analyst writes the reply if the model of `LLM_MODEL` fails, or if a model is still busy at the end of `ENGINEER_CHAT_REPLY_DEADLINE`. With `none`, the reply ends as an error in both cases. In a models file, `fallbacks` name the models that answer after a failure; `offline` among them answers in both cases.',
    default: 'offline',
    example: 'none',
  }),
  maxConcurrent: optional(
    WholeNumber('LLM_MAX_CONCURRENT', {
      description:
        'The model of `LLM_MODEL` gets at most this many calls at once, from all workers together; further replies wait for their turn. If it is not set, nothing is limited. A models file sets a limit for each model instead.',
      unit: 'calls',
      minimum: 1,
      maximum: 1_000_000,
      example: '10',
    }),
  ),
  replyDeadlineMs: secondsToMs(
    WholeNumber('ENGINEER_CHAT_REPLY_DEADLINE', {
      description:
        'A reply whose models are all busy waits for them until this time has passed since its question was accepted.',
      unit: 's',
      default: 600,
      minimum: 1,
      maximum: 86_400,
      example: '600',
    }),
  ),
  breakerFailures: WholeNumber('LLM_BREAKER_FAILURES', {
    description:
      'After this many failures in a row, a worker stops calling a model of the models file for `LLM_BREAKER_OPEN` and calls its fallbacks at once.',
    unit: 'failures',
    default: 5,
    minimum: 1,
    maximum: 1_000,
    example: '5',
  }),
  breakerOpenMs: secondsToMs(
    WholeNumber('LLM_BREAKER_OPEN', {
      description: 'This long after a worker stopped calling a model, one question tries the model again.',
      unit: 's',
      default: 30,
      minimum: 1,
      maximum: 3_600,
      example: '30',
    }),
  ),
})

export const budgetsSection = createSection('Budgets', {
  userDailyTokens: TokenBudget('LLM_BUDGET_USER_DAILY_TOKENS', {
    description: 'One user’s questions may take this many tokens in a day (UTC).',
    example: '200000',
  }),
  userDailyCost: MoneyBudget('LLM_BUDGET_USER_DAILY_COST', {
    description: 'One user’s questions may cost this much in a day (UTC).',
    example: '2.5',
  }),
  eventTokens: TokenBudget('LLM_BUDGET_EVENT_TOKENS', {
    description: 'All questions about one event may take this many tokens in total.',
    example: '2000000',
  }),
  eventCost: MoneyBudget('LLM_BUDGET_EVENT_COST', {
    description: 'All questions about one event may cost this much in total.',
    example: '20',
  }),
  dailyTokens: TokenBudget('LLM_BUDGET_DAILY_TOKENS', {
    description: 'Everybody’s questions together may take this many tokens in a day (UTC).',
    example: '10000000',
  }),
  dailyCost: MoneyBudget('LLM_BUDGET_DAILY_COST', {
    description: 'Everybody’s questions together may cost this much in a day (UTC).',
    example: '100',
  }),
})
