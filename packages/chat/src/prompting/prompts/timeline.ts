import type { PromptTemplate } from './prompt-template.ts'

export const TIMELINE: PromptTemplate = {
  name: 'timeline',
  version: 1,
  task: {
    en: 'Write the timeline of the incident as one table with the columns **Time (UTC)**, **What happened** and **Source**, in order of time: what the attacker did, what was noticed, and what was decided and done, by whom where that is recorded. Write times as YYYY-MM-DD HH:MM in UTC. Convert a time only if its zone is stated; else copy it and write that its zone is not known. Keep when a thing happened apart from when it was written down. Each row ends with the citation of its source; a row that you conclude says so. List below the table, under the heading **Not known**, the times and steps that the data do not say. Leave out what is no step of the incident.',
    zh: '把该事件的时间线写成一张表，列为 **时间（UTC）**、**发生了什么**、**来源**，按时间排序：攻击者做了什么、发现了什么、决定并执行了什么（有记录的写明由谁）。时间写作 UTC 的 YYYY-MM-DD HH:MM。只有注明时区的时间才换算；否则照抄，并注明时区未知。区分事情发生的时间与被记录的时间。每一行末尾注明来源的编号；属于推断的行要注明。在表格下方以 **未知** 为标题，列出数据没有说明的时间和步骤。与事件进展无关的内容省略。',
  },
  request: { en: 'Write the timeline of the incident.', zh: '请写该事件的时间线。' },
  citesEachLine: true,
}
