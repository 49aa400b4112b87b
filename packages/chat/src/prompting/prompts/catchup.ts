import type { PromptTemplate } from './prompt-template.ts'

export const CATCHUP: PromptTemplate = {
  name: 'catchup',
  version: 3,
  task: {
    en: 'The engineer was away. Tell what changed since they last read: summaries (sum), changes of the event (chg), pins (pin) and messages of people (msg) are those from after that; the event itself (ev) is told for understanding. Begin with what they must know or do now, then the rest by time. When little or nothing changed, say so in a sentence.',
    zh: '该工程师刚才不在。请说明自其上次阅读以来的变化：总结（sum）、事件变更（chg）、固定为证据的消息（pin）和人员消息（msg）都是此后的内容；事件本身（ev）仅供理解。先写现在必须知道或处理的，再按时间列出其余内容。若几乎没有变化，用一句话说明。',
  },
  request: { en: 'What changed since I last read?', zh: '自我上次阅读以来有什么变化？' },
}
