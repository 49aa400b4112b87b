import { Type } from 'typebox'
import { Switch, Text, Whole } from './kinds.ts'

const Tokens = (description: string, example: string) =>
  Type.Optional(Type.Integer({ description, unit: 'tokens', minimum: 1, example }))
const Cost = (description: string, example: string) =>
  Type.Optional(Type.Number({ description, unit: 'in the currency of the models file', minimum: 0.000001, example }))

/** Which models there are, how long they may take, and what they may cost. */
export const modelVariables = {
  LLM_MODELS_FILE: Type.Optional(
    Text({
      description:
        'A JSON file that describes several models, in place of the variables above: see [models](models.md). API nodes and workers read the same.',
      minLength: 1,
      expected: 'the path of a JSON file',
      example: '/etc/engineer-chat/models.json',
    }),
  ),
  LLM_FIRST_TOKEN_TIMEOUT: Whole({
    description:
      'How long a model may take to its first token, thinking included. A comment that keeps the connection alive is none.',
    unit: 's',
    default: 20,
    minimum: 1,
    maximum: 3_600,
    example: '20',
  }),
  LLM_IDLE_TIMEOUT: Whole({
    description: 'How long it may be silent between one token and the next.',
    unit: 's',
    default: 15,
    minimum: 1,
    maximum: 3_600,
    example: '15',
  }),
  LLM_BREAKER_FAILURES: Whole({
    description:
      'After so many failures in a row a model of the models file is left out for a while, and its fallbacks are asked at once. Counted per worker.',
    unit: 'failures',
    default: 5,
    minimum: 1,
    maximum: 1_000,
    example: '5',
  }),
  LLM_BREAKER_OPEN: Whole({
    description: 'How long it is left out, before one question tries it again.',
    unit: 's',
    default: 30,
    minimum: 1,
    maximum: 3_600,
    example: '30',
  }),
  LLM_KEEP_PROMPTS: Switch({
    description:
      'Keeps what was sent to a model with the record of the call, as it was sent. Without it only a hash is kept.',
    default: false,
    example: 'false',
  }),
  LLM_BUDGET_USER_DAILY_TOKENS: Tokens('What one user’s questions may take in a day (UTC).', '200000'),
  LLM_BUDGET_USER_DAILY_COST: Cost('The same as money.', '2.5'),
  LLM_BUDGET_EVENT_TOKENS: Tokens('What all questions about one event may take, as long as it lives.', '2000000'),
  LLM_BUDGET_EVENT_COST: Cost('The same as money.', '20'),
  LLM_BUDGET_DAILY_TOKENS: Tokens('What everybody’s questions may take in a day (UTC).', '10000000'),
  LLM_BUDGET_DAILY_COST: Cost('The same as money.', '100'),
}
