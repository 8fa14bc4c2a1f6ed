import type { DeliveryStatus } from '../../contract/words.ts';
import type { Audit } from '../../domain/audit.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimerChange } from '../../domain/timer.ts';
import type { DeliveryChange } from '../../domain/webhook/delivery.ts';
import type { EndpointChange } from '../../domain/webhook/health.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook/webhook.ts';
import type { Recorded } from '../types/idempotency.ts';
import type { Listing } from '../types/listing.ts';

/**
 * A slot among an endpoint's deliveries in flight. `slow` and `full`: it has to stand in line; `busy`: the
 * same delivery is being attempted.
 */
export type Slot = { taken: WebhookEndpoint } | { refused: Refused };
/** Deliveries of one endpoint that came in one batch: whoever is at them is kept by the slowest. */
export interface InFlight {
  batch: string;
  deliveries: readonly string[];
}
export type Refused = 'gone' | 'disabled' | 'slow' | 'full' | 'busy';

/** That an endpoint's line is being worked off, or about to be: there is one such row, or none. */
export interface LineRun {
  endpoint: string;
  partner: string | null;
  /** Rises with every message that was sent for it. */
  turn: number;
  /** Who is at it, and until when that is believed. */
  by: string | null;
  takenUntil: Instant | null;
  /** Whether the endpoint kept all of the last round hanging. */
  hanging: boolean;
}

/** A range of deliveries that are brought back, a page at a time. */
export interface Recovery {
  id: string;
  endpoint: string;
  partner: string | null;
  since: Instant;
  until: Instant;
  statuses: DeliveryStatus[];
  /** The place in the list of deliveries that has been reached. */
  after: string | null;
  turn: number;
}

export interface Endpoints {
  /** False when its owner has as many as there may be. */
  create(endpoint: WebhookEndpoint, audit?: Recorded<WebhookEndpoint>): Promise<boolean>;
  read(owner: string | null, id: string): Promise<WebhookEndpoint | null>;
  list(owner: string | null): Promise<WebhookEndpoint[]>;
  /** Whoever may want an event: the partner's endpoints, if it is one's, and the desk's. Of neither: one read. */
  listening(partner: string | null): Promise<WebhookEndpoint[]>;
  remove(owner: string | null, id: string, audit?: Audit): Promise<boolean>;
  /**
   * Decides on the endpoint as read and writes it on its version with its events and timers, again on a
   * conflict; a decision of null leaves it as it is. null when there is none. Each try has its own time. With an `audit` the
   * desk's log and the Idempotency-Key have it, too.
   */
  change(
    owner: string | null,
    id: string,
    decide: (endpoint: WebhookEndpoint) => EndpointChange | null,
    audit?: Recorded<WebhookEndpoint>,
  ): Promise<WebhookEndpoint | null>;
}

export interface Slots {
  /**
   * For each its slot, or why not: one write where all of them find room, and so does the batch that they came in.
   * What was never given back is free after its time.
   */
  take(owner: string | null, id: string, wanted: InFlight, now: Instant): Promise<Slot[]>;
  /** Gives the slots back, that of the batch with its last; says whether the endpoint turned out to be slow. */
  giveBack(
    endpoint: WebhookEndpoint,
    back: Omit<InFlight, 'batch'> & { batch: string | null },
    slow: boolean,
  ): Promise<void>;
  setSlow(endpoint: WebhookEndpoint, slow: boolean): Promise<void>;
}

export interface Deliveries {
  /**
   * Writes those that do not exist yet, at most 50: as work for the outbox, or into the endpoint's line. May be repeated.
   */
  addDeliveries(deliveries: readonly WebhookDelivery[], at: Instant): Promise<void>;
  /** As that, but for seeing to it that lines are worked off: gives those for which `workOff` is to follow. */
  writeDeliveries(deliveries: readonly WebhookDelivery[]): Promise<readonly WebhookDelivery[]>;
  /** null when unknown, or kept for 30 days. */
  delivery(id: string): Promise<WebhookDelivery | null>;
  /** Those of them that are there and can be read, as `delivery` reads them, in any order. */
  deliveriesBy(ids: readonly string[]): Promise<WebhookDelivery[]>;
  /** On its version, which is raised here; into the line when that is its way. @throws Conflict */
  commitDelivery(change: DeliveryChange, at: Instant): Promise<WebhookDelivery>;
  /** Newest first, a bounded number of rows a call. @throws BadCursor */
  deliveries(filter: {
    endpoint: string;
    status?: DeliveryStatus;
    limit: number;
    cursor?: string;
  }): Promise<Listing<WebhookDelivery>>;
  /** Oldest first, made in the range, both ends in; through an index, page by page. */
  deliveriesBetween(
    range: Pick<Recovery, 'endpoint' | 'since' | 'until' | 'after'>,
    limit: number,
  ): AsyncIterable<WebhookDelivery[]>;
}

export interface Lines {
  /** They stand in the lines of their endpoints, once however often they join; sees to it that somebody works those off. */
  joinLine(deliveries: readonly WebhookDelivery[], at: Instant): Promise<void>;
  /** Sees to it that the lines are worked off in which these stand. */
  workOff(deliveries: readonly WebhookDelivery[], at: Instant): Promise<void>;
  /** The run of this turn is ours; null when it is over, or somebody else's. */
  claimRun(endpoint: string, turn: number, by: string, at: Instant): Promise<LineRun | 'taken' | null>;
  /** First come, first served. */
  firstInLine(endpoint: string, count: number): Promise<{ delivery: string; place: string }[]>;
  leaveLine(endpoint: string, place: string): Promise<void>;
  /** Our run ends: with another turn while somebody stands in line. */
  endRun(run: LineRun, at: Instant): Promise<void>;
  /**
   * The guard of a turn has come due: another turn begins where that one is still open, or where it has ended and
   * yet somebody stands in line.
   */
  runAgain(of: Pick<LineRun, 'endpoint' | 'partner'>, turn: number, at: Instant): Promise<TimerChange[]>;
}

export interface Recoveries {
  createRecovery(recovery: Recovery): Promise<void>;
  recovery(id: string): Promise<Recovery | null>;
  /** On to the next turn. @throws Conflict */
  moveRecovery(recovery: Recovery, after: string): Promise<void>;
  endRecovery(recovery: Recovery): Promise<void>;
}

export interface Webhooks extends Endpoints, Slots, Deliveries, Lines, Recoveries {}
