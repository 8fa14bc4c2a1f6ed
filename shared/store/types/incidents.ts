import type { Incident } from '../../domain/incident/incident.ts';
import type { Listing } from './listing.ts';

/** A ticket of an incident: where it lives. */
export interface IncidentTicket {
  partner: string;
  ticket: string;
}

/** Known outages. They are written with the desk's own log (see `DeskLog.commit`), their tickets with a case's commit. */
export interface Incidents {
  /** Consistent. */
  read(number: string): Promise<Incident | null>;
  /** Newest first, through an index; bounded as lists are. @throws BadCursor */
  list(filter: { state?: Incident['state']; limit: number; cursor?: string }): Promise<Listing<Incident>>;
  /** Those that are open, newest first, through an index. */
  open(limit: number): Promise<Incident[]>;
  /** Its tickets, request by request. */
  tickets(number: string): AsyncIterable<IncidentTicket[]>;
}
