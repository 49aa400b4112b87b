import type { EventStatus } from './events.ts'

/**
 * Holds the names that readers of the page, of exports and of the offline analyst's answers see for each status of an
 * event. `round_finished` refers to a round of the agents' work.
 */
export const EVENT_STATUS_NAMES: Record<'en' | 'zh', Record<EventStatus, string>> = {
  en: {
    pending: 'Pending',
    processing: 'Processing',
    tasks_completed: 'Tasks completed',
    to_be_summarized: 'To be summarised',
    summarized: 'Summarised',
    summary_failed: 'Summary failed',
    round_finished: 'Round finished',
    failed: 'Failed',
    completed: 'Completed',
    resolved: 'Resolved',
    closed: 'Closed',
  },
  zh: {
    pending: '待处理',
    processing: '处理中',
    tasks_completed: '任务已完成',
    to_be_summarized: '待总结',
    summarized: '已总结',
    summary_failed: '总结失败',
    round_finished: '本轮结束',
    failed: '失败',
    completed: '已完成',
    resolved: '已解决',
    closed: '已关闭',
  },
}
