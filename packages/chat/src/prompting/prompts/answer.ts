import type { PromptTemplate } from './prompt-template.ts'

export const ANSWER: PromptTemplate = {
  name: 'answer',
  version: 5,
  task: {
    en: 'Answer the last question in its own language, to the point: first the answer, then what it rests on.',
    zh: '用提问所用的语言回答最后一个问题，直截了当：先给出答案，再给出依据。',
  },
}
