import type { Sms } from '../carrier/carrier.ts';
import type { StartedCloud } from '../client.ts';

/** A step of the demo did not happen. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

/** The parts of the API's answers that the demo reads. */
export interface TicketAnswer {
  number: string;
  support: { open: boolean; reason: string; opensAt: string | null };
  nextStep: { action: string; because: string };
}

export interface PreviewAnswer {
  route: string;
  reason: string;
  promiseDueAt: string;
  wouldPage: { level: number; afterSeconds: number; to: { id: string; name: string }[] }[];
}

export interface EscalationAnswer {
  id: string;
  state: string;
  route: string;
  startedAt: string;
  promise: { dueAt: string; brokenAt: string | null };
  acknowledgedBy: { id: string; name: string } | null;
  acknowledgedAt: string | null;
  contactedAt: string | null;
}

const zone = 'America/New_York';

/** The stage that the demo plays on: a partner's API, the phones, the clock, and a voice that tells. */
export class Stage {
  readonly cloud: StartedCloud;
  private readonly seen = new Set<string>();
  private steps = 0;

  constructor(cloud: StartedCloud) {
    this.cloud = cloud;
  }

  act(title: string): void {
    console.log(`\n${title}\n${'─'.repeat(title.length)}`);
  }

  /** One thing that must be so, and what it looked like. */
  check(what: string, holds: boolean, seen = ''): void {
    if (!holds) throw new DemoFailed(`${what}${seen ? `, but: ${seen}` : ''}`);
    this.steps += 1;
    console.log(`  ✓ ${what}`);
    for (const line of seen.split('\n').filter(Boolean)) console.log(`      ${line}`);
  }

  end(): void {
    console.log(`\nAll ${this.steps} steps happened.\n`);
  }

  async clock(at: string): Promise<void> {
    await this.cloud.clock({ set: at });
    await this.forgetSms();
    console.log(`  ⏱  ${this.local(await this.cloud.now())}`);
  }

  async minutesLater(minutes: number): Promise<void> {
    await this.cloud.clock({ advance: `PT${minutes}M` });
    console.log(`  ⏱  ${minutes} minutes later: ${this.local(await this.cloud.now())}`);
  }

  /** An instant on the desk's own clock. */
  local(at: string | null): string {
    if (at === null) return 'never';
    const options = {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hour12: false,
    } as const;
    return `${new Intl.DateTimeFormat('en-GB', options).format(Date.parse(at))} in New York`;
  }

  /** A request with the partner's key; anything but the expected status ends the demo. */
  async api<T>(method: string, path: string, expected: number, body?: object, key?: string): Promise<T> {
    const response = await fetch(this.cloud.baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${key ?? this.cloud.demo.partnerKey}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expected) {
      throw new DemoFailed(`${method} ${path} answers ${expected}, but: ${response.status} ${text}`);
    }
    return JSON.parse(text) as T;
  }

  openTicket(subject: string): Promise<TicketAnswer> {
    return this.api<TicketAnswer>('POST', '/v1/tickets', 201, {
      subject,
      description: 'Nothing arrives for contoso.example since ten minutes.',
      severity: 'outage',
      requester: { name: 'Pat Lee', email: 'pat@partner.example', phone: '+12025550147' },
    });
  }

  escalate(number: string): Promise<EscalationAnswer> {
    return this.api<EscalationAnswer>('POST', `/v1/tickets/${number}/escalation`, 202, {
      reason: 'mail_not_delivered',
      callback: { name: 'Pat Lee', phone: '+12025550147' },
    });
  }

  escalation(number: string): Promise<EscalationAnswer> {
    return this.api<EscalationAnswer>('GET', `/v1/tickets/${number}/escalation`, 200);
  }

  nameOf(phone: string): string {
    return this.cloud.demo.engineers.find((person) => person.phone === phone)?.name ?? phone;
  }

  phoneOf(index: number): string {
    const engineer = this.cloud.demo.engineers[index];
    if (!engineer) throw new DemoFailed('the demo provider has that many people');
    return engineer.phone;
  }

  /** The SMS since this was last asked. */
  async newSms(): Promise<Sms[]> {
    await this.cloud.settle();
    const fresh = (await this.cloud.sms()).filter((sms) => !this.seen.has(sms.id));
    for (const sms of fresh) this.seen.add(sms.id);
    return fresh;
  }

  show(list: Sms[]): string {
    return list.map((sms) => `${this.nameOf(sms.to)}: ${sms.body}`).join('\n');
  }

  private async forgetSms(): Promise<void> {
    for (const sms of await this.cloud.sms()) this.seen.add(sms.id);
  }
}
