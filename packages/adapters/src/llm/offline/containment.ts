/** Finds sentences that say that something was contained. */
const CONTAINED =
  /\b(?:isolated|quarantined|contained|blocked|sinkholed|disabled|deactivated|set to inactive|revoked|disconnected|unplugged|shut down|taken off(?:line)?|(?:been|was|were) reset)\b|已(?:经|被|全部|立即)?(?:隔离|封[禁堵锁]|阻断|拦截|遏制|禁用|停用|吊销|重置|下线|断网|摘除)/i

/** Finds sentences that ask. A question mark within a URL, as in `/a?b=1`, asks nothing. */
const ASKS =
  /？|\?(?=$|[\s"'”’)\]!*_~`…。，]|\p{Script=Han})|是否|吗|么|谁|哪|何时|多久|有无|[能可]否|请(?!求)|(?:^@\S+|^|[:：,，])\s*(?:(?:and|so|or|ok|hey|hi)\s+)?(?:did|do|does|can|could|should|would|will|who|which|what|why|how|whether|when (?:was|were|did|is|are|has|have)|(?:is|are|was|were)(?! \w+ed\b)|ha(?:s|ve|d)(?! \w+ed\b| been\b))(?![\w'’-])/iu

/** Finds sentences that deny a containment, take it back, doubt it or plan it. */
const DENIES =
  /\b(?:not|never|no|none|nobody|nothing|neither|nor|before|until|unless|except|excluding|apart from|other than|if|whether|should|must|will|would|could|might|may (?:be|have)|be|can|cannot|fail(?:s|ing|ure)?|failed(?! (?:log-?ins?|sign-?ins?|attempts?|authentications?|passwords?))|unable|unsure|unclear|unknown|confirm|verify|please|plan(?:s|ned)?|want(?:s|ed)?|needs?|waiting|waits?|released|re-?enabled|reconnected|restored|reverted|rolled back|lifted|(?:un|de|non)-?(?:isolat|block|quarantin|contain)\w*)\b|n['’]t\b|未|没|无法|无需|不(?:确定|清楚|知|能|会|是|要|应|可|必|需)|失败|解除|解封|取消|撤销|恢复|重新启用|等待|如果|若|应该|需要|准备|可以|建议|计划|打算|即将|除了/i

/** Finds clauses that say that something still goes on. */
const GOES_ON = /\b(?:still|again|active|ongoing|online|reachable|beacons|beaconing|keeps|continues)\b|仍|还在|继续|又/i

/** Separates two clauses, because the second one may say the opposite of the first. */
const CONTRAST = /[;；]|\b(?:but|however|yet|while|whereas|although|though)\b|但|不过|然而|而/i

/**
 * Returns the clauses that say that something was contained. A sentence with a question or a denial is left out,
 * because a false assurance costs more than a needless question. A sentence that was cut (`…`) is left out, too: the
 * missing end may ask or deny.
 */
export const listContainedClauses = (sentences: readonly string[]): string[] =>
  sentences
    .filter((text) => CONTAINED.test(text) && !ASKS.test(text) && !DENIES.test(text) && !text.endsWith('…'))
    .flatMap((text) => text.split(CONTRAST))
    .filter((clause) => CONTAINED.test(clause) && !GOES_ON.test(clause))
