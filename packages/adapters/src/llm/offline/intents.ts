export const INTENTS = [
  'runbooks',
  'containment',
  'impact',
  'timeline',
  'indicators',
  'cause',
  'missing',
  'summary',
  'next',
] as const
export type Intent = (typeof INTENTS)[number]

/** Matches the questions of each intent. A question may match several of them, or none. */
const QUESTION_PATTERNS: Record<Intent, RegExp> = {
  runbooks: /runbook|playbook|\bsops?\b|(?:standard|response) procedure|手册|预案|规程|标准流程|处置流程/i,
  containment:
    /contain|isolat|block|quarantin|stop (?:it|the|this)|mitigat|disable|遏制|隔离|封[禁堵锁]|阻断|拦截|止损|处置(?!手册|预案|流程)|禁用/i,
  impact:
    /impact|affect|scope|blast|damage|how (?:bad|many|far|serious)|spread|exfiltrat|影响|范围|波及|受害|损失|严重|扩散|泄[露漏]/i,
  timeline:
    /timeline|chronolog|when |sequence of events|what happened|history|时间[线轴]|何时|什么时候|经过|先后|发生了什么/i,
  indicators:
    /\biocs?\b|indicator|hash|domain|\bips?\b|address|\burls?\b|observable|which (?:hosts?|machines?|servers?|accounts?|users?|files?)|指标|哈希|域名|地址|情报|特征|哪些(?:主机|服务器|账号|账户|用户|文件)/i,
  cause:
    /cause|how did|initial access|entry|vector|why |vulnerab|\bcve\b|原因|根因|怎么进|如何进|入口|漏洞|为什么|为何|途径/i,
  missing:
    /what.{0,20} missing|unknown|(?:n['’]t|not) (?:we )?know|unclear|open questions?|缺少|还缺|未知|不清楚|不知道/i,
  summary: /summar|overview|tl;?dr|brief me|\bstatus\b|总结|概述|概况|摘要|汇总|现状|进展/i,
  next: /next|what (?:now|should|to do|can)|recommend|suggest|plan|priorit|action|advice|first|下一步|怎么办|建议|接下来|该做|优先|计划|如何应对|首先/i,
}

/** Returns at most two intents of the question, in the order of `INTENTS`, which begins with the most specific ones. */
export function detectIntents(question: string): Intent[] {
  const found = INTENTS.filter((intent) => QUESTION_PATTERNS[intent].test(question))
  // "What should we contain first?" asks for one section, because the section on containment includes the advice.
  return (found.includes('containment') ? found.filter((intent) => intent !== 'next') : found).slice(0, 2)
}

type SentenceIntent = 'containment' | 'impact' | 'cause'

/** Finds the sentences of the record that are about the intent. */
export const SENTENCE_PATTERNS: Record<SentenceIntent, RegExp> = {
  containment:
    /contain|isolat|block|quarantin|disabl|revok|reset|sinkhol|segment|take .*offline|disconnect|隔离|封[禁堵锁]|阻断|拦截|禁用|吊销|重置|下线|断网|遏制/i,
  impact:
    /affect|impact|compromis|encrypt|exfiltrat|infect|lateral|victim|stolen|leak|unavailable|outage|staged|still active|took over|web shell|beacon|影响|受害|失陷|加密|泄[露漏]|外传|感染|横向|被盗|中断|仍在活动|接管|外联|打包/i,
  cause:
    /phish|exploit|vulnerab|CVE-|brute|credential|attachment|macro|initial|unpatched|exposed|public repositor|hard-?coded|misconfigur|password|spray|钓鱼|漏洞|利用|爆破|弱口令|附件|宏|凭[据证]|未打补丁|暴露|写死|硬编码|泄[露漏]源|初始/i,
}
