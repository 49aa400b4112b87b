/** Is what a reply shows until its answer arrives. */
export const THINKING = {
  message_from: 'ai_assistant',
  message_type: 'thinking',
  sender_type: 'ai',
  message_content: { content: '' },
} as const
