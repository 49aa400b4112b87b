import { type DocumentKind, EVENT_STATUS_NAMES, type EventStatus, type Severity } from '@engineer-chat/protocol'

export type ExportLanguage = 'en' | 'zh'

/**
 * Holds the texts that the product writes into an export in Markdown. A function puts values into its text: `by` and
 * `author` are names, and each `at` is a time as ISO 8601 in UTC.
 */
export interface ExportTexts {
  about: string
  event: string
  severityNames: Record<Severity, string>
  severityLabel: string
  statusNames: Record<EventStatus, string>
  statusLabel: string
  eventSource: string
  opened: string
  /** `seq` is the sequence number of the room up to which the export reads. */
  exported: (at: string, by: string, seq: number) => string
  privateChatsNote: string
  noPrivateChatsNote: string
  timesAndNumbers: string
  reportHeading: string
  context: string
  /** `round` is a round of the agents' work, not of a session. */
  summary: (round: number, at: string) => string
  suggestion: string
  pinsHeading: string
  noPins: string
  pinned: (by: string, at: string) => string
  messages: string
  messageLeftOut: string
  documents: string
  noDocuments: string
  documentTexts: string
  documentLeftOut: string
  documentKindNames: Record<DocumentKind, string>
  documentVersion: (version: number) => string
  writtenBy: (by: string, at: string) => string
  writtenByProduct: (at: string) => string
  assistant: string
  assistantFailure: string
  agent: string
  /** Marks a message as a question to the AI. */
  asks: string
  unfinishedReply: string
  brokenOffReply: string
  privateChat: string
  sharedChat: string
  hashLine: string
  /** Holds the names of the event's fields for `fieldRewritten` and `fieldChanged`. */
  fieldNames: Record<string, string>
  accessNames: Record<string, string>
  quoteHeading: (author: string, at: string) => string
  fieldRewritten: (field: string) => string
  fieldChanged: (field: string, from: string, to: string) => string
}

const en: ExportTexts = {
  about: 'About the event',
  event: 'Event',
  severityNames: { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' },
  severityLabel: 'Severity',
  statusNames: EVENT_STATUS_NAMES.en,
  statusLabel: 'Status',
  eventSource: 'Source',
  opened: 'Opened',
  exported: (at, by, seq) => `Exported ${at} by ${by}, as of the room’s number ${seq}.`,
  privateChatsNote: 'It holds private chats of the exporter: others don’t see them.',
  noPrivateChatsNote: 'It holds what everybody in the room sees, and no private chats.',
  timesAndNumbers:
    'All times are UTC. Numbers are places in the room; where one is missing, something changed or isn’t the reader’s.',
  reportHeading: 'What was reported',
  context: 'Context',
  summary: (round, at) => `Summary (round ${round}, ${at})`,
  suggestion: 'Suggestion',
  pinsHeading: 'Evidence',
  noPins: 'Nothing is pinned.',
  pinned: (by, at) => `pinned by ${by}, ${at}`,
  messages: 'Messages',
  messageLeftOut: 'Left out: its label has become stricter than that of this file.',
  documents: 'Documents',
  noDocuments: 'The event has no documents.',
  documentTexts: 'Texts of the documents',
  documentLeftOut: 'Left out: its label has become stricter than that of this file.',
  documentKindNames: {
    runbook: 'Runbook',
    note: 'Note',
    postmortem: 'Postmortem',
    timeline: 'Timeline',
    handover: 'Handover',
  },
  documentVersion: (version) => `version ${version}`,
  writtenBy: (by, at) => `by ${by}, ${at}`,
  writtenByProduct: (at) => `written by the product, ${at}`,
  assistant: 'Assistant (AI)',
  assistantFailure: 'Assistant (failure)',
  agent: 'agent',
  asks: 'asks the AI',
  unfinishedReply: 'The answer was still being written.',
  brokenOffReply: 'The answer broke off. This part had been written; it is no answer:',
  privateChat: 'private',
  sharedChat: 'shared with the people in the room',
  hashLine: 'SHA-256 of every byte above this line',
  fieldNames: {
    event_name: 'Name',
    severity: 'Severity',
    event_status: 'Status',
    tlp: 'TLP',
    access: 'Access',
    message: 'The report',
    context: 'The context',
  },
  accessNames: { open: 'every engineer', restricted: 'members only' },
  quoteHeading: (author, at) => `Quotes ${author}, ${at}:`,
  fieldRewritten: (field) => `${field} was rewritten.`,
  fieldChanged: (field, from, to) => `${field}: ${from} → ${to}`,
}

const zh: ExportTexts = {
  about: '事件信息',
  event: '事件',
  severityNames: { low: '低', medium: '中', high: '高', critical: '严重' },
  severityLabel: '严重程度',
  statusNames: EVENT_STATUS_NAMES.zh,
  statusLabel: '状态',
  eventSource: '来源',
  opened: '创建时间',
  exported: (at, by, seq) => `由 ${by} 于 ${at} 导出，房间序号 ${seq}。`,
  privateChatsNote: '包含导出者本人的私有对话，其他人看不到。',
  noPrivateChatsNote: '只包含房间内所有人可见的内容，不含私有对话。',
  timesAndNumbers: '所有时间均为 UTC。编号是消息在房间中的位置；缺少的编号表示某处有变更，或该内容对读者不可见。',
  reportHeading: '上报内容',
  context: '背景',
  summary: (round, at) => `总结（第 ${round} 轮，${at}）`,
  suggestion: '建议',
  pinsHeading: '证据',
  noPins: '没有固定的消息。',
  pinned: (by, at) => `由 ${by} 于 ${at} 固定`,
  messages: '消息',
  messageLeftOut: '未包含内容：该消息的标签已严于本文件的标签。',
  documents: '文档',
  noDocuments: '该事件没有文档。',
  documentTexts: '文档正文',
  documentLeftOut: '未包含正文：该文档的标签已严于本文件的标签。',
  documentKindNames: { runbook: '运行手册', note: '笔记', postmortem: '复盘', timeline: '时间线', handover: '交接' },
  documentVersion: (version) => `版本 ${version}`,
  writtenBy: (by, at) => `由 ${by} 于 ${at} 撰写`,
  writtenByProduct: (at) => `由系统于 ${at} 撰写`,
  assistant: '助手（AI）',
  assistantFailure: '助手（失败）',
  agent: '智能体',
  asks: '向 AI 提问',
  unfinishedReply: '导出时回答尚未写完。',
  brokenOffReply: '回答中断。以下内容此前已写出，不构成回答：',
  privateChat: '私有',
  sharedChat: '已分享给房间内的人员',
  hashLine: '此行以上所有字节的 SHA-256',
  fieldNames: {
    event_name: '名称',
    severity: '严重程度',
    event_status: '状态',
    tlp: 'TLP',
    access: '访问范围',
    message: '上报内容',
    context: '背景',
  },
  accessNames: { open: '所有工程师', restricted: '仅成员' },
  quoteHeading: (author, at) => `引用 ${author}，${at}：`,
  fieldRewritten: (field) => `${field}已改写。`,
  fieldChanged: (field, from, to) => `${field}：${from} → ${to}`,
}

export const EXPORT_TEXTS: Record<ExportLanguage, ExportTexts> = { en, zh }
