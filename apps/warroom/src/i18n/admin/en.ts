import type { FilterFindingKind, Severity, Verdict } from '@engineer-chat/protocol'
import type { AdminPage } from '../../state/page/route.ts'

const tabs: Record<AdminPage, string> = {
  users: 'Users',
  models: 'Models',
  flagged: 'Flagged replies',
  analytics: 'Analytics',
}

const finding_kind: Record<FilterFindingKind, string> = {
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
  not_counted: 'Nothing has been counted yet. A worker counts the current day at intervals.',
  as_table: 'As a table',
  day: 'Day',
  range: 'Range',
  model_label: 'Model',
  all_models: 'All models',
  no_model: 'No model was asked',
  none: 'none',
  seconds: (s: string) => `${s} s`,
  day_slider_label: (title: string) => `${title}: day by day, with the arrow keys`,
  nothing_in_range: 'Nothing in this range.',

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
      'The duration of the call that gave the answer. Half of the answers were faster than p50, and 95 of 100 were faster than p95. Both are estimated from a histogram.',
    p50: 'Half of the answers took less time than this.',
    p95: '95 of 100 answers took less time than this.',
    completion: 'Of the replies that ended, the share that ended as an answer: neither an error nor cancelled.',
    abandonment: 'Of the replies that ended, the share that the asker cancelled.',
    session_completion:
      'Of the sessions, the share whose last reply of the day is an answer. A session counts on each day on which it was asked something; one that waits for its answer is left out.',
    session_abandonment:
      'Of the same sessions, the share whose last reply was cancelled or failed, and whose asker asked nothing more that day.',
    outcome:
      'Of the replies that ended: which share ended as an answer, and which share the asker cancelled. The rest failed.',
    satisfaction: 'Of the verdicts that askers gave, the share of thumbs up.',
    verdicts: 'Verdicts that askers gave on the answers of a day, whenever they gave them.',
    failures: 'Replies that ended as an error, by the cause that the asker was shown.',
    by_model: 'A reply counts for the model that was called last for it, under the name that its provider gave.',
  },

  models_hint:
    'The models of the models file. The addresses and keys of models are only in the server’s configuration and are never shown.',
  rules_title: 'Who answers',
  rules_hint:
    'The model that a question names answers it. If the question names none, the first of these rules that matches the event decides:',
  rule: {
    severity: (names: string) => `severity ${names}`,
    source: (names: string) => `source ${names}`,
    words: (words: string) => `mentions ${words}`,
    and: ' and ',
    or: ' or ',
    otherwise: 'Everything else',
  },
  default_model: 'Default',
  inside: 'may read TLP:RED',
  fallbacks_label: 'If it fails',
  no_fallback: 'no other model is asked: the reply ends as an error',
  provider: 'Provider',
  provider_model: 'Name at the provider',
  context_window: 'Context window',
  max_tokens: 'Longest answer',
  prices: 'Price of a million tokens',
  price: (prompt: number, completion: number) => `${prompt} in, ${completion} out`,
  price_unknown: 'not set',
  token_count: (n: string) => `${n} tokens`,
  limits: 'Limits, over all workers',
  limit_at_once: (n: string) => `${n} calls at once`,
  limit_requests: (n: string) => `${n} calls a minute`,
  limit_tokens: (n: string) => `${n} tokens a minute`,
  not_limited: 'none',
  unknown: 'not set',
  offline: 'Built in: it costs nothing and sends nothing to other servers.',
  last_answer: 'Last answer',
  last_failure: 'Last failure',
  none_today: 'none in the last day',
  left_out: 'Skipped',
  left_out_by: (skippingWorkers: number, workers: number) =>
    skippingWorkers === 0
      ? `by none of ${workers} workers`
      : `after failures, by ${skippingWorkers} of ${workers} workers`,
  no_worker_reports: 'No worker reports on this model.',
  usage_title: (n: number) => `Use in the last ${n} days`,
  calls: 'Calls',
  calls_failed: 'of them failed',
  calls_cancelled: 'cancelled',
  tokens_in: 'Tokens in',
  tokens_out: 'Tokens out',
  cost: 'Cost',
  cost_hint:
    'In the currency of the models file. Calls without a known price, or whose provider counted no tokens, are left out.',
  calls_hint: 'Calls for the questions of these days. A call that was repeated counts twice.',
  calls_by_day: (id: string) => `Calls of ${id} by day`,
  never_called: 'Not called.',
  removed_models: 'Called, but no longer configured',

  flagged_hint:
    'Answers in which the output filter found something. The filter made its findings harmless before anybody saw them. Your verdict says whether the filter was right.',
  filter_verdict: 'Verdict',
  filter_kind: 'Kind of finding',
  any: 'Any',
  no_flagged: 'Nothing is flagged.',
  no_flagged_match: 'Nothing matches these filters.',
  in_reasoning: 'in what the model thought',
  finding_kind,
  verdict,
  text_of_answer: 'The answer, as text',
  text_private: 'The session is private, so the findings are shown without the text.',
  text_replaced: 'The question was asked again, so this text is no longer in the room.',
  private: 'Private',
  shared: 'Shared with the room',
  event_link: 'To the event',
  judged_by: 'Judged by',
  note: 'Note (optional)',
  occurrence_count: (n: number) => `${n} ×`,
  severity,
}

export type AdminCatalog = typeof adminEn
