import type { DemoEvent } from './seed-event.ts'
import { createAgentStepFactory, createPersonStep, createSummaryStep, toOneLine } from './steps.ts'

// All addresses and names are reserved for documentation or private networks. None of them belongs to a real system.

const postInRound1 = createAgentStepFactory(1)
const postInRound2 = createAgentStepFactory(2)
const postInRound3 = createAgentStepFactory(3)

const SUMMARY_OF_ROUND_1 =
  toOneLine(`A mail from billing@invoice-portal.example (sent from 203.0.113.77) with the attachment Invoice_4471.html reached 14 mailboxes in Finance.
One recipient, m.keller on FIN-WS-042 (10.20.0.42), opened it and ran update.js. Since 09:12 UTC FIN-WS-042 calls
https://cdn-update.example (198.51.100.23:443) every 60 seconds, with 10% jitter: a command-and-control beacon. The dropped loader is
C:\\ProgramData\\svc\\updater.dll, SHA-256 9f2c4e71d0b35a86c1e7f4920ad6b8835e0c91f7a4d2683bb57fe0119c8d3a60.`)

const SUMMARY_OF_ROUND_2 =
  toOneLine(`From FIN-WS-042 the account m.keller was used against WEB-INT-03 (10.20.0.83): at 10:04 UTC the file /uploads/.thumbs.php appeared there, a web shell
that has been called 37 times from 10.20.0.42. At 10:21 UTC the service account svc-backup logged on to FS-01 (10.20.0.10) from WEB-INT-03, which it
never did before; three further logons to DC-02 (10.20.0.5) failed. The beacon to 198.51.100.23 (cdn-update.example) goes on.`)

const SUMMARY_OF_ROUND_3 =
  toOneLine(`On FS-01 (10.20.0.10) svc-backup packed 4.2 GB of \\\\FS-01\\finance into D:\\Temp\\~wd\\a1.7z and a2.7z between 10:33 and 10:51 UTC. They are staged
and, by the proxy and NetFlow, not yet sent: 38 MB in all went to 198.51.100.23, which fits the beacon and its tools. Still active at 11:05 UTC: the beacon on
FIN-WS-042 (10.20.0.42), the web shell on WEB-INT-03 (10.20.0.83), the session of svc-backup on FS-01. DC-02 shows no successful logon.`)

export const BEACON: DemoEvent = {
  event: {
    event_id: 'demo-phishing-beacon',
    event_name: 'Phishing mail in Finance, C2 beacon, data staged on FS-01',
    message:
      toOneLine(`EDR alert on FIN-WS-042 (10.20.0.42): mshta.exe started wscript.exe with update.js from Invoice_4471.html; since then regular HTTPS
connections to 198.51.100.23 (cdn-update.example). User: m.keller, Finance.`),
    context:
      toOneLine(`FIN-WS-042 is a Finance workstation (Windows 11, EDR in detect-only mode). FS-01 (10.20.0.10) is Finance's file server, backed up nightly at 01:00 UTC; WEB-INT-03
(10.20.0.83) hosts the intranet. Month-end closing runs until 18:00 UTC: Finance needs FS-01 readable until then. svc-backup is used by the backup job alone.`),
    severity: 'critical',
    source: 'EDR',
  },
  status: 'processing',
  steps: [
    postInRound1(
      '_captain',
      'system_notification',
      'Event taken up. Round 1: what came in, who ran it, and is it still active?',
    ),
    postInRound1('_captain', 'llm_response', {
      content:
        '**Tasks of round 1**\n1. Find every mailbox that got the mail.\n2. Find out what ran on FIN-WS-042.\n3. Find other hosts that talk to 198.51.100.23.',
      tasks: ['mail_trace', 'endpoint_timeline', 'network_search'],
    }),
    postInRound1(
      '_manager',
      'manager_llm_request',
      'Split the three tasks into actions that the operator can carry out with mail gateway, EDR and proxy.',
    ),
    postInRound1('_operator', 'command_result', {
      content:
        'Mail gateway: 14 deliveries of **Invoice_4471.html** from billing@invoice-portal.example (203.0.113.77), 1 opened (m.keller), 0 reported.',
      command: 'mail.search --sender billing@invoice-portal.example --since 24h',
      status: 'completed',
    }),
    postInRound1('_executor', 'command_result', {
      content:
        'EDR, FIN-WS-042: `mshta.exe` → `wscript.exe update.js` → `rundll32.exe C:\\ProgramData\\svc\\updater.dll,Run`. Persistence: scheduled task *SvcUpdate*.',
      command: 'edr.timeline --host FIN-WS-042 --from 09:00',
      status: 'completed',
    }),
    postInRound1('_executor', 'command_result', {
      content:
        'Proxy: 198.51.100.23:443 (cdn-update.example) is called by **FIN-WS-042 only**, every 60 s ± 10%, 1 to 3 KB each.',
      command: 'proxy.search --dest 198.51.100.23 --since 24h',
      status: 'completed',
    }),
    postInRound1(
      '_expert',
      'execution_summary_generated',
      'All three actions are done. The delivery is understood; the beacon is active on one host.',
    ),
    postInRound1('_expert', 'event_summary_generated', SUMMARY_OF_ROUND_1),
    createSummaryStep(
      1,
      SUMMARY_OF_ROUND_1,
      '1. Isolate FIN-WS-042 (10.20.0.42) by EDR.\n2. Block 198.51.100.23 and cdn-update.example at proxy and firewall.\n3. Purge the mail from the other 13 mailboxes.',
    ),
    createPersonStep(
      'alice',
      'FIN-WS-042 is in the middle of month-end closing. I am calling m.keller before we isolate it.',
    ),
    postInRound1('_captain', 'event_next_round_initiated', 'Round 2: did anybody move on from FIN-WS-042?'),
    postInRound2(
      '_captain',
      'llm_response',
      '**Tasks of round 2**\n1. Logons that began on FIN-WS-042.\n2. New files on internal web servers.\n3. Unusual use of service accounts.',
    ),
    postInRound2(
      '_operator',
      'operator_llm_response',
      'Three searches prepared: domain controller logons, file integrity on WEB-INT-*, and the baseline of svc-* accounts.',
    ),
    postInRound2('_executor', 'command_result', {
      content:
        'WEB-INT-03: **/uploads/.thumbs.php** (1,912 bytes) written at 10:04 UTC with m.keller’s session; 37 POST requests since, all from 10.20.0.42. It evaluates its request body: a web shell.',
      command: 'fim.diff --host WEB-INT-03 --since 09:00',
      status: 'completed',
    }),
    postInRound2('_executor', 'command_result', {
      content:
        '| time (UTC) | account | from | to | result |\n|---|---|---|---|---|\n| 10:21 | svc-backup | WEB-INT-03 | FS-01 | success |\n| 10:24 | svc-backup | WEB-INT-03 | DC-02 | failure |\n| 10:24 | svc-backup | WEB-INT-03 | DC-02 | failure |\n| 10:26 | svc-backup | WEB-INT-03 | DC-02 | failure |',
      command: 'siem.logons --account svc-* --since 09:00',
      status: 'completed',
    }),
    postInRound2(
      '_executor',
      'error_command',
      'memory.capture --host WEB-INT-03: no agent on this host. To be done by hand before it is switched off.',
    ),
    postInRound2(
      '_expert',
      'execution_summary_generated',
      'Two of three actions are done, one failed. The attacker has moved from FIN-WS-042 over WEB-INT-03 to FS-01.',
    ),
    postInRound2('_expert', 'event_summary_generated', SUMMARY_OF_ROUND_2),
    createSummaryStep(
      2,
      SUMMARY_OF_ROUND_2,
      '1. Isolate FIN-WS-042 (10.20.0.42) now.\n2. Disable svc-backup and end its sessions; tonight’s backup needs another account.\n3. Take WEB-INT-03 (10.20.0.83) off the network after a memory capture; keep /uploads/.thumbs.php as evidence.',
    ),
    createPersonStep('bob', '已联系备份管理员：svc-backup 可以立即停用，今晚的备份改用临时账号。'),
    postInRound2(
      '_captain',
      'event_next_round_initiated',
      'Round 3: what was touched on FS-01, and did anything leave?',
    ),
    postInRound3(
      '_captain',
      'llm_response',
      '**Tasks of round 3**\n1. What svc-backup did on FS-01.\n2. Outgoing volume of the three hosts.\n3. State of DC-02.',
    ),
    postInRound3('_executor', 'command_result', {
      content:
        'FS-01: `7z.exe` run by svc-backup, **D:\\Temp\\~wd\\a1.7z** (2.9 GB) and **a2.7z** (1.3 GB), encrypted names, from \\\\FS-01\\finance\\closing and \\payroll.',
      command: 'edr.timeline --host FS-01 --account svc-backup',
      status: 'completed',
    }),
    postInRound3('_executor', 'command_result', {
      content:
        'NetFlow: 38 MB from FIN-WS-042 to 198.51.100.23 since 09:12 UTC; nothing from FS-01 or WEB-INT-03 to the outside. **No sign that the archives were sent.**',
      command: 'netflow.sum --src 10.20.0.42,10.20.0.10,10.20.0.83 --external',
      status: 'completed',
    }),
    postInRound3(
      '_executor',
      'command_result',
      'DC-02: no successful logon of svc-backup, no new accounts, no change of privileged groups.',
    ),
    postInRound3(
      '_expert',
      'execution_summary_generated',
      'All actions are done. Data is staged, not sent; there is time to contain, but not much.',
    ),
    postInRound3('_expert', 'event_summary_generated', SUMMARY_OF_ROUND_3),
    createSummaryStep(
      3,
      SUMMARY_OF_ROUND_3,
      '1. Block 198.51.100.23 and cdn-update.example at the firewall first: it stops the way out without disturbing Finance’s work.\n2. Disable svc-backup and end its session on FS-01 (10.20.0.10); keep FS-01 readable for the closing.\n3. Isolate FIN-WS-042 (10.20.0.42) by EDR, then WEB-INT-03 (10.20.0.83) after a memory capture.\n4. Keep a1.7z, a2.7z, updater.dll and .thumbs.php as evidence; reset m.keller’s password and end all sessions.',
    ),
    postInRound3('_captain', 'system_notification', 'Containment waits for a human decision. 遏制措施等待人工确认。'),
    createPersonStep(
      'alice',
      'I have the change approval for the firewall block. What do we contain first, and what may wait until closing is done at 18:00?',
    ),
  ],
}
