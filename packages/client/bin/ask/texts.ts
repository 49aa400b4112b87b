import type { SendResult } from '@engineer-chat/protocol'

/** Holds the texts that `npm run ask` prints, in the language of the question. */
export interface AskTexts {
  formatHeading(user: string, event: string): string
  restarted: string
  cancelling: string
  cancelled: string
  formatSessionLine(sent: SendResult): string
}

const en: AskTexts = {
  formatHeading: (user, event) => `${user} asks in "${event}":`,
  restarted: '[The attempt was interrupted. The answer starts again:]',
  cancelling: 'Cancelling the reply. Press Ctrl-C again to exit immediately.',
  cancelled: 'Cancelled.',
  formatSessionLine: ({ session_id, round, max_rounds }) =>
    `Session ${session_id}, round ${round} of ${max_rounds}. Ask again to continue it, or add --session=new to start another one.`,
}

const zh: AskTexts = {
  formatHeading: (user, event) => `${user} 在“${event}”中提问：`,
  restarted: '[上一次尝试已中断，回答重新开始：]',
  cancelling: '正在取消回复；再按一次 Ctrl-C 立即退出。',
  cancelled: '已取消。',
  formatSessionLine: ({ session_id, round, max_rounds }) =>
    `会话 ${session_id}，第 ${round} 轮，共 ${max_rounds} 轮。继续提问即可接着聊，或加 --session=new 开始新会话。`,
}

export const chooseTexts = (question: string): AskTexts => (/\p{Script=Han}/u.test(question) ? zh : en)
