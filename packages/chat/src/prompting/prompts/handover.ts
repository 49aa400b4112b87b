import type { PromptTemplate } from './prompt-template.ts'

export const HANDOVER: PromptTemplate = {
  name: 'handover',
  version: 3,
  task: {
    en: 'Write the handover for the next shift, who know nothing of the incident yet: **Situation** in two sentences, **Done** (by whom and when, where that is recorded), **In progress** (and who has it), **Next** (in order of urgency, with the risk of waiting), **Watch** (indicators, hosts and accounts), **Not known**.',
    zh: '为尚不了解该事件的下一班写交接：**现状**（两句话）、**已完成**（有记录的写明人员与时间）、**进行中**（及负责人）、**下一步**（按紧急程度，并说明拖延的风险）、**需关注**（指标、主机、账号）、**未知**。',
  },
  request: { en: 'Write the handover for the next shift.', zh: '请为下一班写交接。' },
}
