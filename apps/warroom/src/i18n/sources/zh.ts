import type { SourceCatalog } from './en.ts'

export const sourcesZh: SourceCatalog = {
  sources_line: (kinds) => `依据：${kinds.join('、')}`,
  list: 'AI 得到的内容',
  more: (number) => `另有 ${number} 项`,
  kinds: {
    event: () => '事件',
    summary: (number) => `${number} 份总结`,
    change: (number) => `${number} 项变更`,
    pin: (number) => `${number} 条固定证据`,
    message: (number) => `${number} 条消息`,
    document: (number) => `${number} 份文档`,
    incident: (number) => `${number} 个相似事件`,
    earlier: () => '之前的对话',
    quote: () => '引用',
    other: (number) => `${number} 项其他内容`,
  },
}
