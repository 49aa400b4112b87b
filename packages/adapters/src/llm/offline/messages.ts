import { EVENT_STATES, type Event, type ReplyErrorCode } from '@engineer-chat/protocol'
import type { Kind } from './indicators.ts'
import type { Intent } from './intents.ts'
import type { SentenceSource } from './sentences.ts'

/** Holds all texts that the analyst writes by itself. */
export interface OfflineMessages {
  notice: string
  chosen: string
  noAnswer(tried: string): string
  failureReasons: Record<ReplyErrorCode, string>
  titles: Record<Intent | 'summary' | 'event' | 'found' | 'gaps' | 'quoted', string>
  sources: Record<SentenceSource, string>
  kinds: Record<Kind, string>
  severity: Record<Event['severity'], string>
  status: Record<Event['event_status'], string>
  internal: string
  kind: string
  values: string
  describeEvent(event: { severity: string; status: string; source: string; created: string }): string
  reported: string
  context: string
  summaryOf(round: number, time: string): string
  summaryChanged: string
  suggested: string
  created: string
  summarised: string
  noSuggestion: string
  fromIndicators: string
  candidates: Record<'block' | 'isolate' | 'accounts' | 'hunt' | 'patch', (values: string) => string>
  practice: string
  practiceSteps: string[]
  impactNamed: string
  noSentences: string
  noTimes: string
  noIndicators: string
  check: string
  command: Record<
    | 'happened'
    | 'known'
    | 'open'
    | 'changes'
    | 'messages'
    | 'nothing'
    | 'situation'
    | 'done'
    | 'watch'
    | 'unknown'
    | 'summary'
    | 'impact'
    | 'timeline'
    | 'cause'
    | 'well'
    | 'badly'
    | 'actions'
    | 'asWritten'
    | 'notKnown'
    | 'notKnownOwner'
    | 'candidates'
    | 'time'
    | 'what'
    | 'source'
    | 'action'
    | 'owner'
    | 'changed'
    | 'summarized',
    string
  > & { earlier(count: number): string; earlierEntries(count: number): string }
  gaps: Record<'summary' | 'suggestion' | 'indicators' | 'hosts' | 'times', string>
}

export const EN: OfflineMessages = {
  notice:
    '**No language model is configured.** The built-in offline analyst put this together from the event’s own record: it finds, sorts and quotes, but it does not reason. To connect a model, set `LLM_BASE_URL` (and `LLM_MODEL`).',
  chosen:
    '**This is the built-in offline analyst**, not a language model: it finds, sorts and quotes from the event’s own record, but it does not reason.',
  noAnswer: (tried) =>
    `**No language model could answer just now** (${tried}). The built-in offline analyst put this together from the event’s own record instead: it finds, sorts and quotes, but it does not reason. Ask again later for a model’s answer.`,
  failureReasons: {
    llm_timeout: 'took too long',
    llm_unreachable: 'can’t be reached',
    llm_rate_limited: 'has too many requests',
    llm_unavailable: 'not available',
    llm_rejected: 'refused the question',
    llm_unauthorized: 'doesn’t accept our access',
    llm_stream_cut: 'broke off',
    llm_empty_answer: 'gave an empty answer',
    llm_repeating: 'repeated itself',
    budget_exceeded: 'no budget left',
    worker_lost: 'interrupted',
    forbidden: 'not allowed',
    tlp_forbids_model: 'not allowed by TLP:RED',
    internal: 'failed',
  },
  titles: {
    containment: 'What to contain first',
    impact: 'What is affected, as far as recorded',
    timeline: 'Timeline, as far as recorded',
    indicators: 'Indicators in the record',
    cause: 'How it may have begun, as far as recorded',
    next: 'What to do next',
    found: 'What the record says about your question',
    quoted: 'What you asked about',
    summary: 'Latest summary',
    event: 'The event',
    gaps: 'What the record does not say',
  },
  sources: { summary: 'summary', suggestion: 'suggestion', report: 'report', context: 'context' },
  kinds: {
    url: 'URL',
    email: 'Mail address',
    hash: 'Hash',
    cve: 'Vulnerability',
    attack: 'ATT&CK id',
    ipv6: 'IPv6 address',
    ipv4: 'IPv4 address',
    path: 'File or key',
    domain: 'Domain',
    account: 'Account',
    host: 'Host',
  },
  severity: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  status: EVENT_STATES.en,
  internal: 'internal',
  kind: 'Kind',
  values: 'Found',
  describeEvent: ({ severity, status, source, created }) =>
    `Severity **${severity}** · status ${status} · source ${source} · opened ${created}`,
  reported: 'Reported:',
  context: 'Context:',
  summaryOf: (round, time) => `Round ${round}, ${time}:`,
  summaryChanged: 'The summary has changed since your previous question in this session.',
  suggested: 'Suggested by the agents:',
  created: 'The event was opened.',
  summarised: 'The latest summary was written.',
  noSuggestion: 'The record holds no suggestion yet.',
  fromIndicators: 'Candidates from the indicators (check each before you act: the record may name harmless ones too):',
  candidates: {
    block: (values) => `Block, and search proxy, DNS and firewall logs for: ${values}`,
    isolate: (values) => `Decide which of these to isolate, and secure volatile evidence before: ${values}`,
    accounts: (values) => `Disable or reset, and end the sessions of: ${values}`,
    hunt: (values) => `Search on all endpoints for: ${values}`,
    patch: (values) => `Check what is exposed to, and patch: ${values}`,
  },
  practice: 'General practice, where the record says nothing else:',
  practiceSteps: [
    'Secure volatile evidence (memory, connections, running processes) before anything is switched off.',
    'Cut the affected hosts off the network, rather than power.',
    'Block the attacker’s addresses and domains, and watch for new ones.',
    'Reset the credentials that were used there, and end their sessions.',
  ],
  impactNamed: 'Named in the record:',
  noSentences: 'The record says nothing about it that the offline analyst could find.',
  noTimes: 'Apart from these, the record holds no times.',
  noIndicators: 'The offline analyst found no indicators in the record.',
  check: 'These may be the attacker’s, your own, or harmless: the record names them, no more.',
  command: {
    happened: 'What happened',
    known: 'What is known',
    open: 'What is open',
    changes: 'Changes of the event',
    messages: 'Messages of people',
    nothing: 'Since you last read nothing was recorded: no summary, no change of the event, no message of people.',
    situation: 'Situation',
    done: 'Done and in progress, as far as recorded',
    watch: 'Watch',
    unknown: 'Not known',
    earlier: (count) => `(${count} earlier messages are not shown.)`,
    earlierEntries: (count) => `${count} earlier entries are not shown.`,
    summary: 'Summary',
    impact: 'Impact',
    timeline: 'Timeline (UTC), as recorded',
    cause: 'Cause, as far as recorded',
    well: 'What went well',
    badly: 'What went badly',
    actions: 'Actions',
    asWritten: 'Times in the texts, as they are written',
    notKnown: 'Not known: the record says nothing about it that the offline analyst could find.',
    notKnownOwner: 'Not known',
    candidates: 'These messages may belong here; the people who review the draft decide',
    time: 'Recorded (UTC)',
    what: 'What happened',
    source: 'Source',
    action: 'Action',
    owner: 'Owner',
    changed: 'Change',
    summarized: 'Summary',
  },
  gaps: {
    summary: 'There is no summary of this event yet; agents add one with each round.',
    suggestion: 'The latest summary comes without a suggestion.',
    indicators: 'It names no address, domain, hash or file to search for.',
    hosts: 'It names no affected host or internal address.',
    times: 'It says nothing of when things happened, apart from when the event was opened.',
  },
}

export const ZH: OfflineMessages = {
  notice:
    '**尚未配置语言模型。** 本回答由内置的离线分析员根据事件自身的记录整理而成：它只检索、归类和引用，不做推理。要接入模型，请设置 `LLM_BASE_URL`（以及 `LLM_MODEL`）。',
  chosen: '**这是内置的离线分析员**，不是语言模型：它只根据事件自身的记录检索、归类和引用，不做推理。',
  noAnswer: (tried) =>
    `**目前没有语言模型能够回答**（${tried}）。本回答改由内置的离线分析员根据事件自身的记录整理而成：它只检索、归类和引用，不做推理。稍后可再次提问以获得模型的回答。`,
  failureReasons: {
    llm_timeout: '响应超时',
    llm_unreachable: '无法连接',
    llm_rate_limited: '请求过多',
    llm_unavailable: '不可用',
    llm_rejected: '拒绝了该问题',
    llm_unauthorized: '不接受本系统的访问凭据',
    llm_stream_cut: '回答中断',
    llm_empty_answer: '回答为空',
    llm_repeating: '不断重复',
    budget_exceeded: '预算不足',
    worker_lost: '被中断',
    forbidden: '无权限',
    tlp_forbids_model: 'TLP:RED 不允许',
    internal: '出错',
  },
  titles: {
    containment: '首先遏制什么',
    impact: '影响范围（按现有记录）',
    timeline: '时间线（按现有记录）',
    indicators: '记录中的指标',
    cause: '可能的起因（按现有记录）',
    next: '下一步做什么',
    found: '记录中与您的问题有关的内容',
    quoted: '您所问的内容',
    summary: '最新总结',
    event: '事件概况',
    gaps: '记录中没有的信息',
  },
  sources: { summary: '总结', suggestion: '建议', report: '上报内容', context: '上下文' },
  kinds: {
    url: 'URL',
    email: '邮箱',
    hash: '哈希',
    cve: '漏洞',
    attack: 'ATT&CK 编号',
    ipv6: 'IPv6 地址',
    ipv4: 'IPv4 地址',
    path: '文件或注册表项',
    domain: '域名',
    account: '账号',
    host: '主机',
  },
  severity: { low: '低', medium: '中', high: '高', critical: '严重' },
  status: EVENT_STATES.zh,
  internal: '内部',
  kind: '类型',
  values: '内容',
  describeEvent: ({ severity, status, source, created }) =>
    `级别 **${severity}** · 状态 ${status} · 来源 ${source} · 创建于 ${created}`,
  reported: '上报内容：',
  context: '上下文：',
  summaryOf: (round, time) => `第 ${round} 轮，${time}：`,
  summaryChanged: '自您在本会话中的上一个问题以来，总结已更新。',
  suggested: '智能体给出的建议：',
  created: '事件创建。',
  summarised: '写入最新总结。',
  noSuggestion: '记录中还没有处置建议。',
  fromIndicators: '由指标得出的候选动作（执行前请逐一核实：记录中也可能提到无害的对象）：',
  candidates: {
    block: (values) => `封禁，并在代理、DNS 和防火墙日志中检索：${values}`,
    isolate: (values) => `判断其中哪些需要隔离，隔离前先固定易失证据：${values}`,
    accounts: (values) => `禁用或重置，并终止其会话：${values}`,
    hunt: (values) => `在所有终端上检索：${values}`,
    patch: (values) => `核查暴露面并修补：${values}`,
  },
  practice: '通用做法（记录没有另行说明时）：',
  practiceSteps: [
    '在关机之前先固定易失证据（内存、网络连接、运行中的进程）。',
    '让受影响主机断网，而不是断电。',
    '封禁攻击者的地址和域名，并持续关注新出现的地址。',
    '重置在这些主机上用过的凭据，并终止其会话。',
  ],
  impactNamed: '记录中提到：',
  noSentences: '离线分析员在记录中没有找到与此有关的内容。',
  noTimes: '除此之外，记录中没有时间信息。',
  noIndicators: '离线分析员没有在记录中找到指标。',
  check: '它们可能属于攻击者、属于自己人，也可能无害：记录只是提到了它们。',
  command: {
    happened: '发生了什么',
    known: '已知情况',
    open: '未决问题',
    changes: '事件变更',
    messages: '人员消息',
    nothing: '自您上次阅读以来没有新的记录：没有新的总结、事件变更或人员消息。',
    situation: '现状',
    done: '已完成与进行中（按现有记录）',
    watch: '需关注',
    unknown: '未知',
    earlier: (count) => `（另有 ${count} 条更早的消息未显示。）`,
    earlierEntries: (count) => `另有 ${count} 条更早的记录未显示。`,
    summary: '总结',
    impact: '影响',
    timeline: '时间线（UTC，按现有记录）',
    cause: '原因（按现有记录）',
    well: '做得好的',
    badly: '做得不好的',
    actions: '改进措施',
    asWritten: '文中提到的时间（按原文）',
    notKnown: '未知：离线分析员在记录中没有找到与此有关的内容。',
    notKnownOwner: '未知',
    candidates: '以下消息可能与此有关，由审阅草稿的人判断',
    time: '记录时间（UTC）',
    what: '发生了什么',
    source: '来源',
    action: '措施',
    owner: '负责人',
    changed: '变更',
    summarized: '总结',
  },
  gaps: {
    summary: '该事件还没有总结；智能体会在每一轮写入总结。',
    suggestion: '最新总结没有附带建议。',
    indicators: '没有可供检索的地址、域名、哈希或文件。',
    hosts: '没有提到受影响的主机或内网地址。',
    times: '除事件创建时间外，没有说明各步骤发生的时间。',
  },
}
