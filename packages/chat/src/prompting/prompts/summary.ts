import type { PromptTemplate } from './prompt-template.ts'

export const SUMMARY: PromptTemplate = {
  name: 'summary',
  version: 3,
  task: {
    en: 'Sum up the incident in three parts, each a short list: **What happened** (with times), **What is known** (scope, accounts, hosts, indicators; what is certain and what is supposed), **What is open** (questions, and what would answer them). Leave out what nobody needs in order to act.',
    zh: '分三部分总结该事件，每部分为简短列表：**发生了什么**（附时间）、**已知情况**（范围、账号、主机、指标；区分确定的与推测的）、**未决问题**（以及怎样查清）。省略对行动无用的内容。',
  },
  request: { en: 'Sum up the incident.', zh: '请总结该事件。' },
}
