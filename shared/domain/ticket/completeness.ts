import type { Ticket } from './ticket.ts';

/** The general checklist that providers ask before a call: what the desk needs to find the fault at once. */
export const generalChecklist = [
  { id: 'error_text', label: 'The exact error message' },
  { id: 'first_noticed', label: 'When it was first noticed' },
  { id: 'expected', label: 'What you expected to happen' },
  { id: 'reproducible', label: 'Whether it can be reproduced, and how' },
  { id: 'affected', label: 'Which users and domains are affected' },
  { id: 'recent_changes', label: 'What was changed lately: mail server, firewall, DNS' },
] as const;

/** How complete a ticket is, 0 to 100, and what would help. Subject and description are half of it. */
export function completeness(ticket: Pick<Ticket, 'answers'>): {
  score: number;
  missing: { field: string; label: string }[];
} {
  const missing = generalChecklist.filter(({ id }) => !ticket.answers[id]?.trim());
  const answered = generalChecklist.length - missing.length;
  return {
    score: Math.round(50 + (50 * answered) / generalChecklist.length),
    missing: missing.map(({ id, label }) => ({ field: id, label })),
  };
}
