import type { ErrorCode, EventStatus, FinishReason, ReplyErrorCode, Severity, UserRole } from '@engineer-chat/protocol'
import type { Dialog } from '../state/view.ts'

/** A failure: its cause, and what to do next. */
export interface Said {
  what: string
  next: string
}

type ReplyError = ReplyErrorCode

const severity: Record<Severity, string> = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' }

const status: Record<EventStatus, string> = {
  pending: 'Pending',
  processing: 'Processing',
  tasks_completed: 'Tasks completed',
  to_be_summarized: 'To be summarised',
  summarized: 'Summarised',
  summary_failed: 'Summary failed',
  round_finished: 'Round finished',
  failed: 'Failed',
  completed: 'Completed',
  resolved: 'Resolved',
  closed: 'Closed',
}

const role: Record<UserRole, string> = { admin: 'Administrator', engineer: 'Engineer', agent: 'Agent' }

const agent: Record<string, string> = {
  _captain: 'Captain',
  _manager: 'Manager',
  _operator: 'Operator',
  _executor: 'Executor',
  _expert: 'Expert',
}

const types: Record<string, string> = {
  llm_request: 'Model request',
  llm_response: 'Model response',
  llm_roger_response: 'Acknowledged',
  command_result: 'Command result',
  execution_summary_generated: 'Execution summary',
  event_summary_generated: 'Event summary',
  event_next_round_initiated: 'Next round',
  event_completed_by_captain: 'Completed by the captain',
  event_resolved_manual: 'Resolved by hand',
  system_notification: 'Notification',
}

const trouble: Record<ErrorCode | 'unreachable', Said> = {
  unreachable: { what: 'The server can’t be reached.', next: 'Your text is kept and sent when it is back.' },
  validation_failed: { what: 'The server didn’t accept this text.', next: 'Change it and send it again.' },
  unauthorized: { what: 'You are signed out.', next: 'Sign in again; your text is kept.' },
  forbidden: { what: 'You may read here, but not do this.', next: 'Ask the event’s commander for another role.' },
  not_found: { what: 'That doesn’t exist any more.', next: 'Reload the page.' },
  event_not_found: { what: 'You can’t enter this event.', next: 'Ask its commander to add you.' },
  session_not_found: { what: 'That session doesn’t exist any more.', next: 'Start a new session.' },
  message_not_found: { what: 'That message isn’t yours, or isn’t finished.', next: 'Wait until it is finished.' },
  user_not_found: { what: 'There is no such user.', next: 'Reload the page.' },
  member_not_found: { what: 'That person is no member.', next: 'Reload the page.' },
  method_not_allowed: {
    what: 'The server doesn’t know this request.',
    next: 'Reload the page: it may be out of date.',
  },
  event_exists: { what: 'An event with this id exists.', next: 'Choose another id.' },
  username_taken: { what: 'This name is taken.', next: 'Choose another name.' },
  last_admin: { what: 'This is the last administrator.', next: 'Make somebody else an administrator first.' },
  session_round_limit: { what: 'All rounds of this session are spent.', next: 'Go on in the next session.' },
  session_visibility_mismatch: {
    what: 'This session is seen by other people than you were shown.',
    next: 'Look at who sees it, then send it again.',
  },
  message_private: { what: 'Only you see this message.', next: 'Share its session with the room first.' },
  idempotency_mismatch: { what: 'This was sent before with another text.', next: 'Edit it and send it anew.' },
  model_unknown: { what: 'That model isn’t available.', next: 'Ask without naming a model.' },
  payload_too_large: { what: 'This is too large.', next: 'Shorten it.' },
  unsupported_media_type: { what: 'The server doesn’t know this request.', next: 'Reload the page.' },
  voice_not_configured: { what: 'Voice isn’t set up here.', next: 'Write instead.' },
  voice_failed: { what: 'The voice service has a problem.', next: 'Try again, or write.' },
  rate_limited: { what: 'Too many requests in a minute.', next: 'It is sent by itself in a moment.' },
  budget_exceeded: {
    what: 'The budget for the AI is spent.',
    next: 'Plain messages still work; ask an administrator.',
  },
  unavailable: { what: 'The database doesn’t answer.', next: 'It is tried again by itself.' },
  internal: { what: 'Something went wrong on the server.', next: 'Try again; tell an administrator if it stays.' },
}

const reply_error: Record<ReplyError, Said> = {
  llm_timeout: { what: 'The model took too long.', next: 'Ask again, or ask something shorter.' },
  llm_unreachable: { what: 'The model can’t be reached.', next: 'Ask again in a minute.' },
  llm_rate_limited: { what: 'The model has too many requests.', next: 'Ask again in a minute.' },
  llm_unavailable: { what: 'The model’s service has a problem.', next: 'Ask again in a minute.' },
  llm_rejected: { what: 'The model refused this question.', next: 'Put it differently.' },
  llm_unauthorized: { what: 'The model’s key is not accepted.', next: 'An administrator has to look at it.' },
  llm_stream_cut: { what: 'The answer broke off.', next: 'Ask again.' },
  budget_exceeded: { what: 'The budget for the AI is spent.', next: 'Ask an administrator for more.' },
  worker_lost: { what: 'The answer was interrupted several times.', next: 'Ask again.' },
  internal: { what: 'Something went wrong while answering.', next: 'Ask again; tell an administrator if it stays.' },
}

/** Within a sentence, of a model that was asked first. */
const why_not: Record<ReplyError, string> = {
  llm_timeout: 'it took too long',
  llm_unreachable: 'it can’t be reached',
  llm_rate_limited: 'it has too many requests',
  llm_unavailable: 'its service has a problem',
  llm_rejected: 'it refused this question',
  llm_unauthorized: 'its key is not accepted',
  llm_stream_cut: 'its answer broke off',
  budget_exceeded: 'the budget has no room for it',
  worker_lost: 'it was interrupted several times',
  internal: 'something went wrong',
}

const finish: Record<Exclude<FinishReason, 'stop'>, string> = {
  length: 'The answer reached the model’s limit of length.',
  cancelled: 'Stopped. What had been written is kept.',
  error: 'The answer ended with an error.',
  fallback: 'The main model didn’t answer; another one did.',
}

const dialog: Record<Dialog['kind'], string> = {
  share: 'Share this session?',
  new_session: 'New session',
  new_event: 'New event',
  source: 'Source',
  indicator: 'Indicator',
  feedback: 'Your verdict',
  help: 'Keys and commands',
  sign_out: 'Sign out?',
}

const many = (n: number, one: string, more: string) => `${n} ${n === 1 ? one : more}`

export const en = {
  app_name: 'Engineer Chat',
  tagline: 'The war room for security incidents.',
  starting: 'Starting…',
  try_again: 'Try again',
  close: 'Close',
  loading: 'Loading…',

  sign_in: 'Sign in',
  signing_in: 'Signing in…',
  sign_in_again: 'Sign in again',
  sign_in_again_why: 'Your sign-in ran out. What you have written is kept.',
  sign_out: 'Sign out',
  sign_out_loses: (n: number) =>
    `${many(n, 'message has', 'messages have')} not been sent. Signing out removes what is kept in this browser.`,
  sign_out_anyway: 'Sign out and discard',
  stay: 'Stay',
  username: 'Username',
  password: 'Password',
  wrong_password: { what: 'Name or password is wrong.', next: 'Or the user is not active.' },

  events: 'Events',
  filter_events: 'Filter events',
  new_event: 'New event',
  no_events: 'No events yet.',
  no_match: 'Nothing matches.',
  more_events: 'More events',
  pick_event: 'Choose an event',
  pick_event_how: 'Agents, people and the AI work on it in one room.',
  event_name: 'Name',
  what_happened: 'What happened?',
  restricted: 'Restricted: members only',
  restricted_what: 'Restricted: only members may enter',
  open_event: 'Open the event',
  severity_label: 'Severity',
  severity,
  status,
  role,
  role_label: 'Role',
  refused: 'You can’t enter this room',
  refused_why: 'It doesn’t exist, or you are no member of it. Ask the event’s commander to add you.',
  refused_too_many: 'Too many rooms are open. Reload the page.',
  skip_to_composer: 'Skip to the message box',
  present: (names: string) => `Here now: ${names}`,
  typing: (names: string) => `${names} typing…`,

  details: 'Details',
  tab: { summary: 'Summary', agents: 'Agents', sessions: 'Sessions' },
  no_summary: 'No summary yet. Agents write it at the end of a round.',
  earlier_summaries: 'Earlier summaries',
  suggestion: 'Suggestion',
  about_event: 'About the event',
  source_of_event: 'Source',
  opened_at: 'Opened',
  event_id: 'Event',
  no_agents: 'No agent has posted in what is loaded.',
  no_sessions: 'You have no session with the AI in this event yet.',
  active: 'Active',
  summary_updated: 'The event’s summary has changed since your last question.',

  local_time: 'Local',
  switch_clock: 'Switch between local time and UTC',
  search: 'Search',
  search_in: (n: number) => `${many(n, 'message is', 'messages are')} loaded.`,
  found: (n: number, of: number) => `${n} of ${many(of, 'loaded message', 'loaded messages')}.`,
  load_older: 'Load older',
  load_more: 'Load more',
  palette: 'Command palette',
  palette_hint: 'Go to an event, or do something…',

  timeline: 'Timeline',
  reported: 'What was reported',
  reported_by: (source: string) => `Reported by ${source}`,
  unread: 'New',
  new_messages: (n: number) => `${n} new`,
  to_bottom: 'To the newest',
  message_not_there: 'That message isn’t here, or isn’t visible to you.',
  message_by: (name: string) => `Message by ${name}`,
  your_message: 'Your message',

  ai: 'Assistant',
  system: 'Assistant',
  tag_ai: 'AI',
  tag_agent: 'Agent',
  you: 'You',
  asks_ai: 'asks the AI',
  agent,
  agent_type: (type: string) => types[type] ?? (type.startsWith('error_') ? 'Error' : typeWords(type)),
  agents_round: (n: number) => `Round ${n}`,
  only_you: 'Only you',
  shared: 'Shared',
  seen_by_me: 'Only you see this',
  seen_by_people: 'Everyone in the room sees this',
  seen_by_all: 'Everyone in the room and the agents see this',
  show_all: 'Show all',
  show_less: 'Show less',
  load_whole: 'Load the whole message',
  image_not_loaded: 'Image, not loaded',
  opens_new_tab: 'opens in a new tab',
  indicator_title: 'Indicator: copy it',

  thinking: 'Thinking…',
  writing: 'Writing…',
  queued: (n: number) => `Waiting for ${many(n, 'earlier question', 'earlier questions')}…`,
  seconds: (n: number) => (n < 60 ? `${n} s` : `${Math.floor(n / 60)} min ${n % 60} s`),
  stop: 'Stop',
  stopping: 'Stopping…',
  ask_again: 'Ask again',
  tokens: (asked: number, answered: number) => `${asked} + ${answered} tokens`,
  reasoning: 'What the model thought',
  fell_back: (from: string, why: string, model = 'Another model') =>
    `${from} didn’t answer: ${why}. ${model} answered instead.`,
  why_not,
  citations: 'Evidence',
  unsupported: '(not found in the event)',
  rating: { up: 'Helpful', down: 'Not helpful' },
  comment: 'Comment (optional)',
  give_verdict: 'Give verdict',
  as_stored: 'What was recorded',
  chat_still_works: 'Messages to the room work as always.',
  announce: (text: string) => `The AI has answered: ${text}`,
  announce_failed: 'The AI could not answer.',
  finish,
  reply_error,
  trouble,

  actions: 'Actions',
  copy: 'Copy',
  copy_text: 'Copy text',
  copy_link: 'Copy link',
  copy_defanged: 'Copy defanged',
  copy_as_is: 'Copy as it is',
  copy_by_hand: 'The browser doesn’t let us: select and copy it.',
  copied: 'Copied.',
  visit: (host: string) => `Visit ${host} in a new tab`,
  source: 'Source',

  composer: 'Message',
  placeholder: 'Message the room, or @AI to ask',
  send: 'Send',
  suggestions: 'Suggestions',
  keys_hint: 'Enter sends · Shift+Enter new line · / commands',
  to_room: 'To the room: everyone, agents included, sees it',
  to_ai: 'Ask the AI',
  to_command: 'A command',
  mention_first: '@AI asks only at the beginning',
  question_missing: 'What do you want to ask? Write the question after @AI.',
  too_long: (n: number, max: number) => `${n} of at most ${max} characters: shorten it.`,
  change_visibility: 'Change who sees it',
  model: 'Model',
  any_model: 'Any model',
  rounds: (n: number, max: number) => `round ${n} of ${max}`,
  at_limit: (max: number) => `All ${max} rounds of this session are spent. Go on in the next one:`,
  sending: 'Sending…',
  waiting_to_send: 'Kept; sent when the server is back',
  not_sent: 'Not sent',
  send_again: 'Send again',
  edit: 'Edit',
  discard: 'Discard',
  offline: 'No connection. What you write is kept and sent when it is back.',
  try_now: 'Try now',

  new_session: 'New session',
  new_session_what: 'The AI begins anew. Your earlier sessions stay where they are.',
  start_session: 'Start session',
  who_sees: 'Who sees it?',
  carry_over: 'Carry a summary of this session over',
  next_session_carry: 'Next session, with a summary of this one',
  next_session_fresh: 'Next session, from nothing',
  share_session: 'Share this session',
  share_what:
    'Every question and answer of this session, and those to come, will be seen by the people of this room. It can’t be taken back.',
  share_who: (n: number) => (n === 0 ? 'Nobody else may enter now.' : `${many(n, 'person', 'people')} may read it:`),
  share_agents: 'Agents don’t see it.',
  share_do: 'Share with the room',
  keep_private: 'Keep it private',

  users: 'Users',
  only_admins: 'Only administrators see users.',
  create_user: 'Create user',
  password_new: 'New password, 10+ characters',
  reset_password: 'Reset',
  deactivate: 'Deactivate',
  activate: 'Activate',
  active_user: 'Active',
  inactive_user: 'Inactive',
  use_light: 'Light theme',
  use_dark: 'Dark theme',

  dialog,
  command: {
    new: 'Start a new session with the AI',
    share: 'Share the active session',
    stop: 'Stop the answer being written',
    search: 'Search messages',
    details: 'Show summary, agents and sessions',
    utc: 'Times in UTC',
    local: 'Times in local time',
    theme: 'Switch between dark and light',
    language: '切换到中文',
    help: 'Keys and commands',
  },
  keys: {
    Enter: 'Send',
    'Shift+Enter': 'New line',
    'Ctrl+K': 'Command palette',
    'Ctrl+F': 'Search messages',
    '/': 'To the message box; commands',
    '@': 'The AI and people',
    '↑': 'Edit the last message that failed',
    Esc: 'Close',
  },
}

function typeWords(type: string): string {
  const known = Object.keys(types).find((name) => type.endsWith(name))
  return known === undefined ? type.replaceAll('_', ' ') : (types[known] ?? type)
}

export type Catalog = typeof en
