import { parseTicketNumber, ticketNumber } from '../ticket/number.ts';

/** An incident number, `INC-6PC7-PS91`: the random and check symbols of a ticket number behind a name of its own. */
export function incidentNumber(random: Uint8Array): string {
  return ticketNumber(random).replace('ND', 'INC');
}

/** The number that a person wrote, in its one spelling; null when it is none. */
export function parseIncidentNumber(text: string): string | null {
  const [, code] = /^\s*INC(.*)$/i.exec(text) ?? [];
  const parsed = parseTicketNumber(`ND${code ?? ''}`);
  return parsed.ok ? parsed.number.replace('ND', 'INC') : null;
}
