import type { PromptTemplate } from './prompt-template.ts'

export const POSTMORTEM: PromptTemplate = {
  name: 'postmortem',
  version: 1,
  task: {
    en: 'Write the draft of a blameless postmortem, which people will review, with these headings of the third level: **Summary** (three sentences), **Impact** (who and what was affected, for how long), **Timeline (UTC)** (a table with the columns Time (UTC), What happened, Source, in order of time), **Cause** (what is certain apart from what is supposed), **What went well**, **What went badly** (of process and tools, never of a person’s character), **Actions** (a table with the columns Action, Owner, Source; first what prevents it from happening again), **Not known**. Each line and each row ends with the citation of what it rests on. Name an owner only where one is recorded; else write “Not known”. A section of which the data say nothing has the words “Not known” and what would answer it, and no guess. Convert a time to UTC only if its zone is stated.',
    zh: '写一份供人员审阅的、对事不对人的复盘草稿，使用以下三级标题：**总结**（三句话）、**影响**（影响了谁和什么、持续多久）、**时间线（UTC）**（表格，列为 时间（UTC）、发生了什么、来源，按时间排序）、**原因**（区分确定的与推测的）、**做得好的**、**做得不好的**（针对流程和工具，不评价个人）、**改进措施**（表格，列为 措施、负责人、来源；先写能防止再次发生的）、**未知**。每一行（包括表格的行）末尾注明所依据数据的编号。只有记录中写明的才写负责人；否则写“未知”。数据没有提到的部分写“未知”以及怎样查清，不要猜测。只有注明时区的时间才换算为 UTC。',
  },
  request: { en: 'Write the draft of the postmortem.', zh: '请写复盘草稿。' },
  citesEachLine: true,
}
