import type { FilterFindingKind, Severity, Verdict } from '@engineer-chat/protocol'
import type { AdminPage } from '../../state/page/route.ts'

const tabs: Record<AdminPage, string> = {
  users: 'Users',
  models: 'Models',
  flagged: 'Flagged replies',
  analytics: 'Analytics',
}

const hit: Record<FilterFindingKind, string> = {
  remote_image: 'Remote image',
  misleading_link: 'Misleading link',
  indicator_link: 'Link to an indicator',
  unsafe_link: 'Unsafe link',
  secret_in_link: 'Secret in a link',
  html: 'HTML',
  mark_repeated: 'Fence mark repeated',
}

const verdict: Record<Verdict | 'none', string> = {
  none: 'No verdict yet',
  harmless: 'Harmless',
  wrong: 'Wrong',
  harmful: 'Harmful',
}

const severity: Record<Severity, string> = { low: 'low', medium: 'medium', high: 'high', critical: 'critical' }

export const adminEn = {
  tabs,
  queues: 'Queues',
  open_queues: 'Open the queues in another tab',
  only_admins: 'Only administrators see this.',
  refresh: 'Refresh',
  last_days: (n: number) => `Last ${n} days`,
  days_utc: 'Days are in UTC.',
  counted_at: (time: string) => `Counted at ${time}.`,
  not_counted: 'Nothing has been counted yet: a worker counts the running day from time to time.',
  as_table: 'As a table',
  day: 'Day',
  range: 'Range',
  of_model: 'Model',
  all_models: 'All models',
  no_model: 'No model was asked',
  none: 'none',
  seconds: (s: string) => `${s} s`,
  cursor: (title: string) => `${title}: day by day, with the arrow keys`,
  nothing_here: 'Nothing in this range.',

  stats: {
    replies: 'Questions',
    answered: 'Answered',
    cancelled: 'Cancelled',
    failed: 'Failed',
    unfinished: 'Unfinished',
    p50: 'Median (p50)',
    p95: '95th percentile (p95)',
    completion: 'Completion',
    abandonment: 'Abandonment',
    session_completion: 'Sessions completed',
    session_abandonment: 'Sessions abandoned',
    satisfaction: 'Satisfaction',
    up: 'Thumbs up',
    down: 'Thumbs down',
    answer_time: 'Answer time, p50 – p95',
  },
  chart_titles: {
    volume: 'Volume',
    answer_time: 'Answer time',
    outcome: 'Completion and abandonment',
    satisfaction: 'Satisfaction',
    verdicts: 'Verdicts',
    failures: 'Failures by cause',
    by_model: 'By model',
  },
  definitions: {
    replies: 'Replies that were asked for: one for each question, on the day of the question.',
    volume: 'Each question has one reply; the colours say how it ended.',
    answer_time:
      'How long the call took that gave the answer. Half of the answers were quicker than p50, 95 of 100 than p95; both are read off a histogram.',
    p50: 'Half of the answers took less time than this.',
    p95: '95 of 100 answers took less time than this.',
    completion: 'Of the replies that ended, the share that ended as an answer: neither an error nor cancelled.',
    abandonment: 'Of the replies that ended, the share that the asker cancelled.',
    session_completion:
      'Of the sessions, the share whose last reply of the day is an answer. A session counts on each day on which it was asked something; one that waits for its answer is left out.',
    session_abandonment:
      'Of the same sessions, the share whose last reply was cancelled or failed, and whose asker asked nothing more that day.',
    outcome:
      'Of the replies that ended: which share ended as an answer, and which share the asker cancelled. What is missing to 100 % failed.',
    satisfaction: 'Of the verdicts that askers gave, the share of thumbs up.',
    verdicts: 'Verdicts that askers gave on the answers of a day, whenever they gave them.',
    failures: 'Replies that ended as an error, by the reason that the asker was told.',
    by_model: 'A reply counts for the model that was called last for it, under the name that its provider gave.',
  },

  models_what:
    'What the models file configures. Where a model is asked, and its key, stand in the server’s configuration and are shown to nobody.',
  who_answers: 'Who answers',
  who_answers_how: 'The model that a question names. Otherwise the first rule that the event meets, in this order:',
  rule: {
    severity: (of: string) => `severity ${of}`,
    source: (of: string) => `source ${of}`,
    words: (of: string) => `mentions ${of}`,
    and: ' and ',
    or: ' or ',
    otherwise: 'Everything else',
  },
  default_model: 'Default',
  chain: 'If it fails',
  chain_ends: 'nobody else: the reply ends as an error',
  provider: 'Provider',
  provider_model: 'There called',
  context_window: 'Context window',
  max_tokens: 'Longest answer',
  prices: 'Price of a million tokens',
  price: (prompt: number, completion: number) => `${prompt} in, ${completion} out`,
  price_unknown: 'not set',
  tokens_n: (n: string) => `${n} tokens`,
  unknown: 'not set',
  offline: 'Built in: costs nothing, and nothing leaves the house.',
  last_answer: 'Last answer',
  last_failure: 'Last failure',
  none_today: 'none in the last day',
  left_out: 'Left out',
  left_out_by: (of: number, workers: number) =>
    of === 0 ? `by none of ${workers} workers` : `after failures, by ${of} of ${workers} workers`,
  no_worker_knows: 'No worker reports on this model.',
  used_in_days: (n: number) => `Use in the last ${n} days`,
  calls: 'Calls',
  calls_failed: 'of them failed',
  calls_cancelled: 'cancelled',
  tokens_in: 'Tokens in',
  tokens_out: 'Tokens out',
  cost: 'Cost',
  cost_what:
    'In the currency of the models file. Calls without a known price, or whose provider counted no tokens, are left out.',
  calls_what: 'Calls made for the questions of these days; one that was tried again counts twice.',
  calls_by_day: (id: string) => `Calls of ${id} by day`,
  never_called: 'Not called.',
  other_calls: 'Called, and no longer configured',

  flagged_what:
    'Answers in which the output filter found something. What it found was made harmless before anybody saw it; the verdict says whether it was right.',
  filter_verdict: 'Verdict',
  filter_kind: 'What was hit',
  any: 'Any',
  no_flagged: 'Nothing is flagged.',
  no_flagged_match: 'Nothing fits these filters.',
  in_reasoning: 'in what the model thought',
  hit,
  verdict,
  text_of_answer: 'The answer, as text',
  text_private: 'A private session: what was hit is shown, and none of the words.',
  text_gone: 'It was asked again since; this text stands in the room no more.',
  private: 'Private',
  shared: 'Shared with the room',
  to_event: 'To the event',
  by: 'Judged by',
  note: 'Note (optional)',
  examples: (n: number) => `${n} ×`,
  severity,
}

export type AdminCatalog = typeof adminEn
