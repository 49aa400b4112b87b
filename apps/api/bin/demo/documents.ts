import { checkAndSplitContent } from '@engineer-chat/chat/documents'
import type { Stores } from '@engineer-chat/chat/stores'

// These runbooks are written for the two demo events. They name no real system.
const BEACON_RUNBOOK = `# Beacon on a workstation

For an endpoint that calls a command-and-control server at regular intervals after a phishing mail.

## Contain first

1. Isolate the workstation in the EDR. Do not power it off: memory holds the loader's keys.
2. Block the address and the domain at the proxy, the firewall and the DNS resolver, in this order.
3. Disable the user's account, end its sessions and revoke its tokens. Reset the password only after that.

Ask the commander before you isolate a server. A server that other systems depend on is contained at the network instead.

## Preserve evidence

- Take a memory image before anything is cleaned.
- Keep the mail with its headers, the attachment and the dropped file with their SHA-256.
- Export proxy and NetFlow logs of the last 14 days for the address of the beacon.

## Look for more

| question | where |
|---|---|
| Who else received the mail? | mail gateway, by sender and subject |
| Who else calls the address? | proxy and NetFlow |
| Which accounts logged on from the host? | domain controllers, event 4624 and 4648 |

A service account that logs on from a web server for the first time is treated as stolen.

## Staged data

Archives that were packed and not sent yet are moved to the evidence share and not deleted. Watch the upload volume of the host for two hours after
the block: a second channel shows there.

## Back to normal

Reimage the host, restore data from before the first beacon, and keep the block for 90 days.
`

const WEB_SHELL_RUNBOOK = `# WebShell 处置手册

适用于对外 Web 服务器被上传并执行可执行脚本的事件。

## 先遏制

1. 将受影响的服务器从负载均衡摘除，由同组的其他节点承接流量；不要关机，内存中可能有后续工具。
2. 在边界封禁上传来源地址和外联地址，WAF 规则由仅记录改为阻断。
3. 关闭被利用的上传接口，或在反向代理上拒绝该路径。

摘除对外门户之前，先征得事件指挥官和业务负责人的同意。

## 保存证据

- 先做内存镜像，再复制 WebShell 文件、Web 访问日志和上传目录，并记录 SHA-256。
- 证据只读保存，不在原机上打开文件。

## 排查横向移动

| 问题 | 去哪里看 |
|---|---|
| 还有哪些脚本被写入？ | 按修改时间和哈希比对发布包 |
| 执行过哪些命令？ | 主机审计，Web 进程的子进程 |
| 是否访问过数据库？ | 数据库登录日志和网络连接 |

Web 进程启动的下载程序，一律视为远控工具，所连接的地址立即封禁。

## 恢复

修复上传校验，使用干净的镜像重新部署，更换该服务器上出现过的全部口令和密钥，恢复后观察 72 小时。
`

const DEMO_DOCUMENTS = [
  { import_key: 'demo beacon', title: 'Runbook: beacon on a workstation', language: 'en', content: BEACON_RUNBOOK },
  { import_key: 'demo web shell', title: '手册：WebShell 处置', language: 'zh', content: WEB_SHELL_RUNBOOK },
]

/** The demo's runbooks are far below these limits. */
const LIMITS = { maxBytes: 65_536, maxPieces: 100, keptVersions: 50 }

/** Stores the demo's runbooks for everybody. A later start does not undo what people have changed or removed. */
export async function seedDocuments({ documents }: Pick<Stores, 'documents'>): Promise<void> {
  const sharedFields = { kind: 'runbook', tlp: 'amber', access: 'everybody', event_id: null, path: null } as const
  for (const document of DEMO_DOCUMENTS) {
    await documents.importDocument(
      { ...document, ...sharedFields, ...checkAndSplitContent(document.content, LIMITS) },
      LIMITS.keptVersions,
    )
  }
}
