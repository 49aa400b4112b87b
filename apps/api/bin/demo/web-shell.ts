import type { DemoEvent } from './seed-event.ts'
import { createAgentStepFactory, createPersonStep, createSummaryStep, toOneLine } from './steps.ts'

// All addresses and names are reserved for documentation or private networks. None of them belongs to a real system.

const postInRound1 = createAgentStepFactory(1)
const postInRound2 = createAgentStepFactory(2)

const SUMMARY_OF_ROUND_1 =
  toOneLine(`门户服务器 PORTAL-02（10.20.0.61）的 /static/img/ 目录在 02:17 UTC 出现可疑文件 logo_bak.jsp，内容为 WebShell，经由富文本编辑器的上传接口写入。
写入请求来自 203.0.113.150，随后该地址共访问该文件 52 次，执行过 whoami、ipconfig /all 与 net user。SHA-256：4be07c5512f9d8a36e0f7a1c93d2846bb1508fe7c2ad94f06e3915d7b8a2c640。`)

const SUMMARY_OF_ROUND_2 =
  toOneLine(`203.0.113.150 通过 WebShell 在 PORTAL-02（10.20.0.61）下载了 http://files.update-mirror.example/agent64（198.51.100.88），进程 agent64 自 02:41 UTC 起与 198.51.100.88:8443 保持长连接。
对数据库服务器 DB-05（10.20.0.72）的 3 次登录尝试均失败；未发现数据外传。上传接口的漏洞仍可利用，WAF 规则处于仅记录模式。`)

export const WEB_SHELL: DemoEvent = {
  event: {
    event_id: 'demo-web-shell',
    event_name: '门户网站被植入 WebShell，疑似远控外联',
    message:
      'WAF 告警：PORTAL-02（10.20.0.61）的 /editor/upload 接口收到可执行脚本上传，来源 203.0.113.150；随后 /static/img/logo_bak.jsp 被频繁访问。',
    context:
      'PORTAL-02 为对外门户，工作日 09:00–18:00 访问量最高，可由 PORTAL-01 承接流量。DB-05（10.20.0.72）存放会员数据，仅允许门户网段访问。',
    severity: 'high',
    source: 'WAF',
  },
  status: 'round_finished',
  steps: [
    postInRound1('_captain', 'system_notification', '事件已接收，开始第 1 轮研判：确认上传内容、来源与影响范围。'),
    postInRound1(
      '_captain',
      'llm_response',
      '**第 1 轮任务**\n1. 还原上传请求与落地文件。\n2. 梳理 203.0.113.150 的全部访问。\n3. 检查是否有命令执行。',
    ),
    postInRound1('_manager', 'manager_llm_response', {
      content: '已拆分为 3 个动作：WAF 日志检索、文件比对、主机进程审计。',
      actions: 3,
    }),
    postInRound1('_executor', 'command_result', {
      content: 'WAF：203.0.113.150 于 02:17 UTC 上传 **logo_bak.jsp**，规则命中但处于仅记录模式。',
      command: 'waf.search --src 203.0.113.150 --since 24h',
      status: 'completed',
    }),
    postInRound1('_executor', 'command_result', {
      content: '主机审计：Web 进程执行过 `whoami`、`ipconfig /all`、`net user`。',
      command: 'edr.timeline --host PORTAL-02 --from 02:00',
      status: 'completed',
    }),
    postInRound1('_expert', 'execution_summary_generated', '3 个动作全部完成，确认 WebShell 已被使用。'),
    postInRound1('_expert', 'event_summary_generated', SUMMARY_OF_ROUND_1),
    createSummaryStep(
      1,
      SUMMARY_OF_ROUND_1,
      '1. 将 PORTAL-02（10.20.0.61）从负载均衡摘除，由 PORTAL-01 承接。\n2. 在边界封禁 203.0.113.150。\n3. 隔离保存 logo_bak.jsp 作为证据。',
    ),
    postInRound1('_captain', 'event_next_round_initiated', '进入第 2 轮：是否有后续工具、外联与横向移动？'),
    createPersonStep('bob', '已通知门户负责人，摘除 PORTAL-02 需要 10 分钟，等确认。'),
    postInRound2('_executor', 'command_result', {
      content:
        '新进程 **agent64**（下载自 http://files.update-mirror.example/agent64）与 198.51.100.88:8443 保持长连接。',
      command: 'edr.network --host PORTAL-02',
      status: 'completed',
    }),
    postInRound2('_executor', 'command_result', 'DB-05（10.20.0.72）：来自 PORTAL-02 的 3 次登录均失败，无新增账号。'),
    postInRound2('_executor', 'error_command', 'waf.rule --enable upload-exec：当前账号无权限，需人工处理。'),
    postInRound2('_expert', 'execution_summary_generated', '2 个动作完成，1 个失败（权限不足）。'),
    postInRound2('_expert', 'event_summary_generated', SUMMARY_OF_ROUND_2),
    createSummaryStep(
      2,
      SUMMARY_OF_ROUND_2,
      '1. 立即在防火墙封禁 198.51.100.88 与 files.update-mirror.example。\n2. 摘除并隔离 PORTAL-02（10.20.0.61），保留内存镜像。\n3. 将 WAF 上传规则切换为拦截模式，修复 /editor/upload。\n4. 轮换门户访问 DB-05（10.20.0.72）的数据库口令。',
    ),
    createPersonStep('alice', 'I can switch the WAF rule to blocking. Waiting for the go.'),
  ],
}
