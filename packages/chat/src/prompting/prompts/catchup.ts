import type { Prompt } from './prompt.ts'

export const CATCHUP: Prompt = {
  name: 'catchup',
  version: 2,
  task: {
    en: 'The engineer was away. Tell what changed since they last read: summaries (S), changes of the event (C) and messages of people (M) are those from after that; the event itself (E) is told for understanding. Begin with what they must know or do now, then the rest by time. When little or nothing changed, say so in a sentence.',
    zh: '该工程师刚才不在。请说明自其上次阅读以来的变化：总结（S）、事件变更（C）和人员消息（M）都是此后的内容；事件本身（E）仅供理解。先写现在必须知道或处理的，再按时间列出其余内容。若几乎没有变化，用一句话说明。',
  },
  request: { en: 'What changed since I last read?', zh: '自我上次阅读以来有什么变化？' },
}
